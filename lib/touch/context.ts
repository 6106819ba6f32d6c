import type { GridNote } from "../tokens/grid.ts";
import type { FilledBar, Moment, Places } from "./places.ts";

/** Number of features of the piece as a whole, the same for all of its notes. */
const PIECE = 13;

/** Window lengths in bars over which a passage is compared with the piece. */
const WINDOWS = [4, 8, 16] as const;

/** Number of context features per note, as given by {@linkcode contextFeatures}. */
export const CONTEXT_SIZE = 12 + 3 + 3 + 2 * WINDOWS.length + PIECE;

/** Interval in semitones assumed to an absent voice. */
const FAR = 40;

/**
 * Context features of each note, for models that learn their own interactions: chords before and
 * after, position among the sounding notes, in the bar and in the piece, local density and
 * register, and statistics of the whole piece, since predictions relative to its mean depend on
 * them.
 * @param notes by start, then pitch
 * @returns {@linkcode CONTEXT_SIZE} numbers per note
 */
export function contextFeatures(notes: readonly GridNote[], places: Places): Float32Array {
  const { moments, bars, barOf, beat } = places, count = notes.length;
  const near = (moment: number) => moments[Math.max(0, Math.min(moments.length - 1, moment))]!;
  const size = ({ first, next }: Moment) => next - first;
  const perBar = barsAsTheyAre(bars);
  const ranks = ranksOf(notes, barOf);
  const out = new Float32Array(count * CONTEXT_SIZE);
  const tops = new Uint8Array(count), basses = new Uint8Array(count);
  for (const [moment, { first, next, held }] of moments.entries()) {
    const sounding = [...held, ...notes.slice(first, next)];
    for (let i = first; i < next; i++) {
      const { pitch, start, end } = notes[i]!, bar = barOf[i]!;
      let above = 0, below = 0, gapAbove = FAR, gapBelow = FAR;
      for (const { pitch: other } of sounding) {
        if (other > pitch) [above, gapAbove] = [above + 1, Math.min(gapAbove, other - pitch)];
        if (other < pitch) [below, gapBelow] = [below + 1, Math.min(gapBelow, pitch - other)];
      }
      tops[i] = Number(above === 0);
      basses[i] = Number(below === 0 && above > 0);
      out.set([
        ...[-2, -1, 1, 2].map((lag) => near(moment + lag).top - pitch),
        size(near(moment - 1)),
        size(near(moment + 1)),
        i - first,
        next - 1 - i,
        above,
        below,
        gapAbove,
        gapBelow,
        ...ranks(i),
        (end - start) / beat,
        bar / bars.length,
        bar,
        bars.length - 1 - bar,
        ...perBar(bar),
      ], i * CONTEXT_SIZE);
    }
  }
  const whole = pieceAsItIs(notes, places, tops, basses);
  for (let i = 0; i < count; i++) out.set(whole, (i + 1) * CONTEXT_SIZE - PIECE);
  return out;
}

/** Local density and register around each bar, relative to the piece. */
function barsAsTheyAre(bars: readonly FilledBar[]): (bar: number) => number[] {
  const sums = { notes: [0], pitches: [0] }; // sums over the bars before each
  for (const { notes, pitches } of bars) {
    sums.notes.push(sums.notes.at(-1)! + notes);
    sums.pitches.push(sums.pitches.at(-1)! + pitches);
  }
  const all = sums.notes.at(-1)!, mean = sums.pitches.at(-1)! / Math.max(1, all);
  const usual = all / Math.max(1, bars.length);
  return (bar) => {
    const around = WINDOWS.flatMap((window) => {
      const from = Math.max(0, bar - window / 2), to = Math.min(bars.length, bar + window / 2);
      const inside = sums.notes[to]! - sums.notes[from]!;
      const pitches = sums.pitches[to]! - sums.pitches[from]!;
      return [inside / (to - from) / usual, inside > 0 ? pitches / inside - mean : 0];
    });
    const { notes, beats } = bars[bar]!;
    return [notes, beats / Math.max(1, notes), ...around];
  };
}

/** Pitch ranks of a note: the share of the piece's notes that are lower, and of its bar's. */
function ranksOf(
  notes: readonly GridNote[],
  barOf: Int32Array,
): (note: number) => [inPiece: number, inBar: number] {
  const perBar = Map.groupBy(notes.keys(), (i) => barOf[i]!);
  const lower = new Uint32Array(129);
  for (const { pitch } of notes) lower[pitch + 1]!++;
  for (let pitch = 1; pitch < lower.length; pitch++) lower[pitch]! += lower[pitch - 1]!;
  return (i) => {
    const { pitch } = notes[i]!, bar = perBar.get(barOf[i]!)!;
    const inBar = bar.reduce((sum, other) => sum + Number(notes[other]!.pitch < pitch), 0);
    return [lower[pitch]! / notes.length, inBar / bar.length];
  };
}

function pieceAsItIs(
  notes: readonly GridNote[],
  { moments, bars, beat }: Places,
  tops: Uint8Array,
  basses: Uint8Array,
): number[] {
  const count = Math.max(1, notes.length);
  const mean = (of: (note: GridNote, i: number) => number) =>
    notes.reduce((sum, note, i) => sum + of(note, i), 0) / count;
  const sorted = (of: (note: GridNote) => number) => notes.map(of).sort((a, b) => a - b);
  const lengths = sorted(({ start, end }) => (end - start) / beat);
  const pitches = sorted(({ pitch }) => pitch);
  const at = (values: readonly number[], share: number) =>
    values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0;
  const middle = mean(({ pitch }) => pitch);
  const alone = moments.filter(({ first, next }) => next - first === 1);
  return [
    bars.length,
    notes.length / bars.length,
    middle,
    Math.sqrt(mean(({ pitch }) => (pitch - middle) ** 2)),
    mean(({ start, end }) => (end - start) / beat),
    at(lengths, 0.5),
    notes.length / Math.max(1, moments.length),
    alone.length / Math.max(1, moments.length),
    moments.length / bars.length,
    mean((_, i) => tops[i]!),
    mean((_, i) => basses[i]!),
    at(pitches, 0.05),
    at(pitches, 0.95),
  ];
}
