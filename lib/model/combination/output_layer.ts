import type * as tf from "@tensorflow/tfjs";
import { type AdamSettings, adamStepBytes, writeAdamStep } from "./adam.ts";
import { allocateAll, type Arena } from "../../wasm/arena.ts";
import type { Backend } from "./backend.ts";
import { TILE_ROWS } from "../../wasm/kernels/sizes.ts";
import { floatsAt } from "../../wasm/multiply.ts";
import { restartSlice, type SliceWords, sliceWords, writeSlice } from "./output_layer_record.ts";

/** The variables of a dense softmax layer and Adam's moments for them; the caller owns them. */
export interface OutputVariables {
  /** [inputs, classes] */
  readonly weights: tf.Tensor;
  /** [classes] */
  readonly bias: tf.Tensor;
  /** Like the weights; needed for training only. */
  readonly weightsFirstMoment?: tf.Tensor;
  /** Like the weights; needed for training only. */
  readonly weightsSecondMoment?: tf.Tensor;
  /** Like the bias; needed for training only. */
  readonly biasFirstMoment?: tf.Tensor;
  /** Like the bias; needed for training only. */
  readonly biasSecondMoment?: tf.Tensor;
}

/** How the layer divides its work; for tests and measurements. */
export interface OutputLayerOptions {
  /** Rows that go through the layer at once. Default: 2,048, or as many as have 512 MiB of scores. */
  readonly sliceRows?: number;
  /** Rows that one thread works on at once; a multiple of 40. Default 240. */
  readonly blockRows?: number;
  /** Classes that one thread works on at once; a multiple of 8. Default 128. */
  readonly chunkColumns?: number;
}

/**
 * A dense layer with softmax and cross-entropy over many classes, trained without batch × classes
 * ever lying in memory as a whole.
 *
 * A batch goes twice through the classes: once for the scores (a product), kept as exponentials;
 * once for the gradients (two products), and each weight's Adam step is taken while its gradient is
 * in the cache. A batch whose scores would take too much memory goes through in slices of rows.
 * Memory beside the variables: one slice's scores, and the weights' gradient when there is more
 * than one slice.
 *
 * Exact: no class is left out. The result does not depend on the number of threads.
 */
export interface OutputLayer {
  /**
   * One training step: loss, gradients, and Adam on weights and bias in place.
   *
   * @param hidden address of [rows, inputs], the layer's input
   * @param hiddenGradient address of [rows, inputs] where the loss's gradient is written
   * @param step Adam's t, counts from 1
   * @returns mean cross-entropy of the batch in nats, of the weights before the step; NaN or
   *   infinite when a score was
   * @throws RangeError when a label is not a class
   */
  step(
    hidden: number,
    labels: Int32Array,
    hiddenGradient: number,
    step: number,
    settings?: AdamSettings,
  ): number;
  /**
   * Cross-entropy without learning.
   *
   * @returns nats of each row, as 64-bit floats
   * @throws RangeError when a label is not a class
   */
  losses(hidden: number, labels: Int32Array): Float64Array;
  /** Gives back the layer's memory; the variables stay. */
  dispose(): void;
}

/**
 * Parts of the gradient of the layer's input. As many threads at most work on the second pass;
 * the number must not depend on theirs, since the parts are added in order.
 */
const maximumSegments = 16;

/** Makes an {@linkcode OutputLayer}; dispose of it before its variables. */
export function createOutputLayer(
  backend: Backend,
  variables: OutputVariables,
  options: OutputLayerOptions = {},
): OutputLayer {
  const [inputs, classes] = variables.weights.shape as [number, number];
  const blockRows = options.blockRows ?? 240;
  if (blockRows % 40 !== 0 || blockRows <= 0) { // tiles have 5 rows, panels 8
    throw new RangeError(`Blocks of ${blockRows} rows: needed a multiple of 40`);
  }
  const sliceRows = options.sliceRows ??
    Math.min(2048, Math.max(blockRows, Math.floor(2 ** 27 / classes)));
  const chunkColumns = Math.min(options.chunkColumns ?? 128, ceil(classes, 8));
  if (chunkColumns % 8 !== 0 || chunkColumns <= 0) {
    throw new RangeError(`Chunks of ${chunkColumns} classes: needed a multiple of 8`);
  }
  const paddedInputs = ceil(inputs, TILE_ROWS), paddedClasses = ceil(classes, 8);
  const chunks = Math.ceil(classes / chunkColumns);
  const segments = Math.min(maximumSegments, chunks);
  let arena: Buffers | undefined;

  /** Buffers for slices of up to `rows`; kept until more or others are needed. */
  function buffers(rows: number, train: boolean, slices: number): Buffers {
    const paddedRows = ceil(rows, 8), several = slices > 1;
    if (
      arena && arena.rows >= paddedRows && arena.train >= train && arena.several >= several
    ) return arena;
    arena?.free();
    arena = undefined;
    // Each thread's own, in the two passes; see the kernels for what lies in it.
    const block = chunkColumns * blockRows, weights = chunkColumns * paddedInputs;
    const forward = weights + 4 * blockRows + block;
    const backward = weights + 2 * block + (several ? 0 : weights);
    const workspaceFloats = ceil(Math.max(forward, train ? backward : 0), 16);
    const addresses = allocateAll(backend, {
      record: sliceWords,
      adam: adamStepBytes / 4,
      labels: paddedRows,
      hiddenRows: ceil(paddedRows, TILE_ROWS) * inputs,
      hiddenColumns: train ? paddedInputs * paddedRows : 0,
      scores: train ? paddedClasses * paddedRows : 0,
      peaks: chunks * paddedRows,
      sums: chunks * paddedRows,
      labelScores: paddedRows,
      totals: 2 * paddedRows,
      weightsGradient: train && several ? paddedClasses * paddedInputs : 0,
      biasGradient: train ? paddedClasses : 0,
      hiddenGradients: train ? segments * paddedInputs * paddedRows : 0,
      workspaces: workspaceFloats * backend.threads,
    });
    const workspaceBytes = workspaceFloats * 4;
    return arena = { ...addresses, workspaceBytes, rows: paddedRows, train, several };
  }

  /** Runs the forward pass of one slice and gives its rows' losses. */
  function forward(
    arena: Buffers,
    hidden: number,
    labels: Int32Array,
    more: Partial<SliceWords>,
  ): Float64Array {
    const rows = labels.length, paddedRows = ceil(rows, 8);
    new Int32Array(backend.memory.buffer, arena.labels, rows).set(labels);
    const { free: _, train: __, several: ___, ...addresses } = arena;
    writeSlice(backend, arena.record, {
      ...addresses,
      hidden,
      weights: backend.address(variables.weights),
      bias: backend.address(variables.bias),
      weightsFirst: 0,
      weightsSecond: 0,
      biasFirst: 0,
      biasSecond: 0,
      hiddenGradient: 0,
      rows,
      paddedRows,
      inputs,
      paddedInputs,
      blockRows,
      classes,
      chunkColumns,
      chunks,
      segments,
      next: 0,
      firstSlice: 1,
      lastSlice: 1,
      share: 1 / rows,
      one: 1,
      ...more,
    });
    backend.parallel("outputLayerPrepare", (...thread) => [arena.record, ...thread]);
    backend.parallel("outputLayerForward", (thread) => [arena.record, thread]);
    backend.parallel("outputLayerTotals", (...thread) => [arena.record, ...thread]);
    const scores = floatsAt(backend, arena.labelScores, rows);
    const peaks = floatsAt(backend, arena.totals, rows);
    const totals = floatsAt(backend, arena.totals + paddedRows * 4, rows);
    return Float64Array.from(
      labels,
      (_, row) => peaks[row]! + Math.log(totals[row]!) - scores[row]!,
    );
  }

  function checkLabels(labels: Int32Array): void {
    const wrong = labels.find((label) => label < 0 || label >= classes);
    if (wrong !== undefined) {
      throw new RangeError(
        `Label ${wrong} is not one of the ${classes} classes 0 to ${classes - 1}`,
      );
    }
  }

  return {
    step(hidden, labels, hiddenGradient, step, settings = {}) {
      checkLabels(labels);
      const rows = labels.length;
      if (rows === 0) return NaN;
      const slices = Math.ceil(rows / sliceRows);
      const arena = buffers(Math.min(rows, sliceRows), true, slices);
      writeAdamStep(backend, arena.adam, settings, step);
      let sum = 0;
      for (let slice = 0; slice < slices; slice++) {
        const first = slice * sliceRows;
        const last = Math.min(rows, first + sliceRows);
        const losses = forward(arena, hidden + first * inputs * 4, labels.subarray(first, last), {
          weightsFirst: addressOf(variables.weightsFirstMoment),
          weightsSecond: addressOf(variables.weightsSecondMoment),
          biasFirst: addressOf(variables.biasFirstMoment),
          biasSecond: addressOf(variables.biasSecondMoment),
          hiddenGradient: hiddenGradient + first * inputs * 4,
          firstSlice: slice === 0 ? 1 : 0,
          lastSlice: slice === slices - 1 ? 1 : 0,
          share: 1 / rows,
        });
        for (const loss of losses) sum += loss;
        restartSlice(backend, arena.record);
        backend.parallel("outputLayerBackward", (thread) => [arena.record, thread]);
        backend.parallel("outputLayerHiddenGradient", (...thread) => [arena.record, ...thread]);
      }
      return sum / rows;
    },
    losses(hidden, labels) {
      checkLabels(labels);
      const result = new Float64Array(labels.length);
      for (let first = 0; first < labels.length; first += sliceRows) {
        const part = labels.subarray(first, first + sliceRows);
        const arena = buffers(Math.min(labels.length, sliceRows), false, 1);
        result.set(forward(arena, hidden + first * inputs * 4, part, {}), first);
      }
      return result;
    },
    dispose() {
      arena?.free();
      arena = undefined;
    },
  };

  function addressOf(tensor: tf.Tensor | undefined): number {
    if (!tensor) throw new Error("Cannot train the output layer: Adam's moments are missing");
    return backend.address(tensor);
  }
}

type Buffers =
  & Arena<
    | ("record" | "adam" | "labels" | "hiddenRows" | "hiddenColumns" | "scores" | "peaks" | "sums")
    | ("labelScores" | "totals" | "weightsGradient" | "biasGradient" | "hiddenGradients")
    | "workspaces"
  >
  & {
    readonly workspaceBytes: number;
    /** Rows of a slice at most, a multiple of 8. */
    readonly rows: number;
    /** Whether there is room for the second pass. */
    readonly train: boolean;
    /** Whether gradients can be added up over several slices. */
    readonly several: boolean;
  };

function ceil(count: number, step: number): number {
  return Math.ceil(count / step) * step;
}
