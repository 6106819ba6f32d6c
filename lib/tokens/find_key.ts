import { countBefore } from "../search.ts";
import { type Key, type KeyProfile, KEYS, written } from "./key.ts";
import { type BarPlan, LEAST_SHARE } from "./plan.ts";

/** What is heard of a key in a stretch of music, usually half a bar. */
export interface KeyEvidence {
  /** Pitch classes that sound in it. */
  readonly classes: readonly number[];
  /** Pitch class of the lowest note at its beginning; undefined where none sounds or it is not known. */
  readonly bass?: number | undefined;
}

/** What tells a key beside the notes. */
export interface KeyHints {
  /** Pitch class of the bass with which a piece ends. */
  readonly lastBass?: number | undefined;
  /** Key signature that stands in the file. */
  readonly signature?: { readonly fifths: number; readonly mode: Key["mode"] } | undefined;
}

/**
 * How likely each degree sounds in a stretch of music (Temperley, Music and Probability, 2007, chapter
 * 6: from the Kostka–Payne corpus).
 */
const SOUNDING: KeyProfile = {
  major: [0.748, 0.06, 0.488, 0.082, 0.67, 0.46, 0.096, 0.715, 0.104, 0.366, 0.057, 0.4],
  minor: [0.712, 0.084, 0.474, 0.618, 0.049, 0.46, 0.105, 0.747, 0.404, 0.067, 0.133, 0.33],
};

/** How often the bass of a half bar is which degree: counted in 103 public-domain piano scores. */
const BASS: KeyProfile = {
  major: [0.305, 0.007, 0.096, 0.008, 0.099, 0.071, 0.02, 0.22, 0.012, 0.077, 0.011, 0.074],
  minor: [0.278, 0.017, 0.057, 0.109, 0.014, 0.102, 0.011, 0.194, 0.075, 0.017, 0.09, 0.036],
};

/** The bass says so much more of a key than what sounds above it: it tells a key from its relative. */
const BASS_WEIGHT = 2;

/** Half bars are not independent: more of them than this weigh no more than so many. */
export const INDEPENDENT = 24;

/** What the tonic in the bass of the last chord adds, in nats; less in music of fewer half bars than so many. */
const LAST_BASS = 6, SETTLED = 8;

/** What the file's own signature adds to its keys, in nats; less where it is the one that programs write unasked. */
const SIGNATURE = 8, USUAL_SIGNATURE = 3;

/** What the mode that the file gives adds; major is written for minor keys too. */
const SIGNED_MINOR = 4, SIGNED_MAJOR = 1;

/** Log-likelihood of a stretch in each of the 24 keys, in nats; all 0 where nothing sounds. */
export function keyLikelihoods({ classes, bass }: KeyEvidence): number[] {
  if (classes.length === 0) return KEYS.map(() => 0);
  const sounds = new Set(classes);
  return KEYS.map(({ tonic, mode }) => {
    let sum = 0;
    for (let pitchClass = 0; pitchClass < 12; pitchClass++) {
      const likely = SOUNDING[mode][(pitchClass - tonic + 12) % 12]!;
      sum += Math.log(sounds.has(pitchClass) ? likely : 1 - likely);
    }
    if (bass !== undefined) sum += BASS_WEIGHT * Math.log(BASS[mode][(bass - tonic + 12) % 12]!);
    return sum;
  });
}

/** Score of each of the 24 keys for a piece, or part of one, as a whole, in nats. */
export function keyScores(stretches: readonly KeyEvidence[], hints: KeyHints = {}): number[] {
  const sounding = stretches.filter(({ classes }) => classes.length > 0);
  const weight = Math.min(1, INDEPENDENT / Math.max(1, sounding.length));
  const sums = KEYS.map(() => 0);
  for (const stretch of sounding) {
    keyLikelihoods(stretch).forEach((likelihood, key) => sums[key]! += weight * likelihood);
  }
  return KEYS.map((key, index) => sums[index]! + hinted(key, hints, sounding.length));
}

function hinted(key: Key, { lastBass, signature }: KeyHints, stretches: number): number {
  let sum = lastBass === key.tonic ? LAST_BASS * Math.min(1, stretches / SETTLED) : 0;
  if (signature !== undefined) {
    const { fifths, mode } = signature, isUsual = fifths === 0 && mode === "major";
    const off = Math.abs(written(key, fifths).fifths - fifths);
    // minor keys stood with a flat less once (Dorian), and major ones with a flat more (Mixolydian)
    sum += (isUsual ? USUAL_SIGNATURE : SIGNATURE) * Math.max(0, 1 - off / 2);
    if (off === 0 && mode === key.mode) sum += mode === "minor" ? SIGNED_MINOR : SIGNED_MAJOR;
  }
  return sum;
}

/**
 * Finds the key of music as a whole: of all 24 the one in which what sounds and the bass below it are
 * most likely (after Temperley 2007), the bass of the end and the file's own signature weighing most.
 */
export function findKey(stretches: readonly KeyEvidence[], hints: KeyHints = {}): Key {
  const scores = keyScores(stretches, hints);
  return KEYS[scores.indexOf(Math.max(...scores))]!;
}

/**
 * Finds the key of each stretch: the likeliest way through all keys, in which every change costs, and
 * one to the parallel or relative key less (Viterbi's algorithm, after Temperley 2007).
 * @param change cost of a change, in nats
 */
export function findKeys(
  stretches: readonly KeyEvidence[],
  change: number,
  { lastBass }: Pick<KeyHints, "lastBass"> = {},
): Key[] {
  const evidence = stretches.map(keyLikelihoods);
  const sounding = stretches.filter(({ classes }) => classes.length > 0).length;
  evidence.at(-1)?.forEach((_, key) =>
    evidence.at(-1)![key]! += hinted(KEYS[key]!, { lastBass }, sounding)
  );
  const ways: number[][] = [];
  let scores = evidence[0] ?? [];
  for (const likelihood of evidence.slice(1)) {
    const before = scores, way: number[] = [];
    scores = likelihood.map((own, key) => {
      let best = key;
      const reached = (other: number) => before[other]! - change * COSTS[other]![key]!;
      KEYS.forEach((_, other) => {
        if (reached(other) > reached(best)) best = other;
      });
      way.push(best);
      return own + reached(best);
    });
    ways.push(way);
  }
  let key = scores.indexOf(Math.max(...scores));
  const path = [key];
  for (const way of ways.reverse()) path.unshift(key = way[key]!);
  return scores.length === 0 ? [] : path.map((key) => KEYS[key]!);
}

/** Cost of a change that keeps the tonic, or the signature, as a share of that of any other. */
const SAME_TONIC = 0.2, SAME_SIGNATURE = 0.5;

/** Share of the cost of a change, from each key to each. */
const COSTS = KEYS.map((before) =>
  KEYS.map((after) => {
    if (before === after) return 0;
    if (before.tonic === after.tonic) return SAME_TONIC;
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

/** What planned bars say of their key: two halves a bar. */
export function evidenceOf(bars: readonly BarPlan[]): KeyEvidence[] {
  return bars.flatMap(({ classes = [], bottom = [] }) => {
    const [first = [], second = []] = classes;
    return [
      { classes: first, bass: bassOf(bottom[0], first) },
      { classes: second, bass: bassOf(bottom[bottom.length >> 1], second) },
    ];
  });
}

/** Pitch class of the lowest note of the last beat of planned bars, as far as they tell it. */
export function lastBassOf(bars: readonly BarPlan[]): number | undefined {
  const { classes, bottom } =
    bars.findLast(({ bottom = [] }) => bottom.some((low) => low !== null)) ?? {};
  const half = classes?.findLast((half) => half.length > 0) ?? [];
  return bassOf(bottom?.findLast((low) => low !== null), half);
}

/** The pitch class that is meant by an outline's low note, which is told to a semitone only. */
function bassOf(low: number | null | undefined, classes: readonly number[]): number | undefined {
  if (low == null) return undefined;
  const near = [0, 1, 11].map((by) => (low + by) % 12).filter((one) => classes.includes(one));
  return near.length === 1 ? near[0] : undefined;
}

/** A stretch of time, in any unit. */
interface Stretch {
  readonly start: number;
  /** Above `start`. */
  readonly end: number;
}

/** Both halves of each of some bars: the stretches that keys are told from. */
export function halvesOf(bars: readonly Stretch[]): Stretch[] {
  return bars.flatMap(({ start, end }) => {
    const middle = (start + end) / 2;
    return [{ start, end: middle }, { start: middle, end }];
  });
}

/** Pitch class of the lowest note that sounds to the end, or to an eighth of the last stretch before it. */
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
 * What sounding notes say of their key, per stretch.
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
