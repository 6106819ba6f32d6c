import type { GridNote } from "../tokens/grid.ts";
import type { Grid, Metre } from "../tokens/piece.ts";
import { type FilledBar, type Places, placesOf } from "./places.ts";
import { contextFeatures } from "./context.ts";

/** Features of a note in its context that may predict a player's dynamics. */
export const FEATURES = [
  "top",
  "bass",
  "inner",
  "alone",
  "topHigh",
  "topLong",
  "topFree",
  "bassLong",
  "bassLow",
  "chordSize",
  "sounding",
  "pitch",
  "pitchSquared",
  "low",
  "high",
  "abovePiece",
  "aboveNeighbours",
  "belowTop",
  "aboveBass",
  "gapBelow",
  "leap",
  "rising",
  "falling",
  "peak",
  "duration",
  "short",
  "gapBefore",
  "gapAfter",
  "density",
  "densityAround",
  "densityOfBar",
  "barRegister",
  "barLine",
  "halfBar",
  "beat",
  "offBeat",
  "phraseArch",
  "phraseStart",
  "phraseEnd",
  "pieceArch",
  "pieceStart",
  "pieceEnd",
  "repeated",
  "heldAgainst",
  "chromatic",
  "syncopation",
] as const;

/** Name of a feature. */
export type Feature = (typeof FEATURES)[number];

/** Feature table of notes: one row each, in the order of {@linkcode FEATURES}. */
export interface FeatureTable {
  readonly rows: Float64Array;
  /** Number of features per row. */
  readonly size: number;
  /** Metrical and sonic context of the notes. */
  readonly places: Places;
  /** Context features of each note, see {@linkcode contextFeatures}. */
  readonly context: Float32Array;
  /** Position of each note in its phrase of {@linkcode PHRASE_BARS} bars, 0 to 1. */
  readonly phrase: Float64Array;
}

/** Length of a phrase in bars. */
export const PHRASE_BARS = 4;

/**
 * Computes the features of notes on the grid. Each is a number of about -2 to 2; relative ones are
 * relative to the piece, so that pieces of all kinds can be learned from together. (The context
 * that the KTH rules use, Friberg, Bresin and Sundberg 2006, "Overview of the KTH rule system for
 * musical performance", and the score features of basis models, Grachten and Widmer 2012, "Linear
 * basis models for prediction and analysis of musical expression".)
 * @param notes by start, then pitch
 * @param metres of the piece, see {@linkcode Piece.metres}
 */
export function featuresOf(
  notes: readonly GridNote[],
  metres: readonly Metre[],
  grid: Grid,
): FeatureTable {
  const size = FEATURES.length;
  const rows = new Float64Array(notes.length * size);
  const places = placesOf(notes, metres, grid), { length, beat, bars, barOf } = places;
  const mean = notes.reduce((sum, { pitch }) => sum + pitch, 0) / Math.max(1, notes.length);
  const context = contextOf(notes, places, mean);
  const phrase = new Float64Array(notes.length);
  notes.forEach((note, i) => {
    const bar = barOf[i]!, { start, steps, phase, notes: inside, pitches, pulses } = bars[bar]!;
    const inBar = note.start - start + phase;
    const place = phrase[i] = ((bar % PHRASE_BARS) + Math.min(1, inBar / steps)) / PHRASE_BARS;
    const values = {
      ...context(i),
      ...metricFeatures(note, inBar, { steps, pulses }, beat),
      densityOfBar: Math.log((inside + 1) / (notes.length / bars.length + 1)),
      barRegister: (pitches / inside - mean) / 12,
      phraseArch: 1 - (2 * place - 1) ** 2,
      phraseStart: place < 1 / (2 * PHRASE_BARS) ? 1 : 0,
      phraseEnd: place >= 1 - 1 / (2 * PHRASE_BARS) ? 1 : 0,
      pieceArch: 1 - (2 * note.start / length - 1) ** 2,
      pieceStart: Math.max(0, 1 - bar / PHRASE_BARS),
      pieceEnd: Math.max(0, 1 - (bars.length - 1 - bar) / PHRASE_BARS),
    };
    FEATURES.forEach((name, at) => rows[i * size + at] = values[name]);
  });
  return { rows, size, context: contextFeatures(notes, places), places, phrase };
}

function metricFeatures(
  { start, end }: GridNote,
  inBar: number,
  { steps, pulses }: Pick<FilledBar, "steps" | "pulses">,
  quarter: number,
) {
  const isAt = (place: number) => Math.abs(inBar - place) < 1e-6;
  const barLine = isAt(0) || isAt(steps), half = pulses.includes(steps / 2) && isAt(steps / 2);
  const onBeat = barLine || pulses.some(isAt);
  return {
    barLine: Number(barLine),
    halfBar: Number(!barLine && half),
    beat: Number(!barLine && !half && onBeat),
    offBeat: Number(!onBeat),
    syncopation: Number(!onBeat && end - start >= quarter),
  };
}

/** Counter of the notes that begin from one step on and before another, both rounded. */
function startsBetween(notes: readonly GridNote[], length: number) {
  const before = new Float64Array(length + 2); // number of onsets before each step
  for (const { start } of notes) before[start + 1]!++;
  for (let i = 1; i < before.length; i++) before[i]! += before[i - 1]!;
  const at = (step: number) => before[Math.min(length + 1, Math.max(0, Math.round(step)))]!;
  return (from: number, to: number) => at(to) - at(from);
}

/** Duration of each pitch class relative to the longest-sounding one, 0 to 1. */
function pitchClasses(notes: readonly GridNote[], beat: number): Float64Array {
  const sums = new Float64Array(12);
  for (const { pitch, start, end } of notes) sums[pitch % 12]! += Math.min(end - start, 4 * beat);
  const longest = Math.max(...sums);
  return sums.map((sum) => sum / longest);
}

/** Context of successive notes; must be queried in their order. @param mean of the pitches */
function contextOf(
  notes: readonly GridNote[],
  { moments, length, beat }: Places,
  mean: number,
) {
  const usual = pitchClasses(notes, beat), between = startsBetween(notes, length);
  const lastStruck = new Map<number, number>(); // per pitch
  let moment = 0;
  return (i: number) => {
    const { pitch, start, end } = notes[i]!;
    if (moments[moment]!.next === i) moment++;
    const { first, next, top: ownTop, held } = moments[moment]!, size = next - first;
    const heldPitches = held.map((note) => note.pitch);
    const highest = Math.max(ownTop, ...heldPitches);
    const lowest = Math.min(notes[first]!.pitch, ...heldPitches);
    const top = Number(pitch === highest), bass = Number(pitch === lowest && pitch !== highest);
    const struckBefore = start - (lastStruck.get(pitch) ?? -Infinity);
    lastStruck.set(pitch, start);
    const beforeTop = moments[moment - 1]?.top ?? ownTop;
    const afterTop = moments[moment + 1]?.top ?? ownTop;
    const around = moments.slice(Math.max(0, moment - 4), moment + 5);
    const usualTop = around.reduce((sum, { top }) => sum + top, 0) / around.length;
    const duration = Math.log2((end - start) / beat);
    const before = moment > 0 ? start - notes[first - 1]!.start : beat;
    const after = next < notes.length ? notes[next]!.start - start : 2 * beat;
    const below = i > first ? pitch - notes[i - 1]!.pitch : 12;
    const density = Math.log2(1 + between(start - beat, start + beat)) / 2;
    return {
      top,
      bass,
      inner: Number(!top && !bass),
      alone: Number(size === 1),
      topHigh: top * (pitch - 66) / 12,
      topLong: top * duration,
      topFree: top * Number(size === 1 && heldPitches.length === 0),
      bassLong: bass * duration,
      bassLow: bass * (48 - pitch) / 12,
      chordSize: Math.log2(size),
      sounding: Math.log2(1 + heldPitches.length),
      pitch: (pitch - 60) / 12,
      pitchSquared: ((pitch - 60) / 12) ** 2,
      low: Math.max(0, 48 - pitch) / 12,
      high: Math.max(0, pitch - 72) / 12,
      abovePiece: (pitch - mean) / 12,
      aboveNeighbours: (pitch - usualTop) / 12,
      belowTop: (highest - pitch) / 12,
      aboveBass: (pitch - lowest) / 12,
      gapBelow: top * Math.min(12, below) / 12,
      leap: top * Math.min(12, Math.abs(ownTop - beforeTop)) / 12,
      rising: top * Number(ownTop > beforeTop),
      falling: top * Number(ownTop < beforeTop),
      peak: top * Number(ownTop > beforeTop && ownTop >= afterTop),
      duration,
      short: Number(end - start <= beat / 2),
      gapBefore: Math.max(-2, Math.min(2, Math.log2(before / beat))),
      gapAfter: Math.max(-2, Math.min(2, Math.log2(after / beat))),
      density,
      densityAround: Math.log2(1 + between(start - 4 * beat, start + 4 * beat)) / 4,
      repeated: Number(struckBefore <= 2 * beat),
      heldAgainst: Number(heldPitches.some((other) => Math.abs(other - pitch) <= 2)),
      chromatic: 1 - usual[pitch % 12]!,
    };
  };
}
