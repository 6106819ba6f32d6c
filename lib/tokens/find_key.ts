import { countBefore } from "../search.ts";
import { fewestChanges } from "../viterbi.ts";
import { classAt, type Key, KEYS, written } from "./key.ts";
import { type KeyEvidence, keyLikelihoods } from "./key_likelihood.ts";
import { type BarPlan, LEAST_SHARE } from "./plan.ts";

/** Hints about the key besides the notes. */
interface KeyHints {
  /** Pitch class of the bass at the end of the piece. */
  readonly lastBass?: number | undefined;
  /** Key signature of the file. */
  readonly signature?: { readonly fifths: number; readonly mode: Key["mode"] } | undefined;
}

/** Effective number of independent half bars: more of them weigh no more than this. */
export const INDEPENDENT = 24;

/**
 * Bonus for the tonic in the bass of the last chord, in nats, and the number of half bars below
 * which it is proportionally less.
 */
const LAST_BASS = 6, SETTLED = 8;

/**
 * Bonus for the keys of the file's own signature, in nats; less for the default that programs
 * write.
 */
const SIGNATURE = 8, USUAL_SIGNATURE = 3;

/** Bonus for the mode stated by the file; major is written for minor keys too. */
const SIGNED_MINOR = 4, SIGNED_MAJOR = 1;

/** Cost of minor keys, in nats, likewise less in short music: two profiles fit more than one. */
const MINOR = 4;

/** Scores of the 24 keys for a piece or a passage as a whole, in nats. */
export function keyScores(stretches: readonly KeyEvidence[], hints: KeyHints = {}): number[] {
  const sounding = stretches.filter(({ classes }) => classes.length > 0);
  const weight = Math.min(1, INDEPENDENT / Math.max(1, sounding.length));
  const sums = new Float64Array(KEYS.length);
  for (const stretch of sounding) {
    const likelihoods = keyLikelihoods(stretch);
    for (let key = 0; key < sums.length; key++) sums[key]! += weight * likelihoods[key]!;
  }
  const minor = MINOR * Math.min(1, sounding.length / SETTLED);
  return KEYS.map((key, index) =>
    sums[index]! + hinted(key, hints, sounding.length) - (key.mode === "minor" ? minor : 0)
  );
}

function hinted(key: Key, { lastBass, signature }: KeyHints, stretches: number): number {
  let sum = lastBass === key.tonic ? LAST_BASS * Math.min(1, stretches / SETTLED) : 0;
  if (signature !== undefined) {
    const { fifths, mode } = signature, isUsual = fifths === 0 && mode === "major";
    const off = Math.abs(written(key, fifths).fifths - fifths);
    // minor keys were once written with one flat fewer (Dorian), major ones with one more
    // (Mixolydian)
    sum += (isUsual ? USUAL_SIGNATURE : SIGNATURE) * Math.max(0, 1 - off / 2);
    if (off === 0 && mode === key.mode) sum += mode === "minor" ? SIGNED_MINOR : SIGNED_MAJOR;
  }
  return sum;
}

/** Cost of a lasting change of key, in nats. */
export const LASTING_CHANGE = 150;

/**
 * Finds the key of music as a whole: of all 24, the one that makes the sounding notes and the bass
 * below them most likely (after Temperley 2007), with the last bass and the file's own signature
 * weighing most. Where the music changes its signature for good, as in a song whose last refrain is
 * a tone higher, it is the key under the file's own signature, else under the one that lasts longest.
 */
export function findKey(stretches: readonly KeyEvidence[], hints: KeyHints = {}): Key {
  const near = hints.signature?.fifths ?? 0;
  const fifths = new Map(KEYS.map((key) => [key, written(key, near).fifths]));
  const signatures = findKeys(stretches, LASTING_CHANGE, hints).map((key) => fifths.get(key)!);
  const counts = Map.groupBy(signatures, (fifths) => fifths);
  const longest = [...counts].reduce((a, b) => b[1].length > a[1].length ? b : a, [0, []])[0];
  const home = near !== 0 && counts.has(near) ? near : longest; // programs write 0 by default
  const scores = keyScores(
    stretches.filter((_, at) => signatures[at] === home),
    { ...hints, lastBass: movedHome(hints.lastBass, signatures.at(-1) ?? home, home) },
  );
  return KEYS[scores.indexOf(Math.max(...scores))]!;
}

/**
 * Pitch class of the last bass, transposed to the signature of the main key where the music ends
 * under another one; unchanged where it is a tonic of the main signature, as in music that ends in
 * the parallel key.
 */
function movedHome(lastBass: number | undefined, last: number, home: number): number | undefined {
  const isTonic = [home, home + 3].some((place) => classAt(place) === lastBass);
  if (lastBass === undefined || last === home || isTonic) return lastBass;
  return (lastBass + classAt(home - last)) % 12;
}

/**
 * Finds the key of each stretch: the likeliest path through all keys, in which every change has a
 * cost, and a change to the parallel or relative key a lower one (Viterbi algorithm, after
 * Temperley 2007).
 * @param change cost of a change, in nats
 */
export function findKeys(
  stretches: readonly KeyEvidence[],
  change: number,
  { lastBass }: Pick<KeyHints, "lastBass"> = {},
): Key[] {
  const sounding = stretches.filter(({ classes }) => classes.length > 0).length;
  const evidence = stretches.map((stretch, at) =>
    at < stretches.length - 1 ? keyLikelihoods(stretch) : keyLikelihoods(stretch)
      .map((one, key) => one + hinted(KEYS[key]!, { lastBass }, sounding))
  );
  const path = fewestChanges(evidence, (before, after) => change * COSTS[before]![after]!);
  return path.map((key) => KEYS[key]!);
}

/** Relative cost of a change that keeps the tonic, or the signature, compared with any other. */
const SAME_TONIC = 0.2, SAME_SIGNATURE = 0.5;

/** Matrix of relative costs of key changes, from each key to each. */
const COSTS = KEYS.map((before) =>
  KEYS.map((after) => {
    if (before === after) return 0;
    const apart = Math.abs(written(before).fifths - written(after).fifths);
    // on paper G♯ minor and A♭ major do not have one tonic
    if (before.tonic === after.tonic && apart === 3) return SAME_TONIC;
    const { fifths } = written(before);
    return written(after, fifths).fifths === fifths ? SAME_SIGNATURE : 1;
  })
);

/**
 * Finds the key of planned bars.
 * @param ends whether the last of them is the end of the piece
 */
export function keyOf(bars: readonly BarPlan[], ends = false): Key {
  const stretches = evidenceOf(bars);
  return findKey(stretches, ends ? { lastBass: lastBassOf(bars) } : {});
}

/** Key evidence in planned bars, two halves per bar. */
export function evidenceOf(bars: readonly BarPlan[]): KeyEvidence[] {
  const evidence: KeyEvidence[] = [];
  for (const { classes = [], bottom = [] } of bars) {
    const [first = [], second = []] = classes;
    evidence.push(
      { classes: first, bass: bassOf(bottom[0], first) },
      { classes: second, bass: bassOf(bottom[bottom.length >> 1], second) },
    );
  }
  return evidence;
}

/** Pitch class of the lowest note in the last beat of planned bars, as far as specified. */
export function lastBassOf(bars: readonly BarPlan[]): number | undefined {
  const { classes, bottom } =
    bars.findLast(({ bottom = [] }) => bottom.some((low) => low !== null)) ?? {};
  const half = classes?.findLast((half) => half.length > 0) ?? [];
  return bassOf(bottom?.findLast((low) => low !== null), half);
}

/** Pitch class of a pitch envelope's low note, which is rounded to several semitones. */
function bassOf(low: number | null | undefined, classes: readonly number[]): number | undefined {
  if (low == null) return undefined;
  let near: number | undefined;
  for (const by of [0, 1, 11]) {
    const one = (low + by) % 12;
    if (!classes.includes(one)) continue;
    if (near !== undefined) return undefined;
    near = one;
  }
  return near;
}

/** A stretch of time, in any unit. */
interface Stretch {
  readonly start: number;
  /** End, above `start`. */
  readonly end: number;
}

/** Halves of bars: the stretches from which keys are found. */
export function halvesOf(bars: readonly Stretch[]): Stretch[] {
  return bars.flatMap(({ start, end }) => {
    const middle = (start + end) / 2;
    return [{ start, end: middle }, { start: middle, end }];
  });
}

/**
 * Pitch class of the lowest note that sounds to the end of the last stretch, or to an eighth of it
 * before.
 */
export function lastBassIn(
  notes: readonly (Stretch & { readonly pitch: number })[],
  stretches: readonly Stretch[],
): number | undefined {
  const last = stretches.at(-1), end = notes.reduce((end, note) => Math.max(end, note.end), 0);
  if (last === undefined || notes.length === 0) return undefined;
  const from = end - (last.end - last.start) / 8;
  return notes.reduce((low, note) => note.end >= from ? Math.min(low, note.pitch) : low, 127) % 12;
}

/**
 * Key evidence from sounding notes, per stretch.
 * @param notes in any order
 * @param stretches in order, without gaps
 */
export function evidenceIn(
  notes: readonly (Stretch & { readonly pitch: number })[],
  stretches: readonly Stretch[],
): KeyEvidence[] {
  const sums = stretches.map(() => new Float64Array(12));
  const bass = stretches.map(() => Infinity);
  for (const { pitch, start, end } of notes) {
    let at = countBefore(stretches.length, (i) => stretches[i]!.end <= start);
    for (; at < stretches.length && stretches[at]!.start < end; at++) {
      const stretch = stretches[at]!, length = stretch.end - stretch.start;
      sums[at]![pitch % 12]! += Math.min(end, stretch.end) - Math.max(start, stretch.start);
      if (start < stretch.start + length / 2) bass[at] = Math.min(bass[at]!, pitch);
    }
  }
  return stretches.map((_, at): KeyEvidence => {
    const all = sums[at]!.reduce((sum, one) => sum + one, 0);
    return {
      classes: [...sums[at]!.keys()].filter((one) =>
        sums[at]![one]! > 0 && sums[at]![one]! >= LEAST_SHARE * all
      ),
      bass: bass[at]! < Infinity ? bass[at]! % 12 : undefined,
    };
  });
}
