import type { Grid } from "../../tokens/piece.ts";
import type { Layout } from "./layout.ts";
import { partsOf } from "./weights.ts";

/** A trained network: its structure, its parameters, and its grid. */
export interface PitchwiseNetwork {
  readonly layout: Layout;
  /** All parameters, padded. */
  readonly numbers: Float32Array;
  readonly grid: Grid;
}

/**
 * Transfers parameters of `base` to a network with another keyboard or grid: pitches map to
 * themselves, lags and positions in the bar to the nearest equivalent in time. Tables that the base
 * lacks become 0, which changes nothing; other parameters without a counterpart in the base keep
 * their values in `numbers`.
 */
export function adoptWeights(
  base: PitchwiseNetwork,
  layout: Layout,
  grid: Grid,
  numbers: Float32Array,
): void {
  const from = base.layout;
  for (const size of ["width", "layers", "states"] as const) {
    if (from[size] !== layout[size]) {
      throw new RangeError(
        `Cannot start from a network with ${from[size]} ${size}: needed ${layout[size]}`,
      );
    }
  }
  const parts = new Map(partsOf(from).map((part) => [part.name, part]));
  // If either grid has no beats, steps map one to one: durations are judged by ear, too.
  const ratio = base.grid.unit === grid.unit ? base.grid.steps / grid.steps : 1;
  const { width, states, lowest } = layout;
  for (const { name, offset, length } of partsOf(layout)) {
    const source = parts.get(nameInBase(name, ratio, from.lags));
    if (!source) {
      numbers.fill(0, offset, offset + length);
      continue;
    }
    const ofPitches = name === "register" || name === "head/bias",
      inBar = name === "steps_into_bar";
    if (length === source.length && !ofPitches && !inBar) {
      numbers.set(base.numbers.subarray(source.offset, source.offset + length), offset);
      continue;
    }
    // State by state, rows of `size` numbers.
    const size = name === "head/bias" ? 1 : width,
      parted = inBar || name === "register" ? 1 : states;
    const rows = length / size / parted, sourceRows = source.length / size / parted;
    if (!Number.isInteger(rows) || !Number.isInteger(sourceRows)) continue;
    const middle = (sourceRows - rows) / 2; // tables by distance, whose radius may differ
    for (let i = 0; i < rows * parted; i++) {
      const row = i % rows;
      const sourceRow = ofPitches
        ? row + lowest - from.lowest
        : inBar
        ? Math.min(sourceRows - 1, Math.round(row * ratio))
        : row + middle;
      if (sourceRow < 0 || sourceRow >= sourceRows) continue;
      const at = source.offset + (Math.floor(i / rows) * sourceRows + sourceRow) * size;
      numbers.set(base.numbers.subarray(at, at + size), offset + i * size);
    }
  }
}

/** Name of a part in the base: lags are matched by time, not by frames. */
function nameInBase(name: string, ratio: number, lags: readonly number[]): string {
  const [, lag, folded] = /^lag_(\d+)(_folded)?$/.exec(name) ?? [];
  if (lag === undefined) return name;
  const wanted = Math.max(1, Number(lag) * ratio);
  const candidates = folded ? lags.filter((lag) => lag <= 16) : lags;
  const nearest = candidates.reduce((best, lag) =>
    Math.abs(lag - wanted) < Math.abs(best - wanted) ? lag : best
  );
  return `lag_${nearest}${folded ?? ""}`;
}
