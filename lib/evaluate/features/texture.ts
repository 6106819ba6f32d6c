import { deviation, mean } from "../../numbers.ts";
import { framesOf } from "../../tokens/bars.ts";
import { type Frame, pitchOf } from "../../tokens/frame.ts";
import { HIGH_FROM, LOW_BELOW } from "../../tokens/plan.ts";
import { type Excerpt, shareOf } from "./excerpt.ts";

/** Features of note density and register. */
export const TEXTURE_FEATURES = {
  chordSize: "mean number of notes that begin together",
  chordSpread: "how much the number of notes that begin together varies",
  single: "share of notes that begin alone",
  big: "share of onsets with four notes or more",
  sounding: "mean number of notes that sound at once",
  soundingSpread: "how much the number of notes that sound at once varies",
  density: "notes per beat",
  densitySpread: "how much the notes per bar vary",
  densityChange: "change of the notes per bar from bar to bar",
  silence: "share of time in silence",
  emptyBars: "share of bars in which no note begins",
  pitch: "mean pitch",
  span: "range of all but the highest and lowest tenth of the notes in semitones",
  handsGap: "mean widest gap between neighbouring sounding notes in semitones",
  handsGapSpread: "how much the widest gap between neighbouring sounding notes varies",
  noLow: "share of bars without a low note",
  noHigh: "share of bars without a high note",
  lowestChange: "semitones between the lowest notes of neighbouring bars",
  registerChange: "semitones between the mean pitches of neighbouring bars",
  again: "share of notes that repeat a pitch that has just sounded",
} as const;

/** Values of {@linkcode TEXTURE_FEATURES}; NaN where there are too few notes. */
export function textureFeatures(
  { bars, notes, chords, frames, beat }: Excerpt,
): Record<keyof typeof TEXTURE_FEATURES, number> {
  const sizes = chords.map(({ pitches }) => pitches.length);
  const sounding = frames.map((frame) => frame.length);
  const perBar = bars.map(({ onsets, frames }) => onsets.length * beat / frames);
  const density = mean(perBar);
  const pitches = notes.map(({ pitch }) => pitch).sort((a, b) => a - b);
  const gaps = frames.filter((frame) => frame.length > 1).map(widestGap);
  const filled = bars.filter(({ onsets }) => onsets.length > 0).map(({ onsets }) =>
    Array.from(onsets, (onset) => onset & 127)
  );
  const again = notes.filter(({ start, pitch }) =>
    start > 0 && frames[start - 1]!.some((code) => pitchOf(code) === pitch)
  );
  return {
    chordSize: mean(sizes),
    chordSpread: deviation(sizes),
    single: chords.filter(({ pitches }) => pitches.length === 1).length / notes.length,
    big: shareOf(sizes, (size) => size >= 4),
    sounding: mean(sounding),
    soundingSpread: deviation(sounding),
    density,
    densitySpread: deviation(perBar) / Math.max(density, 1e-9),
    densityChange: change(perBar) / Math.max(density, 1e-9),
    silence: shareOf(frames, (frame) => frame.length === 0),
    emptyBars: shareOf(bars, ({ onsets }) => onsets.length === 0),
    pitch: mean(pitches),
    span: pitches.length > 0
      ? pitches[Math.floor(0.9 * (pitches.length - 1))]! -
        pitches[Math.ceil(0.1 * (pitches.length - 1))]!
      : NaN,
    handsGap: mean(gaps),
    handsGapSpread: deviation(gaps),
    noLow: shareOf(bars, barLacks(frames, (pitch) => pitch < LOW_BELOW)),
    noHigh: shareOf(bars, barLacks(frames, (pitch) => pitch >= HIGH_FROM)),
    lowestChange: change(filled.map((pitches) => Math.min(...pitches))),
    registerChange: change(filled.map((pitches) => mean(pitches))),
    again: again.length / notes.length,
  };
}

/** Widest gap between neighbouring notes, in semitones. */
function widestGap(frame: Frame): number {
  let widest = 0;
  for (let i = 1; i < frame.length; i++) {
    widest = Math.max(widest, pitchOf(frame[i]!) - pitchOf(frame[i - 1]!));
  }
  return widest;
}

/** Whether no sounding pitch of a bar satisfies `is`. */
function barLacks(frames: Excerpt["frames"], is: (pitch: number) => boolean) {
  return (bar: Excerpt["bars"][number]): boolean =>
    !framesOf(frames, bar).some((frame) => frame.some((code) => is(pitchOf(code))));
}

/** Mean absolute difference between neighbouring values. */
function change(values: readonly number[]): number {
  return mean(values.slice(1).map((value, at) => Math.abs(value - values[at]!)));
}
