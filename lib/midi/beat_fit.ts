import { type MetreSpan, metreSpans } from "./bar_lines.ts";
import type { Music, Note } from "./music.ts";

/** Whether the notes of a file follow its beats, and where. */
export interface BeatFit {
  /**
   * `grid`: onsets lie at fixed places of the beats; `none`: anywhere, as in music that was played
   * without a click; `few`: too few onsets to say.
   */
  readonly verdict: "grid" | "none" | "few";
  /** How well onsets agree on the places of some division of the beat, 0 (not at all) to 1. */
  readonly agreement: number;
  /** How much later than the file's beats the notes' own are, in beats; 0 where they are the same. */
  readonly shift: number;
}

/** Equal parts of a beat (a quarter note) that music is written in. */
const DIVISIONS = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24] as const;

/** Onsets that are judged together, and without which nothing is said. */
const WINDOW = 48, LEAST = 64;

/** By chance onsets agree by about 1 / √n: so many times as well is no chance, and so well at least. */
const BEYOND_CHANCE = 4.5, LEAST_AGREEMENT = 0.3;

/** Where so few onsets agree better than this many times chance, but not beyond it, nothing is said. */
const ABOUT_CHANCE = 2.5;

/** So well must neighbouring windows agree where the beats slip slowly. */
const LEAST_IN_PAIRS = 0.65;

/** What is looked at of a note. */
type Onset = Pick<Note, "pitch" | "startTicks" | "endTicks">;

/**
 * Judges whether notes follow the beats that their file states. For each division of the beat, an onset
 * is an angle, and the length of the mean of all angles' unit vectors says how far they agree (the mean
 * resultant length of circular statistics, Mardia and Jupp 2000); the direction of the mean is where.
 * @param notes those of the parts that are read, in any order
 */
export function fitBeats(
  music: Pick<Music, "ticksPerBeat" | "timeSignatures" | "parts">,
  notes: readonly Onset[],
  spans: readonly MetreSpan[] = metreSpans(music),
): BeatFit {
  // bar lines may stand between the places that all notes keep to
  const first = { ...spans[0]!, from: 0, line: 0 };
  const ways = (spans.length > 1 ? [spans, [first]] : [spans]).map((lines) => {
    const onsets = onsetsInBeats(music, notes, lines);
    const whole = resultants(onsets, 0, onsets.length);
    return { lines, onsets, whole, agreement: Math.max(...whole.map(lengthOf)) };
  });
  const { lines, onsets, whole, agreement } = ways.reduce((a, b) =>
    b.agreement > a.agreement ? b : a
  );
  const count = onsets.length;
  const shift = isExact(onsets, music.ticksPerBeat) ? 0 : shiftOf(onsets, whole);
  if (count < LEAST) return { verdict: "few", agreement, shift };
  const chance = 1 / Math.sqrt(count);
  const follows = agreement >= Math.max(LEAST_AGREEMENT, BEYOND_CHANCE * chance) ||
    agreementInPairs(onsets) >= LEAST_IN_PAIRS;
  if (follows) {
    const beats = isTelling(whole) ? accentedBeats(music, notes, lines, shift) : 0;
    return { verdict: "grid", agreement, shift: shift + beats };
  }
  const isOpen = BEYOND_CHANCE * chance > LEAST_AGREEMENT && agreement > ABOUT_CHANCE * chance;
  return { verdict: isOpen ? "few" : "none", agreement, shift: 0 };
}

/** Distinct onsets in beats from their bar lines, in order. */
function onsetsInBeats(
  { ticksPerBeat }: Pick<Music, "ticksPerBeat">,
  notes: readonly Pick<Note, "startTicks">[],
  spans: readonly MetreSpan[],
): Float64Array {
  const ticks = Float64Array.from(new Set(notes.map(({ startTicks }) => startTicks))).sort();
  let at = 0;
  return ticks.map((tick) => {
    while (at + 1 < spans.length && spans[at + 1]!.from <= tick) at++;
    return (tick - spans[at]!.line) / ticksPerBeat;
  });
}

/** Below this pitch a note counts twice: basses stand on beats. */
const BASS_BELOW = 55;

/** Longer notes than this, in beats, weigh no more. */
const LONGEST_WEIGHED = 2;

/** Notes of a file must shun its beats this clearly, and seek others so clearly, for those to be the beats. */
const SHUNNED = -0.2, SOUGHT = 0.6;

/**
 * How many quarters of a beat later than the file's the beats are that long and low notes begin on, in
 * beats, where they shun the file's own: −0.25, 0, 0.25 or 0.5.
 */
function accentedBeats(
  { ticksPerBeat }: Pick<Music, "ticksPerBeat">,
  notes: readonly Onset[],
  spans: readonly MetreSpan[],
  shift: number,
): number {
  const sought = [0, 0, 0, 0];
  let all = 0, at = 0;
  for (
    const { pitch, startTicks, endTicks } of notes.toSorted((a, b) => a.startTicks - b.startTicks)
  ) {
    while (at + 1 < spans.length && spans[at + 1]!.from <= startTicks) at++;
    const beat = (startTicks - spans[at]!.line) / ticksPerBeat - shift;
    const length = Math.min(LONGEST_WEIGHED, (endTicks - startTicks) / ticksPerBeat);
    const weight = length * (pitch < BASS_BELOW ? 2 : 1);
    all += weight;
    for (let quarter = 0; quarter < 4; quarter++) {
      const angle = 2 * Math.PI * (beat - quarter / 4);
      sought[quarter]! += weight * (Math.cos(angle) + Math.cos(2 * angle)); // beats, and halves of them
    }
  }
  const best = sought.indexOf(Math.max(...sought));
  if (sought[0]! > SHUNNED * all || sought[best]! < SOUGHT * all) return 0;
  return best === 3 ? -0.25 : best / 4;
}

/** Whether onsets keep to quarters of the beat. */
function isTelling(whole: readonly Resultant[]): boolean {
  return lengthOf(whole[DIVISIONS.indexOf(TELLING[0])]!) >= LEAST_TELLING;
}

/** A mean of unit vectors. */
type Resultant = readonly [x: number, y: number];

/** The mean vector of onsets, per division. */
function resultants(onsets: Float64Array, from: number, end: number): Resultant[] {
  return DIVISIONS.map((division): Resultant => {
    let x = 0, y = 0;
    for (let i = from; i < end; i++) {
      const angle = 2 * Math.PI * division * onsets[i]!;
      x += Math.cos(angle);
      y += Math.sin(angle);
    }
    const count = Math.max(1, end - from);
    return [x / count, y / count];
  });
}

function lengthOf([x, y]: Resultant): number {
  return Math.hypot(x, y);
}

/** The median agreement of each window of onsets with the next one. */
function agreementInPairs(onsets: Float64Array): number {
  const windows: Resultant[][] = [];
  for (let from = 0; from + WINDOW / 2 < onsets.length; from += WINDOW) {
    windows.push(resultants(onsets, from, Math.min(onsets.length, from + WINDOW)));
  }
  const pairs = windows.slice(1).map((window, i) =>
    Math.max(...window.map(([x, y], division) => {
      const [x0, y0] = windows[i]![division]!;
      return lengthOf([(x + x0) / 2, (y + y0) / 2]);
    }))
  ).sort((a, b) => a - b);
  return pairs[pairs.length >> 1] ?? 0;
}

/** Divisions that tell a shift, in the order in which they are asked, and how well they must agree. */
const TELLING = [4, 3, 6, 8, 12] as const, LEAST_TELLING = 0.5, LEAST_OF_OTHERS = 0.8;

/** So many times as well as by chance they must agree on it where there are few. */
const TELLING_BEYOND_CHANCE = 2.5;

/** A smaller shift, in quarters of a beat, is the player's. */
const LEAST_SHIFT = 0.1;

/** A shift must bring onsets this much nearer to their places. */
const NEARER = 0.7;

/** How much later than in the file the beats of onsets are that all lie off it by the same amount. */
function shiftOf(onsets: Float64Array, whole: readonly Resultant[]): number {
  for (const division of TELLING) {
    const [x, y] = whole[DIVISIONS.indexOf(division)]!;
    const least = Math.max(
      division === TELLING[0] ? LEAST_TELLING : LEAST_OF_OTHERS,
      TELLING_BEYOND_CHANCE / Math.sqrt(onsets.length),
    );
    if (lengthOf([x, y]) < least) continue;
    const shift = onBeats(Math.atan2(y, x) / (2 * Math.PI * division), division, whole);
    const isTyped = division !== TELLING[0] && TELLING.some((finer) => isInPlace(whole, finer));
    const off = (by: number) =>
      onsets.reduce((sum, onset) => {
        const parts = (onset - by) * division;
        return sum + Math.abs(parts - Math.round(parts));
      }, 0);
    const isShifted = Math.abs(4 * shift) > LEAST_SHIFT && !isTyped && off(shift) < NEARER * off(0);
    return isShifted ? shift : 0;
  }
  return 0;
}

/** Share of the onsets on the file's own quarters of beats from which it is not shifted: the others are rolled. */
const LEAST_EXACT = 0.2;

/** Whether many onsets lie on quarters of the file's beats to the tick, more than by chance. */
function isExact(onsets: Float64Array, ticksPerBeat: number): boolean {
  const exact = onsets.reduce((sum, onset) => {
    const ticks = Math.abs(onset - Math.round(4 * onset) / 4) * ticksPerBeat;
    return sum + Number(ticks < 0.6);
  }, 0);
  return exact >= (LEAST_EXACT + 4 / ticksPerBeat) * onsets.length;
}

/** A shift of almost half a part of the beat may as well be one the other way. */
const ALMOST_HALF = 0.45;

/** Of two shifts that part the beat alike, the one that puts quarters or eighths on beats. */
function onBeats(shift: number, division: number, whole: readonly Resultant[]): number {
  if (Math.abs(shift) * division < ALMOST_HALF) return shift;
  const other = shift - Math.sign(shift) / division;
  for (const coarse of [1, 2] as const) {
    const [x, y] = whole[DIVISIONS.indexOf(coarse)]!;
    if (lengthOf([x, y]) < TYPED) continue;
    const sought = Math.atan2(y, x) / (2 * Math.PI * coarse);
    return Math.abs(other - sought) < Math.abs(shift - sought) ? other : shift;
  }
  return shift;
}

/** So well onsets agree on the file's own places of a division that they are typed on them, to this angle. */
const TYPED = 0.9, TYPED_ANGLE = 0.2;

function isInPlace(whole: readonly Resultant[], division: typeof TELLING[number]): boolean {
  const [x, y] = whole[DIVISIONS.indexOf(division)]!;
  return lengthOf([x, y]) >= TYPED && Math.abs(Math.atan2(y, x)) <= TYPED_ANGLE;
}
