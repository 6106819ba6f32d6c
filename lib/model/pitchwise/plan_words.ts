import { stepsPerBeat } from "../../tokens/bars.ts";
import type { Grid } from "../../tokens/piece.ts";
import { type BarPlan, beatOf, type Plan } from "../../tokens/plan.ts";
import { mapQualities } from "../../tokens/qualities.ts";
import { chordReader, type ChordWords } from "./chord_words.ts";
import { PLANNED } from "./layout.ts";

/** Input features of a plan for one frame. */
export interface PlannedFrame {
  /** Frame at the same position of the bar that this bar resembles, or −1. */
  readonly likeFrame: number;
  /** Similarity in eighths, 0 to 7. */
  readonly likeKind: number;
  /** Transposition of the earlier bar in semitones. */
  readonly transpose: number;
  /** Rows of the tables of {@linkcode PLANNED}; −1 where unspecified. */
  readonly rows: readonly number[];
  /** Bit mask of the pitch classes of the half bar; 0 if unspecified. */
  readonly halfClasses: number;
  /** Bit mask of the pitch classes of the bar. */
  readonly barClasses: number;
  /** Approximate highest pitch of the beat, or −1. */
  readonly top: number;
  /** Approximate lowest pitch of the beat. */
  readonly bottom: number;
  /** Number of onsets, or −1. */
  readonly onsets: number;
  /** Chords; undefined where none is specified. */
  readonly chords: ChordWords | undefined;
}

/** Frame-by-frame lookup of a plan. */
export interface PlanReader {
  /** Features of a frame; undefined beyond the plan. */
  at(frame: number): PlannedFrame | undefined;
  /** The same plan with frames counted from `frame` on. */
  from(frame: number): PlanReader;
}

const readers = new WeakMap<Plan, { readonly grid: Grid; readonly reader: PlanReader }>();

/** Creates a reader of a plan; cached per plan. */
export function planReader(plan: Plan, grid: Grid): PlanReader {
  const known = readers.get(plan);
  if (known?.grid === grid) return known.reader;
  const starts = [0];
  for (const { frames } of plan.bars) starts.push(starts.at(-1)! + frames);
  const bars = plan.bars.map((bar, index) => barRows(plan, bar, index));
  const beat = stepsPerBeat(grid), chordsAt = chordReader(plan, grid);
  let last = 0; // mostly sequential access
  const barAt = (frame: number) => {
    if (frame < starts[last]!) last = 0;
    while (last < bars.length && frame >= starts[last + 1]!) last++;
    return last;
  };
  const read = (frame: number): PlannedFrame | undefined => {
    const index = barAt(frame), bar = plan.bars[index];
    if (frame < 0 || !bar) return undefined;
    const step = frame - starts[index]!, phase = phaseOf(plan, index);
    const half = bar.classes?.[step + phase < bar.steps / 2 ? 0 : 1];
    const inBeat = beatOf(step, phase, beat);
    return {
      likeFrame: likeFrame(plan, starts, index, step + phase),
      likeKind: Math.min(7, Math.floor((bar.like?.degree ?? 0) * 8)),
      transpose: bar.like?.transpose ?? 0,
      rows: bars[index]!.rows.map((row) => typeof row === "number" ? row : row[step] ?? -1),
      halfClasses: half ? bits(half) : 0,
      barClasses: bars[index]!.classes,
      top: bar.top?.[inBeat] ?? -1,
      bottom: bar.bottom?.[inBeat] ?? -1,
      onsets: bar.onsets?.[step] ?? -1,
      chords: chordsAt(frame),
    };
  };
  let latest = -1, said: PlannedFrame | undefined; // many contexts ask for one frame in turn
  const at = (frame: number) => latest === frame ? said : said = read(latest = frame);
  const from = (first: number): PlanReader =>
    first === 0 ? reader : ({
      at: (frame) => {
        const there = at(frame + first);
        return there && { ...there, likeFrame: Math.max(-1, there.likeFrame - first) };
      },
      from: (frame) => from(first + frame),
    });
  const reader: PlanReader = { at, from };
  readers.set(plan, { grid, reader });
  return reader;
}

/** Missing steps of an upbeat; only a plan's first bar can be one. */
function phaseOf({ bars }: Plan, index: number): number {
  const bar = bars[index]!;
  return index === 0 && bars.length > 1 ? Math.max(0, Math.round(bar.steps - bar.frames)) : 0;
}

function likeFrame(plan: Plan, starts: readonly number[], index: number, place: number): number {
  const like = plan.bars[index]!.like;
  if (!like || !(like.bar < index) || !plan.bars[like.bar]) return -1;
  const step = place - phaseOf(plan, like.bar);
  return step < 0 || step >= plan.bars[like.bar]!.frames ? -1 : starts[like.bar]! + step;
}

/** Rows of the tables of {@linkcode PLANNED}, each for the whole bar or for each of its steps. */
type BarRows = readonly (number | readonly number[])[];

/** Features of all frames of a bar: its rows, and its pitch classes. */
function barRows(
  { bars, ends }: Plan,
  bar: BarPlan,
  index: number,
): { rows: BarRows; classes: number } {
  const rows = new Map<string, number | readonly number[]>([
    ["plan_bars_so_far", octaves(index)],
    ["plan_bars_left", ends ? octaves(bars.length - 1 - index) : -1],
  ]);
  mapQualities(({ network = {} }, name) => {
    if (bar[name] === undefined) return;
    for (const [table, row] of Object.entries(network)) rows.set(table, row(bar[name], bar));
  });
  return {
    rows: Object.entries(PLANNED).map(([table, count]) => {
      const row = rows.get(table) ?? -1;
      return typeof row === "number"
        ? Math.min(count - 1, row)
        : row.map((one) => Math.min(count - 1, one));
    }),
    classes: bar.classes ? bits(bar.classes.flat()) : 0,
  };
}

/** Logarithmic bucket: 0, 1, 2–3, 4–7, 8–15, more. */
function octaves(count: number): number {
  return Math.min(PLANNED.plan_bars_left - 1, count === 0 ? 0 : 1 + Math.floor(Math.log2(count)));
}

function bits(classes: readonly number[]): number {
  return classes.reduce((mask, pitchClass) => mask | 1 << pitchClass % 12, 0);
}
