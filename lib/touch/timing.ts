import { median } from "../numbers.ts";
import type { GridNote } from "../tokens/grid.ts";
import {
  type Beat,
  BEAT_FEATURES,
  beatFeatures,
  beatsIn,
  lateness,
  placeInPhrase,
} from "./beats.ts";
import { FEATURES, type FeatureTable, PHRASE_BARS } from "./features.ts";
import { stretches } from "./stretches.ts";

/** Largest displacement of an onset or end in steps, so that reading the file restores its step. */
export const FURTHEST = 0.35;

/** Features of a note in its context that may predict a player's timing and articulation. */
export const NOTE_FEATURES = [
  "onsetRule",
  "endRule",
  "level",
  "secondQuarter",
  "secondHalf",
  "lastQuarter",
  "struckAgain",
  "leapsOn",
  "joined",
  "oneStep",
  ...FEATURES,
] as const;

/** Weights of a linear model by the names of its features, learned from some pieces. */
export interface Learned {
  readonly weights: Readonly<Record<string, number>>;
  /** Number of pieces in the training data. */
  readonly pieces: number;
}

/** Timing learned from a person's performances; where a part is absent, the rules hold. */
export interface TimingStyle {
  /** Logarithm of a beat's period relative to the piece's. */
  readonly tempo?: Learned;
  /** Displacement of onsets in seconds. */
  readonly onset?: Learned;
  /** Logarithm of the ratio of played to written length. */
  readonly end?: Learned;
  /** Share of a beat during which the sustain pedal is down. */
  readonly pedal?: Learned;
}

/** Extent of each performance rule at full strength. */
const FULL = {
  /** Melody lead in seconds: onset ahead of simultaneous notes (Goebl 2001: 20 to 30 ms). */
  lead: 0.02,
  /**
   * Displacement of a note's end in steps: legato; before the same key; before a leap; at a
   * phrase's end.
   */
  legato: 0.1,
  repeated: -0.3,
  leap: -0.15,
  phraseEnd: -0.3,
  /** Tempo variation over a phrase, between its ends and its middle (KTH phrase arch). */
  phraseTempo: 0.05,
  /** Tempo at the end of the piece relative to before (Friberg and Sundberg 1999). */
  finalTempo: 0.62,
} as const;

/** Curvature of the final ritardando: 3 is what listeners prefer (Friberg and Sundberg 1999). */
const FINAL_CURVE = 3;

/** Features of notes and beats for their timing, one row each. */
export interface TimingTable {
  /** Rows of {@linkcode NOTE_FEATURES}. */
  readonly notes: Float64Array;
  readonly beats: readonly Beat[];
  /** Rows of {@linkcode BEAT_FEATURES}. */
  readonly beatRows: Float64Array;
  /** Whether each note is the highest that is struck in its moment. */
  readonly isTop: Uint8Array;
}

/** Computes the timing features of a piece. @param notes by start, then pitch */
export function timingTable(notes: readonly GridNote[], features: FeatureTable): TimingTable {
  const { places } = features, beats = beatsIn(places);
  const pedalled = new Uint8Array(places.length + 1);
  for (const [from, to] of stretches(notes, places)) pedalled.fill(1, from, Math.ceil(to));
  const beatRows = beatFeatures(notes, places, beats, (beat) => {
    const arch = FULL.phraseTempo *
      (1 - (2 * placeInPhrase(beat, places) - 1) ** 2 - 2 / 3);
    const late = lateness(beat.start, places);
    const slower = (1 + (FULL.finalTempo ** FINAL_CURVE - 1) * late) ** (1 / FINAL_CURVE);
    const down = pedalled.subarray(beat.start, beat.end).reduce((sum, one) => sum + one, 0);
    return { tempoRule: -Math.log(arch + slower), pedalRule: down / (beat.end - beat.start) };
  });
  return { ...noteRows(notes, features, beats), beats, beatRows };
}

function noteRows(
  notes: readonly GridNote[],
  { rows, size, places, phrase }: FeatureTable,
  beats: readonly Beat[],
): Pick<TimingTable, "notes" | "isTop"> {
  const { moments, length } = places, own = NOTE_FEATURES.length;
  const out = new Float64Array(notes.length * own), isTop = new Uint8Array(notes.length);
  const onsets = new Uint8Array(length + 2);
  for (const { start } of notes) onsets[start] = 1;
  const nextOfPitch = new Map<number, number>(); // per pitch, step of its next note
  let moment = moments.length - 1, beat = beats.length - 1;
  for (let i = notes.length - 1; i >= 0; i--) {
    const { pitch, start, end } = notes[i]!, written = end - start;
    if (i < moments[moment]!.first) moment--;
    while (beat > 0 && beats[beat]!.start > start) beat--;
    const { top } = moments[moment]!, afterTop = moments[moment + 1]?.top;
    isTop[i] = Number(pitch === top);
    const struckAgain = (nextOfPitch.get(pitch) ?? Infinity) < end + 1;
    const leapsOn = pitch === top && afterTop !== undefined && Math.abs(afterTop - pitch) > 7;
    const moved = struckAgain
      ? FULL.repeated
      : phrase[i]! > 1 - 1 / (4 * PHRASE_BARS)
      ? FULL.phraseEnd
      : leapsOn
      ? FULL.leap
      : FULL.legato;
    nextOfPitch.set(pitch, start);
    const { start: from, end: to } = beats[beat]!, place = (start - from) / (to - from);
    const values = [
      pitch === top ? 0 : FULL.lead,
      Math.log((written + moved) / written),
      1,
      ...[[0.125, 0.4], [0.4, 0.6], [0.6, 1]].map(([a, b]) => Number(place > a! && place <= b!)),
      ...[struckAgain, leapsOn, onsets[end] === 1, written === 1].map(Number),
    ];
    out.set(values, i * own);
    out.set(rows.subarray(i * size, (i + 1) * size), i * own + values.length);
  }
  return { notes: out, isTop };
}

/** Predictions of a linear model, one per row; without a model, those of a rule. */
function predictionsOf(
  rows: Float64Array,
  names: readonly string[],
  rule: string,
  learned?: Learned,
): Float64Array {
  const weights = names.map((name) => learned ? learned.weights[name] ?? 0 : Number(name === rule));
  const size = names.length;
  return Float64Array.from({ length: rows.length / size }, (_, i) => {
    let sum = 0;
    for (let a = 0; a < size; a++) if (weights[a] !== 0) sum += weights[a]! * rows[i * size + a]!;
    return sum;
  });
}

/** Range of learned beat periods relative to the piece's, as logarithms. */
const SHORTEST = -0.25, LONGEST = 0.6;

/** Largest learned displacement of an onset in seconds. */
const MOST_DISPLACEMENT = 0.06;

/** Logarithm of each beat's period relative to the piece's. */
export function periods({ beatRows }: TimingTable, style?: TimingStyle): Float64Array {
  const all = predictionsOf(beatRows, BEAT_FEATURES, "tempoRule", style?.tempo);
  if (!style?.tempo) return all;
  const middle = median([...all]) ?? 0;
  return all.map((period) => Math.max(SHORTEST, Math.min(LONGEST, period - middle)));
}

/** Displacement of each onset in seconds; the top voice has none on average. */
export function displacements({ notes, isTop }: TimingTable, style?: TimingStyle): Float64Array {
  const all = predictionsOf(notes, NOTE_FEATURES, "onsetRule", style?.onset);
  const tops = all.filter((_, i) => isTop[i] === 1);
  const middle = tops.reduce((sum, one) => sum + one, 0) / Math.max(1, tops.length);
  const most = style?.onset ? MOST_DISPLACEMENT : Infinity;
  return all.map((one) => Math.max(-most, Math.min(most, one - middle)));
}

/** Ratio of each note's played length to its written one. */
export function lengthRatios({ notes }: TimingTable, style?: TimingStyle): Float64Array {
  return predictionsOf(notes, NOTE_FEATURES, "endRule", style?.end).map(Math.exp);
}

/** Expected shares from which a beat is pedalled, and up to which it is not; between, by the rules. */
const PEDALLED = 0.7, UNPEDALLED = 0.3;

/** Share of each beat during which the sustain pedal is down: 0, 1, or that of the rules. */
export function pedalShares({ beatRows }: TimingTable, style?: TimingStyle): Float64Array {
  const byRules = predictionsOf(beatRows, BEAT_FEATURES, "pedalRule");
  if (!style?.pedal) return byRules;
  return predictionsOf(beatRows, BEAT_FEATURES, "pedalRule", style.pedal).map((share, i) =>
    share >= PEDALLED ? 1 : share <= UNPEDALLED ? 0 : byRules[i]!
  );
}
