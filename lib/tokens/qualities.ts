import { jaccard, sum } from "../numbers.ts";
import { chordInMode, transposeChord } from "./chord.ts";
import { chordSymbol } from "./chord_symbol.ts";
import { onsetsApart } from "./distance.ts";
import { inOtherMode, PITCH_CLASSES } from "./key.ts";
import { mostAlike } from "./similarity.ts";
import { meanPitch, meanSounding, melodicLine, pitchClasses } from "./measure.ts";
import { type BarPlan, HIGH_FROM, type Line, LOW_BELOW } from "./plan.ts";
import {
  chordsFrom,
  chordsProblem,
  classesProblem,
  density,
  digits,
  hand,
  isNumber,
  isPitch,
  pitchEnvelope,
  type Quality,
  shifted,
  similarityProblem,
  thousandth,
} from "./quality.ts";

/** Content of a bar: all of its plan but its length and its similarity to another bar. */
export type BarContent = Omit<Described, "like">;

/** Qualities that a plan specifies for a bar besides its length. */
type Described = Omit<BarPlan, "frames" | "steps" | "signature">;

/** Encoded register of a silent bar. */
const SILENT = -1;

/** Largest onset count of a step that the text can encode. */
const MOST_ONSETS = 35;

/** Table of bar qualities in the order of their text encoding. Append new ones at the end. */
export const QUALITIES: {
  readonly [Name in keyof Described]-?: Quality<Exclude<Described[Name], undefined>>;
} = {
  like: {
    words: "similar to",
    describe: (like) => like ? `bar ${like.bar + 1}, ${Math.round(100 * like.degree)} %` : "–",
    measure: ({ onsets, index }) => mostAlike(onsets, index),
    problem: (like, _, index) => like ? similarityProblem(like, index) : undefined,
    encode: (like) => like ? [like.bar, thousandth(like.degree), like.transpose] : 0,
    decode: (json) => {
      if (json === 0) return null;
      const [bar, degree, transpose] = Array.isArray(json) ? json : [NaN, NaN, NaN];
      return { bar, degree, transpose };
    },
    distance: (made, asked) => Math.abs((made?.degree ?? 0) - (asked?.degree ?? 0)),
  },
  notes: { ...density("notes", "sounding notes", 2), measure: (bar) => meanSounding(bar) },
  low: {
    ...hand("low", "low notes"),
    measure: (bar) => meanSounding(bar, (pitch) => pitch < LOW_BELOW),
  },
  high: {
    ...hand("high", "high notes"),
    measure: (bar) => meanSounding(bar, (pitch) => pitch >= HIGH_FROM),
  },
  register: {
    words: "mean pitch",
    describe: (pitch) => pitch?.toFixed(0) ?? "–",
    measure: meanPitch,
    problem: (pitch) =>
      pitch === null || isPitch(pitch) ? undefined : `has register ${pitch}, not 0 to 127`,
    encode: (pitch) => pitch === null ? SILENT : thousandth(pitch),
    decode: (json) => json === SILENT ? null : json as number,
    distance: () => 0, // covered by the pitch envelopes
    transpose: shifted,
    raise: shifted,
    network: {
      plan_register: (pitch) => pitch === null ? -1 : Math.max(0, Math.round((pitch - 24) / 2.5)),
    },
  },
  classes: {
    words: "pitch classes",
    describe: (halves) =>
      halves.map((half) => half.map((one) => PITCH_CLASSES[one]).join(" ")).join(" | "),
    measure: pitchClasses,
    problem: classesProblem,
    encode: (halves) => halves.map((half) => half.map((one) => one.toString(12)).join("")),
    decode: (json) => Array.isArray(json) ? json.map((half) => digits(half, 12)) : json as [],
    distance: (made, asked) =>
      sum(asked.map((half, i) => (1 - jaccard(new Set(made[i]), new Set(half))) / 2)),
    transpose: (halves, semitones) =>
      halves.map((half) =>
        half.map((one) => ((one + semitones) % 12 + 12) % 12).sort((a, b) => a - b)
      ),
    inMode: (halves, tonic, mode) =>
      halves.map((half) =>
        [...new Set(half.map((one) => inOtherMode(one, tonic, mode)))].sort((a, b) => a - b)
      ),
  },
  onsets: {
    words: "onsets",
    describe: (counts) => counts.join(""),
    measure: ({ onsets, index }) => Array.from(onsets[index]!.counts),
    problem: (counts, { frames }) =>
      !Array.isArray(counts)
        ? "has onsets that are no list"
        : counts.length !== frames
        ? `has onsets for ${counts.length} frames`
        : counts.every((count) => Number.isInteger(count) && count >= 0)
        ? undefined
        : "has onsets that are no whole numbers",
    encode: (counts) => counts.map((count) => Math.min(MOST_ONSETS, count).toString(36)).join(""),
    decode: (json) => digits(json, 36),
    distance: onsetsApart,
    scale: (counts, factor) =>
      counts.map((count) => count > 0 ? Math.max(1, Math.round(count * factor)) : 0),
    fit: (counts, { frames, beat }) => {
      const fitted = counts.slice(0, frames), back = Math.min(Math.ceil(beat), counts.length);
      while (fitted.length < frames) fitted.push(back > 0 ? fitted[fitted.length - back]! : 0);
      return fitted;
    },
    network: {
      plan_onsets: (counts, { frames }) => Math.round(6 * Math.log2(1 + sum(counts) / frames)),
      plan_step_onsets: (counts) => counts,
    },
  },
  top: pitchEnvelope("top", "highest pitches"),
  bottom: pitchEnvelope("bottom", "lowest pitches"),
  line: {
    words: "melodic line",
    describe: (line) =>
      line ? LINE_PARTS.map((part) => `${part} ${Math.round(100 * line[part])} %`).join(", ") : "–",
    measure: melodicLine,
    problem: (line) =>
      line === null || LINE_PARTS.every((part) => isNumber(line[part], 0, 1))
        ? undefined
        : "has a line with shares that are not 0 to 1",
    encode: (line) => line ? LINE_PARTS.map((part) => Math.round(line[part] * 100) / 100) : 0,
    decode: (json) => {
      if (json === 0) return null;
      const shares = Array.isArray(json) ? json : [];
      return Object.fromEntries(LINE_PARTS.map((part, i) => [part, shares[i]])) as unknown as Line;
    },
    distance: (made, asked) =>
      made && asked ? sum(LINE_PARTS.map((part) => Math.abs(made[part] - asked[part]))) : 0,
  },
  chords: {
    words: "chords",
    describe: (chords) => chords.map(({ chord }) => chord ? chordSymbol(chord) : "N.C.").join(" "),
    measure: () => undefined,
    problem: chordsProblem,
    encode: (chords) =>
      chords.map(({ step, chord, soft }) => [
        step,
        chord ? chordSymbol(chord) : "",
        ...soft ? [1] : [],
      ]),
    decode: chordsFrom,
    distance: () => 0, // a separate term
    transpose: (chords, semitones) =>
      chords.map((one) => ({ ...one, chord: one.chord && transposeChord(one.chord, semitones) })),
    inMode: (chords, tonic, mode) =>
      chords.map((one) => ({ ...one, chord: one.chord && chordInMode(one.chord, tonic, mode) })),
    fit: (chords, { frames }) => chords.filter(({ step }) => step < frames),
  },
};

/** Components of a melodic contour. */
const LINE_PARTS = ["steps", "leaps", "repeats", "turns"] as const;

/** Names of the qualities, in the table's order. */
export const qualityNames = Object.keys(QUALITIES) as (keyof Described)[];

/** Maps each quality of a bar through `of`, leaving out undefined results. */
export function mapQualities(
  of: (quality: Quality<unknown>, name: keyof Described) => unknown,
): Described {
  const mapped: Partial<Record<keyof Described, unknown>> = {};
  for (const name of qualityNames) {
    const value = of(QUALITIES[name] as Quality<unknown>, name);
    if (value !== undefined) mapped[name] = value;
  }
  return mapped as Described;
}

/**
 * Changes each specified quality of a bar, leaving out those for which `change` returns undefined.
 */
export function changeQualities<Bar extends Described>(
  bar: Bar,
  change: (quality: Quality<unknown>, value: unknown) => unknown,
): Bar {
  return Object.fromEntries(
    Object.entries(bar).map(([name, value]) => {
      const quality = QUALITIES[name as keyof Described] as Quality<unknown> | undefined;
      return [name, quality && value !== undefined ? change(quality, value) : value] as const;
    }).filter(([, value]) => value !== undefined),
  ) as Bar;
}

/** Distance of a bar from its plan: the sum over all specified qualities. */
export function distanceOfBars(made: BarPlan, asked: BarPlan): number {
  let sum = 0;
  for (const name of qualityNames) {
    if (asked[name] === undefined) continue;
    sum += (QUALITIES[name] as Quality<unknown>).distance(made[name], asked[name]);
  }
  return sum;
}
