import type { Grid } from "../../tokens/piece.ts";
import type { Layout } from "./layout.ts";
import { partsOf } from "./weights.ts";

/** A trained network: how it is built, its numbers, and the grid that it knows. */
export interface PitchwiseNetwork {
  readonly layout: Layout;
  /** All numbers, padded. */
  readonly numbers: Float32Array;
  readonly grid: Grid;
}

/**
 * Writes the numbers of `base` to where a network of another keyboard or grid has the same: pitches
 * keep theirs, lags and places in the bar those of the same time, as near as there is one. What the
 * base has nothing for keeps what stands in `numbers`.
 *
 * @throws {RangeError} if the two networks differ in width, layers or states
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
  const { width } = layout;
  // Where one of the grids has no beats, a step stays a step: what lasts is heard by the ear, too.
  const ratio = base.grid.unit === grid.unit ? base.grid.steps / grid.steps : 1;
  for (const { name, offset, length } of partsOf(layout)) {
    const source = parts.get(nameInBase(name, ratio, from.lags));
    if (!source) continue;
    const put = (row: number, sourceRow: number, size: number) => {
      if (sourceRow < 0 || (sourceRow + 1) * size > source.length) return;
      const at = source.offset + sourceRow * size;
      numbers.set(base.numbers.subarray(at, at + size), offset + row * size);
    };
    if (name === "register" || name === "head/bias") {
      const states = name === "register" ? 1 : layout.states,
        size = name === "register" ? width : 1;
      for (let state = 0; state < states; state++) {
        for (let p = 0; p < layout.pitches; p++) {
          const q = p + layout.lowest - from.lowest;
          if (q < 0 || q >= from.pitches) continue;
          put(state * layout.pitches + p, state * from.pitches + q, size);
        }
      }
    } else if (name === "steps_into_bar") {
      const rows = length / width;
      for (let row = 0; row < rows; row++) {
        put(row, Math.min(source.length / width - 1, Math.round(row * ratio)), width);
      }
    } else if (source.length === length) {
      numbers.set(base.numbers.subarray(source.offset, source.offset + length), offset);
    } else putAround(base.numbers, source, numbers, { offset, length }, width, layout.states);
  }
}

/** What a part is called in the base: lags are told by time, not by frames. */
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

/** Tables over a distance whose reach is another one: the middles are put on each other. */
function putAround(
  from: Float32Array,
  source: { readonly offset: number; readonly length: number },
  to: Float32Array,
  { offset, length }: { readonly offset: number; readonly length: number },
  width: number,
  states: number,
): void {
  const rows = length / width / states, sourceRows = source.length / width / states;
  if (!Number.isInteger(rows) || !Number.isInteger(sourceRows)) return;
  const shift = (sourceRows - rows) / 2;
  for (let state = 0; state < states; state++) {
    for (let row = 0; row < rows; row++) {
      const sourceRow = row + shift;
      if (sourceRow < 0 || sourceRow >= sourceRows) continue;
      const at = source.offset + (state * sourceRows + sourceRow) * width;
      to.set(from.subarray(at, at + width), offset + (state * rows + row) * width);
    }
  }
}
