import type { GridNote } from "../tokens/grid.ts";
import { PHRASE_BARS } from "./features.ts";
import type { Places } from "./places.ts";

/** Features of a beat in its context that may predict a player's tempo and pedal. */
export const BEAT_FEATURES = [
  "tempoRule",
  "pedalRule",
  "level",
  "barLine",
  "halfBar",
  "lastOfBar",
  "phraseArch",
  "phraseStart",
  "phraseEnd",
  "twoBarEnd",
  "pieceArch",
  "pieceStart",
  "lastBars",
  "final",
  "finalCubed",
  "count",
  "countNext",
  "countPrevious",
  "countAround",
  "change",
  "size",
  "held",
  "longest",
  "longestNext",
  "gap",
  "gapNext",
  "rest",
  "restNext",
  "onBeat",
  "onBeatNext",
  "top",
  "bass",
  "leap",
  "leapNext",
  "classes",
  "compound",
] as const;

/** A beat of a piece, as far as the piece has it. */
export interface Beat {
  /** First step, and the first after it. */
  readonly start: number;
  readonly end: number;
  /** Index of its bar. */
  readonly bar: number;
}

/** Length of the final ritardando in beats. */
const FINAL_BEATS = 6;

/** Position in the final ritardando at a step, 0 before it to 1 at the end of the piece. */
export function lateness(step: number, { length, beat }: Places): number {
  const from = Math.max(0, length - FINAL_BEATS * beat);
  return Math.max(0, (step - from) / (length - from));
}

/** Position of a beat's start in its phrase of {@linkcode PHRASE_BARS} bars, 0 to 1. */
export function placeInPhrase({ start, bar }: Beat, { bars }: Places): number {
  return ((bar % PHRASE_BARS) + Math.min(1, (start - bars[bar]!.start) / bars[bar]!.steps)) /
    PHRASE_BARS;
}

/** Beats of a piece, in order and without gaps. */
export function beatsIn({ bars }: Pick<Places, "bars">): Beat[] {
  return bars.flatMap(({ start, frames, phase, pulses }, bar) => {
    const within = pulses.map((pulse) => Math.round(start - phase + pulse))
      .filter((at) => at > start && at < start + frames);
    const lines = [...new Set([start, ...within]), start + frames];
    return lines.slice(1).map((end, i) => ({ start: lines[i]!, end, bar }));
  });
}

/** What a beat contains. */
interface Content {
  /** Number of moments, and of notes. */
  readonly moments: number;
  readonly notes: number;
  /** Time from the last onset to the next beyond the beat, and rest before that, in beats. */
  readonly gap: number;
  readonly rest: number;
  /** Longest note, in beats. */
  readonly longest: number;
  readonly highest: number | undefined;
  readonly lowest: number | undefined;
  /** Largest interval of the top voice. */
  readonly leap: number;
  /** Earlier notes that sound at the first onset. */
  readonly held: number;
  readonly classes: number;
  readonly onBeat: boolean;
}

function contentsOf(notes: readonly GridNote[], places: Places, beats: readonly Beat[]): Content[] {
  const { moments, length, beat } = places;
  const startOf = (moment: number) => notes[moments[moment]?.first ?? -1]?.start;
  let at = 0;
  return beats.map(({ start, end }) => {
    const first = at;
    while ((startOf(at) ?? Infinity) < end) at++;
    const own = moments.slice(first, at);
    const inside = own.flatMap(({ first, next }) => notes.slice(first, next));
    const next = startOf(at) ?? length, last = startOf(at - 1) ?? 0;
    const soundsTo = inside.reduce((most, note) => Math.max(most, note.end), start);
    const tops = moments.slice(Math.max(0, first - 1), at).map(({ top }) => top);
    return {
      ...{ moments: own.length, notes: inside.length, gap: (next - last) / beat },
      rest: Math.max(0, next - soundsTo) / beat,
      longest: inside.reduce((most, note) => Math.max(most, note.end - note.start), 0) / beat,
      highest: inside.length > 0 ? Math.max(...own.map(({ top }) => top)) : undefined,
      lowest: inside[0]?.pitch,
      leap: tops.slice(1).reduce((most, top, i) => Math.max(most, Math.abs(top - tops[i]!)), 0),
      held: own[0]?.held.length ?? 0,
      classes: new Set(inside.map(({ pitch }) => pitch % 12)).size,
      onBeat: inside[0]?.start === start,
    };
  });
}

/** Logarithm of a duration in beats, −2 to 3. */
const logBeats = (beats: number) => Math.max(-2, Math.min(3, Math.log2(beats || 0.25)));

/**
 * Computes the features of beats, row by row in the order of {@linkcode BEAT_FEATURES}. (Score
 * features of basis models, Grachten and Widmer 2012; ends of phrases and lengthened last notes,
 * Friberg, Bresin and Sundberg 2006.)
 * @param rules predictions of the rules for a beat
 */
export function beatFeatures(
  notes: readonly GridNote[],
  places: Places,
  beats: readonly Beat[],
  rules: (beat: Beat) => { readonly tempoRule: number; readonly pedalRule: number },
): Float64Array {
  const { bars, length, beat } = places, size = BEAT_FEATURES.length;
  const contents = contentsOf(notes, places, beats);
  const mean = notes.reduce((sum, { pitch }) => sum + pitch, 0) / Math.max(1, notes.length);
  const sums = [0]; // moments before each beat
  for (const { moments } of contents) sums.push(sums.at(-1)! + moments);
  const density = (from: number, to: number) => {
    const [a, b] = [from, to].map((at) => Math.max(0, Math.min(beats.length, at)));
    const steps = (beats[b! - 1]?.end ?? 0) - (beats[a!]?.start ?? 0);
    return Math.log2(1 + (steps > 0 ? (sums[b!]! - sums[a!]!) * beat / steps : 0));
  };
  const out = new Float64Array(beats.length * size);
  beats.forEach((one, i) => {
    const { start, end, bar } = one, { start: line, frames, steps, phase } = bars[bar]!;
    const own = contents[i]!, next = contents[i + 1] ?? own;
    const place = placeInPhrase(one, places), inBar = start - line + phase;
    const lastOfBar = end >= line + frames, late = lateness(start, places);
    const values = {
      ...rules(one),
      level: 1,
      barLine: Number(inBar === 0),
      halfBar: Number(Math.abs(inBar - steps / 2) < 1e-6),
      lastOfBar: Number(lastOfBar),
      phraseArch: 1 - (2 * place - 1) ** 2,
      phraseStart: Number(place === 0),
      phraseEnd: Number(lastOfBar && bar % PHRASE_BARS === PHRASE_BARS - 1),
      twoBarEnd: Number(lastOfBar && bar % 2 === 1),
      pieceArch: 1 - (2 * start / length - 1) ** 2,
      pieceStart: Math.max(0, 1 - bar / PHRASE_BARS),
      lastBars: Math.max(0, 1 - (bars.length - 1 - bar) / PHRASE_BARS),
      final: late,
      finalCubed: late ** 3,
      count: density(i, i + 1),
      countNext: density(i + 1, i + 2),
      countPrevious: density(i - 1, i),
      countAround: density(i - 32, i + 33),
      change: density(i, i + 4) - density(i - 4, i),
      size: Math.log2(1 + own.notes / Math.max(1, own.moments)),
      held: Math.log2(1 + own.held),
      longest: logBeats(own.longest),
      longestNext: logBeats(next.longest),
      gap: logBeats(own.gap),
      gapNext: logBeats(next.gap),
      rest: Math.min(2, own.rest),
      restNext: Math.min(2, next.rest),
      onBeat: Number(own.onBeat),
      onBeatNext: Number(next.onBeat),
      top: ((own.highest ?? mean) - mean) / 12,
      bass: ((own.lowest ?? 48) - 48) / 12,
      leap: Math.min(24, own.leap) / 12,
      leapNext: Math.min(24, next.leap) / 12,
      classes: own.classes / 6,
      compound: Number(end - start > 1.2 * beat),
    };
    BEAT_FEATURES.forEach((name, at) => out[i * size + at] = values[name]);
  });
  return out;
}
