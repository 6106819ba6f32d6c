import * as fields from "./kernels/fields.ts";
import type { PitchwiseSettings } from "./settings.ts";

/** What decides a network's shape. */
export type NetworkShape = Pick<PitchwiseSettings, "width" | "layers" | "lags" | "radius">;

/** The pitches that a network knows, and in how many ways each can sound. */
export interface Keyboard {
  /** MIDI pitch of the lowest, 0 to 127. */
  readonly lowest: number;
  readonly pitches: number;
  /** 1, or 2 where struck and held are told apart. */
  readonly states: number;
}

/** Semitones that a note below is seen one by one; further down only its pitch class counts. */
const REACH = 48;

/** Semitones to either side that a pitch sees of an echo. */
const ECHO_RADIUS = 12;

/** Frames back that the summaries of a pitch (how long, how long ago, how often) look. */
const SUMMARY_WINDOW = 128;

/** Lags up to this are also seen as pitch classes. */
const FOLDED_LAGS = 16;

/** Semitones to either side that a pitch sees of the highest and the lowest note of a plan's beat. */
const OUTLINE_RADIUS = 18;

/** Rows for what a plan says: see `plan_words.ts`. */
export const PLANNED_ROWS = [12, 12, 12, 12, 32, 6, 6, 6] as const;

const PLANNED_NAMES = [
  "plan_notes",
  "plan_low",
  "plan_high",
  "plan_onsets",
  "plan_register",
  "plan_step_onsets",
  "plan_bars_so_far",
  "plan_bars_left",
] as const;

/** Rows for steps since the bar line, for 48ths of a bar, and for quarters of four bars. */
export const PLACE_ROWS = [64, 48, 16] as const;

/** A part of the first layer's table: its rows answer one kind of question about the music. */
interface Table {
  readonly name: string;
  readonly row: number;
  readonly rows: number;
}

/** How the network's numbers lie one after the other, and what the kernels need to know of it. */
export interface Layout extends Keyboard, NetworkShape {
  readonly tables: readonly Table[];
  readonly rows: number;
  /** Numbers in all, without padding. */
  readonly parameters: number;
  /** The same, padded to a multiple of 4. */
  readonly padded: number;
  /** Lag, radius, first row, first folded row or −1, for each lag. */
  readonly lagTable: Int32Array;
  /** First row of each of the tables of {@linkcode PLACE_ROWS}. */
  readonly places: readonly number[];
  /** First row of each of the tables of {@linkcode PLANNED_ROWS}. */
  readonly planned: readonly number[];
  /** The network block for the kernels, addresses still 0. */
  readonly words: Int32Array;
}

/** Lays a network out for a keyboard of `pitches` pitches from `lowest` on. */
export function layOut(
  { width, layers, lags, radius }: NetworkShape,
  keyboard: Keyboard,
): Layout {
  const { lowest, pitches, states } = keyboard;
  if (width % 24 !== 0 || width <= 0) {
    throw new RangeError(
      `Cannot build a pitchwise network ${width} units wide; the width must be a multiple of 24`,
    );
  }
  const tables: Table[] = [];
  let rows = 0;
  const add = (name: string, count: number): number => {
    tables.push({ name, row: rows, rows: count });
    rows += count;
    return rows - count;
  };
  const words = new Int32Array(fields.NETWORK_WORDS);
  words[fields.PITCHES] = pitches;
  words[fields.LOWEST] = lowest;
  words[fields.WIDTH] = width;
  words[fields.LAYERS] = layers;
  words[fields.STATES] = states;
  words[fields.LAGS] = lags.length;
  words[fields.WINDOW] = SUMMARY_WINDOW;
  words[fields.REACH] = REACH;
  words[fields.ABSOLUTE] = add("register", pitches);
  const places = PLACE_ROWS.map((count, i) =>
    add(["steps_into_bar", "part_of_bar", "place_in_four_bars"][i]!, count)
  );
  const lagTable = new Int32Array(lags.length * 4);
  lags.forEach((lag, i) => {
    const reach = radius[lag <= FOLDED_LAGS ? 0 : 1];
    const row = add(`lag_${lag}`, states * (2 * reach + 1));
    const folded = lag <= FOLDED_LAGS ? add(`lag_${lag}_folded`, states * 12) : -1;
    lagTable.set([lag, reach, row, folded], 4 * i);
  });
  words[fields.BELOW] = add("below", states * REACH);
  words[fields.BELOW_FOLDED] = add("below_folded", states * 12);
  words[fields.RANK] = add("rank", fields.RANKS);
  words[fields.POLYPHONY] = add("polyphony", fields.POLYPHONIES);
  words[fields.PROFILE] = add("profile", 12 * fields.HORIZONS);
  words[fields.SINCE] = add("since", fields.BUCKETS);
  words[fields.AGE] = add("age", fields.BUCKETS);
  words[fields.COUNT] = add("count", fields.BUCKETS);
  words[fields.ECHO] = add(
    "echo",
    fields.ECHOES * fields.ECHO_KINDS * (states * (2 * ECHO_RADIUS + 1) + 1),
  );
  words[fields.ECHO_RADIUS] = ECHO_RADIUS;
  const planned = PLANNED_ROWS.map((count, i) => add(PLANNED_NAMES[i]!, count));
  words[fields.CLASSES] = add("plan_classes", 2 * 12);
  words[fields.OUTLINE] = add("plan_outline", 2 * (2 * OUTLINE_RADIUS + 1));
  words[fields.OUTLINE_RADIUS] = OUTLINE_RADIUS;
  words[fields.ROWS] = rows;
  const parameters = rows * width + layers * (width * width + width) + states * (width + pitches);
  const padded = (parameters + 3) & ~3;
  words[fields.PARAMETERS] = padded;
  return {
    pitches,
    lowest,
    states,
    width,
    layers,
    lags,
    radius,
    tables,
    rows,
    parameters,
    padded,
    lagTable,
    places,
    planned,
    words,
  };
}

/** Spans that a frame with at most `mostNotes` notes, now and in the past, can need. */
export function spansFor(layout: Layout, mostNotes: number): number {
  const perNote = layout.lags.length + 2 * FOLDED_LAGS + fields.ECHOES + 4;
  const ofPlan = fields.PLANNED_COUNT + 2 * 24 + 2;
  return mostNotes * perNote + 3 * layout.pitches + 24 * fields.HORIZONS + ofPlan + 16;
}
