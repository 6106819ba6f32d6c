import * as fields from "./kernels/fields.ts";
import { CHORD_QUALITIES } from "../../tokens/chord.ts";
import type { PitchwiseSettings } from "./settings.ts";

/** Settings that determine a network's shape. */
export type NetworkShape = Pick<
  PitchwiseSettings,
  "width" | "layers" | "lags" | "radius" | "chords"
>;

/** Pitch range of a network, and the number of sounding states per pitch. */
export interface Keyboard {
  /** Lowest MIDI pitch, 0 to 127. */
  readonly lowest: number;
  readonly pitches: number;
  /** Number of states: 1, or 2 with struck and held distinguished. */
  readonly states: number;
}

/**
 * Distance in semitones within which notes below are seen individually; beyond it only as pitch
 * classes.
 */
const REACH = 48;

/** Radius in semitones of the view of an echo. */
const ECHO_RADIUS = 12;

/** Window in frames of the summaries of a pitch (how long, how long ago, how often). */
const SUMMARY_WINDOW = 128;

/** Maximum lag at which frames are also seen as pitch classes. */
const FOLDED_LAGS = 16;

/** Radius in semitones of the view of the pitch envelope of a plan's beat. */
const OUTLINE_RADIUS = 18;

/** Table sizes of the plan's features: see `plan_words.ts`. */
export const PLANNED = {
  plan_notes: 12,
  plan_low: 12,
  plan_high: 12,
  plan_onsets: 12,
  plan_register: 32,
  plan_step_onsets: 6,
  plan_bars_so_far: 6,
  plan_bars_left: 6,
} as const;

/**
 * Sizes of the embedding tables of a plan's chord, and of the chord after it. Each is indexed by a
 * pitch's distance in pitch classes, 0 to 11: above the root, above the root for each chord quality,
 * above the bass. See `chord_words.ts`.
 */
export const CHORD_TONES = {
  chord_root: 12,
  chord_quality: 12 * CHORD_QUALITIES.length,
  chord_bass: 2 * 12,
  next_root: 12,
  next_quality: 12 * CHORD_QUALITIES.length,
  next_bass: 2 * 12,
} as const;

/** Table sizes for the time since a chord began, and until the next one. */
export const CHORD_TIMES = { chord_since: 6, chord_left: 6 } as const;

/** Table sizes for steps since the bar line, for 48ths of a bar, and for quarters of four bars. */
export const PLACES = { steps_into_bar: 64, part_of_bar: 48, place_in_four_bars: 16 } as const;

/** Tables whose first rows are fields of the network block. */
const TOLD = {
  ABSOLUTE: "register",
  BELOW: "below",
  BELOW_FOLDED: "below_folded",
  RANK: "rank",
  POLYPHONY: "polyphony",
  PROFILE: "profile",
  SINCE: "since",
  AGE: "age",
  COUNT: "count",
  ECHO: "echo",
  CLASSES: "plan_classes",
  OUTLINE: "plan_outline",
} as const;

/** Table of the first layer: a group of rows for one kind of feature. */
interface Table {
  readonly name: string;
  readonly row: number;
  readonly rows: number;
}

/** Memory layout of the network's parameters, and its block for the kernels. */
export interface Layout extends Keyboard, NetworkShape {
  readonly tables: readonly Table[];
  readonly rows: number;
  /** Number of parameters, without padding. */
  readonly parameters: number;
  /** Number of parameters, padded to a multiple of 4. */
  readonly padded: number;
  /** Lag, radius, first row, first folded row or −1, for each lag. */
  readonly lagTable: Int32Array;
  /** First row of each of the tables of {@linkcode PLACES}. */
  readonly places: readonly number[];
  /** First row of each of the tables of {@linkcode PLANNED}. */
  readonly planned: readonly number[];
  /** First row of each of the tables of {@linkcode CHORD_TONES}, or −1. */
  readonly chordTones: readonly number[];
  /** First row of each of the tables of {@linkcode CHORD_TIMES}, or −1. */
  readonly chordTimes: readonly number[];
  /** Network block for the kernels, with addresses still 0. */
  readonly words: Int32Array;
}

/** Computes the layout for a keyboard of `pitches` pitches from `lowest` on. */
export function layOut(shape: NetworkShape, { lowest, pitches, states }: Keyboard): Layout {
  const { width, layers, lags, radius, chords } = shape;
  if (width % 24 !== 0 || width <= 0) {
    throw new RangeError(
      `Cannot build a pitchwise network ${width} units wide; the width must be a multiple of 24`,
    );
  }
  const tables: Table[] = [];
  let rows = 0;
  for (const [name, count] of tableSizes(shape, pitches, states)) {
    tables.push({ name, row: rows, rows: count });
    rows += count;
  }
  const firstRow = (name: string) => tables.find((table) => table.name === name)?.row ?? -1;
  const parameters = rows * width + layers * (width * width + width) + states * (width + pitches);
  const padded = (parameters + 3) & ~3;
  const words = new Int32Array(fields.NETWORK_WORDS);
  words[fields.PITCHES] = pitches;
  words[fields.LOWEST] = lowest;
  words[fields.WIDTH] = width;
  words[fields.LAYERS] = layers;
  words[fields.STATES] = states;
  words[fields.LAGS] = lags.length;
  words[fields.WINDOW] = SUMMARY_WINDOW;
  words[fields.REACH] = REACH;
  words[fields.ECHO_RADIUS] = ECHO_RADIUS;
  words[fields.OUTLINE_RADIUS] = OUTLINE_RADIUS;
  words[fields.ROWS] = rows;
  words[fields.PARAMETERS] = padded;
  for (const [field, name] of Object.entries(TOLD)) {
    words[fields[field as keyof typeof TOLD]] = firstRow(name);
  }
  const lagTable = lags.flatMap((lag) => [
    ...[lag, reachAt(lag, radius), firstRow(`lag_${lag}`), firstRow(`lag_${lag}_folded`)],
  ]);
  return {
    ...{ pitches, lowest, states, width, layers, lags, radius, chords },
    ...{ tables, rows, parameters, padded, words },
    lagTable: Int32Array.from(lagTable),
    places: Object.keys(PLACES).map(firstRow),
    planned: Object.keys(PLANNED).map(firstRow),
    chordTones: Object.keys(CHORD_TONES).map(firstRow),
    chordTimes: Object.keys(CHORD_TIMES).map(firstRow),
  };
}

/** Radius in semitones of the view of a past frame. */
function reachAt(lag: number, [near, far]: NetworkShape["radius"]): number {
  return lag <= FOLDED_LAGS ? near : far;
}

/** Tables in order, with their numbers of rows. */
function tableSizes(
  { lags, radius, chords }: NetworkShape,
  pitches: number,
  states: number,
): (readonly [name: string, rows: number])[] {
  const around = (radius: number) => 2 * radius + 1;
  return [
    ["register", pitches],
    ...Object.entries(PLACES),
    ...lags.flatMap((lag): [string, number][] => [
      [`lag_${lag}`, states * around(reachAt(lag, radius))],
      ...(lag <= FOLDED_LAGS ? [[`lag_${lag}_folded`, states * 12] as [string, number]] : []),
    ]),
    ["below", states * REACH],
    ["below_folded", states * 12],
    ["rank", fields.RANKS],
    ["polyphony", fields.POLYPHONIES],
    ["profile", 12 * fields.HORIZONS],
    ["since", fields.BUCKETS],
    ["age", fields.BUCKETS],
    ["count", fields.BUCKETS],
    ["echo", fields.ECHOES * fields.ECHO_KINDS * (states * around(ECHO_RADIUS) + 1)],
    ...Object.entries(PLANNED),
    ["plan_classes", 2 * 12],
    ["plan_outline", 2 * around(OUTLINE_RADIUS)],
    ...chords ? Object.entries({ ...CHORD_TONES, ...CHORD_TIMES }) : [],
  ];
}

/** Maximum number of spans for a frame with at most `mostNotes` notes, now and in the past. */
export function spansFor(layout: Layout, mostNotes: number): number {
  const perNote = layout.lags.length + 2 * FOLDED_LAGS + fields.ECHOES + 4;
  const ofChords = 2 * fields.CHORD_TONES_COUNT + fields.CHORD_TIMES_COUNT;
  const ofPlan = fields.PLANNED_COUNT + 2 * 24 + 2 + ofChords;
  return mostNotes * perNote + 3 * layout.pitches + 24 * fields.HORIZONS + ofPlan + 16;
}
