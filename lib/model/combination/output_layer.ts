import type * as tf from "@tensorflow/tfjs";
import { adamStepBytes, writeAdamStep } from "./adam.ts";
import { allocateAll, type Arena } from "../../wasm/arena.ts";
import type { Backend } from "./backend.ts";
import { TILE_ROWS } from "../../wasm/kernels/sizes.ts";
import { floatsAt } from "../../wasm/multiply.ts";
import { restartSlice, type SliceWords, sliceWords, writeSlice } from "./output_layer_record.ts";

/** A dense softmax layer's variables and, for training only, Adam's moments; the caller owns them. */
export interface OutputVariables extends Partial<Record<Moment, tf.Tensor>> {
  /** [inputs, classes] */
  readonly weights: tf.Tensor;
  /** [classes] */
  readonly bias: tf.Tensor;
}

/** Like the variable that each is of. */
type Moment = `${"weights" | "bias"}${"First" | "Second"}Moment`;

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
 * Parts of the gradient of the layer's input. As many threads at most work on the second pass;
 * the number must not depend on theirs, since the parts are added in order.
 */
const maximumSegments = 16;

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
export class OutputLayer {
  readonly #backend: Backend;
  readonly #variables: OutputVariables;
  readonly #inputs: number;
  readonly #classes: number;
  readonly #sliceRows: number;
  readonly #blockRows: number;
  readonly #chunkColumns: number;
  readonly #chunks: number;
  readonly #segments: number;
  #buffers: Buffers | undefined;

  /** Makes the layer; dispose of it before its variables. */
  constructor(backend: Backend, variables: OutputVariables, options: OutputLayerOptions = {}) {
    const [inputs, classes] = variables.weights.shape as [number, number];
    const { blockRows = 240, chunkColumns = 128 } = options;
    if (blockRows % 40 !== 0 || blockRows <= 0) { // tiles have 5 rows, panels 8
      throw new RangeError(`Blocks of ${blockRows} rows: needed a multiple of 40`);
    }
    if (chunkColumns % 8 !== 0 || chunkColumns <= 0) {
      throw new RangeError(`Chunks of ${chunkColumns} classes: needed a multiple of 8`);
    }
    this.#backend = backend;
    this.#variables = variables;
    this.#inputs = inputs;
    this.#classes = classes;
    this.#sliceRows = options.sliceRows ??
      Math.min(2048, Math.max(blockRows, Math.floor(2 ** 27 / classes)));
    this.#blockRows = blockRows;
    this.#chunkColumns = Math.min(chunkColumns, ceil(classes, 8));
    this.#chunks = Math.ceil(classes / this.#chunkColumns);
    this.#segments = Math.min(maximumSegments, this.#chunks);
  }

  /**
   * One training step: loss, gradients, and Adam on weights and bias in place.
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
    learningRate: number = 0.001,
  ): number {
    this.#checkLabels(labels);
    const rows = labels.length, sliceRows = this.#sliceRows, backend = this.#backend;
    if (rows === 0) return NaN;
    const slices = Math.ceil(rows / sliceRows), rowBytes = this.#inputs * 4;
    const buffers = this.#buffersFor(Math.min(rows, sliceRows), true, slices);
    writeAdamStep(backend, buffers.adam, learningRate, step);
    let sum = 0;
    for (let slice = 0; slice < slices; slice++) {
      const first = slice * sliceRows;
      const own = labels.subarray(first, first + sliceRows);
      const losses = this.#forward(buffers, hidden + first * rowBytes, own, {
        weightsFirst: this.#addressOf("weightsFirstMoment"),
        weightsSecond: this.#addressOf("weightsSecondMoment"),
        biasFirst: this.#addressOf("biasFirstMoment"),
        biasSecond: this.#addressOf("biasSecondMoment"),
        hiddenGradient: hiddenGradient + first * rowBytes,
        firstSlice: slice === 0 ? 1 : 0,
        lastSlice: slice === slices - 1 ? 1 : 0,
        share: 1 / rows,
      });
      for (const loss of losses) sum += loss;
      restartSlice(backend, buffers.record);
      backend.parallel("outputLayerBackward", (thread) => [buffers.record, thread]);
      backend.parallel("outputLayerHiddenGradient", (...thread) => [buffers.record, ...thread]);
    }
    return sum / rows;
  }

  /**
   * Cross-entropy without learning.
   * @returns nats of each row, as 64-bit floats
   * @throws RangeError when a label is not a class
   */
  losses(hidden: number, labels: Int32Array): Float64Array {
    this.#checkLabels(labels);
    const result = new Float64Array(labels.length), sliceRows = this.#sliceRows;
    for (let first = 0; first < labels.length; first += sliceRows) {
      const part = labels.subarray(first, first + sliceRows);
      const buffers = this.#buffersFor(Math.min(labels.length, sliceRows), false, 1);
      result.set(this.#forward(buffers, hidden + first * this.#inputs * 4, part, {}), first);
    }
    return result;
  }

  /** Gives back the layer's memory; the variables stay. */
  dispose(): void {
    this.#buffers?.free();
    this.#buffers = undefined;
  }

  /** Runs the forward pass of one slice and gives its rows' losses. */
  #forward(
    buffers: Buffers,
    hidden: number,
    labels: Int32Array,
    more: Partial<SliceWords>,
  ): Float64Array {
    const backend = this.#backend, rows = labels.length, paddedRows = ceil(rows, 8);
    new Int32Array(backend.memory.buffer, buffers.labels, rows).set(labels);
    const { free: _, train: __, several: ___, ...addresses } = buffers;
    writeSlice(backend, buffers.record, {
      ...addresses,
      hidden,
      weights: backend.address(this.#variables.weights),
      bias: backend.address(this.#variables.bias),
      rows,
      paddedRows,
      inputs: this.#inputs,
      paddedInputs: ceil(this.#inputs, TILE_ROWS),
      blockRows: this.#blockRows,
      classes: this.#classes,
      chunkColumns: this.#chunkColumns,
      chunks: this.#chunks,
      segments: this.#segments,
      firstSlice: 1,
      lastSlice: 1,
      share: 1 / rows,
      one: 1,
      ...more,
    });
    backend.parallel("outputLayerPrepare", (...thread) => [buffers.record, ...thread]);
    backend.parallel("outputLayerForward", (thread) => [buffers.record, thread]);
    backend.parallel("outputLayerTotals", (...thread) => [buffers.record, ...thread]);
    const scores = floatsAt(backend, buffers.labelScores, rows);
    const peaks = floatsAt(backend, buffers.totals, rows);
    const totals = floatsAt(backend, buffers.totals + paddedRows * 4, rows);
    return Float64Array.from(
      labels,
      (_, row) => peaks[row]! + Math.log(totals[row]!) - scores[row]!,
    );
  }

  /** Buffers for slices of up to `rows`; kept until more or others are needed. */
  #buffersFor(rows: number, train: boolean, slices: number): Buffers {
    const paddedRows = ceil(rows, 8), several = slices > 1, there = this.#buffers;
    if (
      there && there.rows >= paddedRows && there.train >= train && there.several >= several
    ) return there;
    this.dispose();
    const inputs = this.#inputs, chunks = this.#chunks;
    const paddedInputs = ceil(inputs, TILE_ROWS), paddedClasses = ceil(this.#classes, 8);
    // Each thread's own, in the two passes; see the kernels for what lies in it.
    const block = this.#chunkColumns * this.#blockRows;
    const weights = this.#chunkColumns * paddedInputs;
    const forward = weights + 4 * this.#blockRows + block;
    const backward = weights + 2 * block + (several ? 0 : weights);
    const workspaceFloats = ceil(Math.max(forward, train ? backward : 0), 16);
    const addresses = allocateAll(this.#backend, {
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
      hiddenGradients: train ? this.#segments * paddedInputs * paddedRows : 0,
      workspaces: workspaceFloats * this.#backend.threads,
    });
    const workspaceBytes = workspaceFloats * 4;
    return this.#buffers = { ...addresses, workspaceBytes, rows: paddedRows, train, several };
  }

  #checkLabels(labels: Int32Array): void {
    const classes = this.#classes;
    const wrong = labels.find((label) => label < 0 || label >= classes);
    if (wrong !== undefined) {
      throw new RangeError(
        `Label ${wrong} is not one of the ${classes} classes 0 to ${classes - 1}`,
      );
    }
  }

  #addressOf(moment: Moment): number {
    const tensor = this.#variables[moment];
    if (!tensor) throw new Error("Cannot train the output layer: Adam's moments are missing");
    return this.#backend.address(tensor);
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
