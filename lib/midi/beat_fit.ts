import { median } from "../numbers.ts";
import { accentedBeats } from "./accented_beats.ts";
import { type MetreSpan, metreSpans } from "./bar_lines.ts";
import type { Music, Note } from "./music.ts";

/** Agreement of a file's notes with its beats. */
export interface BeatFit {
  /**
   * `grid`: onsets lie at fixed places of the beats; `none`: anywhere, as in music that was played
   * without a click; `few`: too few onsets to say.
   */
  readonly verdict: "grid" | "none" | "few";
  /** Agreement of onsets on the positions of some division of the beat, 0 (not at all) to 1. */
  readonly agreement: number;
  /** Delay of the notes' own beats after the file's, in beats; 0 where they coincide. */
  readonly shift: number;
}

/** Subdivisions of a beat (a quarter note) that are considered. */
const DIVISIONS = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24] as const;

/** Number of onsets judged together, and the fewest onsets needed for any verdict. */
const WINDOW = 48, LEAST = 64;

/**
 * Factor over chance agreement (about 1 / √n) that rules chance out, and the least agreement
 * required.
 */
const BEYOND_CHANCE = 4.5, LEAST_AGREEMENT = 0.3;

/** Factor over chance agreement above which the verdict on few onsets is left open. */
const ABOUT_CHANCE = 2.5;

/** Least agreement between neighbouring windows where the beats drift slowly. */
const LEAST_IN_PAIRS = 0.65;

/** Onset, end and pitch of a note: all that is read of it. */
type Onset = Pick<Note, "pitch" | "startTicks" | "endTicks">;

/**
 * Judges whether notes follow the beats of their file. For each division of the beat, each onset is
 * an angle; the length of the mean of the unit vectors measures their agreement (the mean resultant
 * length of circular statistics, Mardia and Jupp 2000), and its direction their position.
 * @param notes those of the parts that are read, in any order
 */
export function fitBeats(
  music: Pick<Music, "ticksPerBeat" | "timeSignatures" | "isMetreAssumed" | "parts">,
  notes: readonly Onset[],
  spans: readonly MetreSpan[] = metreSpans(music),
): BeatFit {
  // Bar lines may lie between the positions that all notes keep to.
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
    // typed triplets need not begin on beats
    const parts = (shift === 0 ? [4] as const : [4, 3, 6] as const)
      .find((division) => isTelling(whole, division));
    const beats = parts ? accentedBeats(music, notes, lines, shift, parts) : 0;
    return { verdict: "grid", agreement, shift: shift + beats };
  }
  const isOpen = BEYOND_CHANCE * chance > LEAST_AGREEMENT && agreement > ABOUT_CHANCE * chance;
  return { verdict: isOpen ? "few" : "none", agreement, shift: 0 };
}

/** Distinct onsets in beats from their bar lines, ascending. */
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

/** Whether onsets keep to a division of the beat. */
function isTelling(whole: readonly Resultant[], division: typeof TELLING[number]): boolean {
  const least = division === TELLING[0] ? LEAST_TELLING : LEAST_OF_OTHERS;
  return lengthOf(whole[DIVISIONS.indexOf(division)]!) >= least;
}

/** Mean of unit vectors. */
type Resultant = readonly [x: number, y: number];

/** Mean vectors of the onsets, one per division. */
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

/** Median agreement of each window of onsets with the next one. */
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
  );
  return median(pairs) ?? 0;
}

/**
 * Divisions that can reveal a shift, in order of precedence, with the least agreement on the first
 * and on the others.
 */
const TELLING = [4, 3, 6, 8, 12] as const, LEAST_TELLING = 0.5, LEAST_OF_OTHERS = 0.8;

/** Factor over chance agreement that is required where onsets are few. */
const TELLING_BEYOND_CHANCE = 2.5;

/** Smallest shift that counts, in quarters of a beat; less is the player's timing. */
const LEAST_SHIFT = 0.1;

/** Factor by which a shift must reduce the distance of onsets from their positions. */
const NEARER = 0.7;

/** Common delay of all onsets after the file's beats, in beats; 0 where there is none. */
function shiftOf(onsets: Float64Array, whole: readonly Resultant[]): number {
  for (const division of TELLING) {
    const [x, y] = whole[DIVISIONS.indexOf(division)]!;
    const least = TELLING_BEYOND_CHANCE / Math.sqrt(onsets.length);
    if (!isTelling(whole, division) || lengthOf([x, y]) < least) continue;
    const shift = onBeats(Math.atan2(y, x) / (2 * Math.PI * division), division, whole, onsets[0]!);
    // On twelfths, triplets that all miss their beats are shifted.
    const isTyped = division !== TELLING[0] &&
      TELLING.some((finer) => finer < 12 && isInPlace(whole, finer));
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

/**
 * Least share of onsets exactly on halves of the file's beats that rules out a shift: the other
 * notes then belong to rolled chords.
 */
const LEAST_EXACT = 0.2;

/** Whether many onsets lie on halves of the file's beats to the tick, more than by chance. */
function isExact(onsets: Float64Array, ticksPerBeat: number): boolean {
  const exact = onsets.reduce((sum, onset) => {
    const ticks = Math.abs(onset - Math.round(2 * onset) / 2) * ticksPerBeat;
    return sum + Number(ticks < 0.6);
  }, 0);
  return exact >= (LEAST_EXACT + 4 / ticksPerBeat) * onsets.length;
}

/** Shift, as a share of a part of the beat, from which it may equally be one in the other direction. */
const ALMOST_HALF = 0.45;

/** The one of two equivalent shifts that puts quarters or eighths on beats, or the first onset. */
function onBeats(
  shift: number,
  division: number,
  whole: readonly Resultant[],
  first: number,
): number {
  if (Math.abs(shift) * division < ALMOST_HALF) return shift;
  const other = shift - Math.sign(shift) / division;
  for (const coarse of [1, 2] as const) {
    const [x, y] = whole[DIVISIONS.indexOf(coarse)]!;
    if (lengthOf([x, y]) < TYPED) continue;
    const sought = Math.atan2(y, x) / (2 * Math.PI * coarse);
    return Math.abs(other - sought) < Math.abs(shift - sought) ? other : shift;
  }
  const off = (by: number) => Math.abs(first - by - Math.round(first - by));
  return off(other) < off(shift) - 1e-6 ? other : shift;
}

/**
 * Least agreement with, and largest angle from, the file's own positions for onsets to count as
 * typed.
 */
const TYPED = 0.9, TYPED_ANGLE = 0.2;

function isInPlace(whole: readonly Resultant[], division: typeof TELLING[number]): boolean {
  const [x, y] = whole[DIVISIONS.indexOf(division)]!;
  return lengthOf([x, y]) >= TYPED && Math.abs(Math.atan2(y, x)) <= TYPED_ANGLE;
}
