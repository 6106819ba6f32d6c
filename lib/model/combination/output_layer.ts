import type * as tf from "@tensorflow/tfjs";
import { adamRates } from "./adam.ts";
import type { Backend } from "./backend.ts";
import { Blocks, floatsAt, integersAt } from "../../wasm/blocks.ts";
import {
  type OutputBuffers,
  type OutputSizes,
  outputSizes,
  reserveBuffers,
  restartSlice,
  type SliceWords,
  writeSlice,
} from "./output_layer_record.ts";

/**
 * Variables of a dense softmax layer and, for training only, Adam's moments; owned by the caller.
 */
interface OutputVariables extends Partial<Record<Moment, tf.Tensor>> {
  /** [inputs, classes] */
  readonly weights: tf.Tensor;
  /** [classes] */
  readonly bias: tf.Tensor;
}

/** Names of Adam's moments, each shaped like its variable. */
type Moment = `${"weights" | "bias"}${"First" | "Second"}Moment`;

/** Block sizes of the layer; for tests and measurements. */
export interface OutputLayerOptions {
  /** Rows per slice. Default: 2,048, or as many as have 512 MiB of scores. */
  readonly sliceRows?: number;
  /** Rows per block of one thread; a multiple of 40. Default 240. */
  readonly blockRows?: number;
  /** Classes per chunk of one thread; a multiple of 8. Default 128. */
  readonly chunkColumns?: number;
}

/**
 * Dense layer with softmax and cross-entropy over many classes, trained without ever holding the
 * whole batch × classes matrix in memory.
 *
 * Each batch makes two passes over the classes: one for the scores (a product), stored as
 * exponentials; one for the gradients (two products), with each weight's Adam step taken while its
 * gradient is in the cache. A batch whose scores would take too much memory is processed in slices
 * of rows. Memory besides the variables: one slice's scores, and the weights' gradient if there is
 * more than one slice.
 *
 * Exact: every class is included. The result does not depend on the number of threads.
 */
export class OutputLayer {
  readonly #backend: Backend;
  readonly #variables: OutputVariables;
  readonly #sizes: OutputSizes;
  readonly #sliceRows: number;
  readonly #blocks: Blocks;
  #buffers: OutputBuffers | undefined;

  /** Creates the layer; dispose of it before its variables. */
  constructor(backend: Backend, variables: OutputVariables, options: OutputLayerOptions = {}) {
    const [inputs, classes] = variables.weights.shape as [number, number];
    this.#backend = backend;
    this.#variables = variables;
    this.#sizes = outputSizes(inputs, classes, options.blockRows, options.chunkColumns);
    this.#sliceRows = options.sliceRows ??
      Math.min(2048, Math.max(this.#sizes.blockRows, Math.floor(2 ** 27 / classes)));
    this.#blocks = new Blocks(backend);
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
    const slices = Math.ceil(rows / sliceRows), rowBytes = this.#sizes.inputs * 4;
    const buffers = this.#buffersFor(Math.min(rows, sliceRows), true, slices);
    const { record } = buffers.addresses, rates = adamRates(step, learningRate);
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
        ...rates,
      });
      for (const loss of losses) sum += loss;
      restartSlice(backend, record);
      backend.parallel("outputLayerBackward", (thread) => [record, thread]);
      backend.parallel("outputLayerHiddenGradient", (...thread) => [record, ...thread]);
    }
    return sum / rows;
  }

  /**
   * Cross-entropy without a training step.
   * @returns nats of each row, as 64-bit floats
   * @throws RangeError when a label is not a class
   */
  losses(hidden: number, labels: Int32Array): Float64Array {
    this.#checkLabels(labels);
    const result = new Float64Array(labels.length), sliceRows = this.#sliceRows;
    for (let first = 0; first < labels.length; first += sliceRows) {
      const part = labels.subarray(first, first + sliceRows);
      const buffers = this.#buffersFor(Math.min(labels.length, sliceRows), false, 1);
      result.set(this.#forward(buffers, hidden + first * this.#sizes.inputs * 4, part, {}), first);
    }
    return result;
  }

  /** Frees the layer's memory; the variables stay. */
  dispose(): void {
    this.#blocks.free();
    this.#buffers = undefined;
  }

  /** Forward pass of one slice; returns its rows' losses. */
  #forward(
    buffers: OutputBuffers,
    hidden: number,
    labels: Int32Array,
    more: Partial<SliceWords>,
  ): Float64Array {
    const backend = this.#backend, rows = labels.length, paddedRows = Math.ceil(rows / 8) * 8;
    integersAt(backend, buffers.addresses.labels, rows).set(labels);
    writeSlice(backend, buffers.addresses.record, {
      ...buffers.addresses,
      ...this.#sizes,
      workspaceBytes: buffers.workspaceBytes,
      hidden,
      weights: backend.address(this.#variables.weights),
      bias: backend.address(this.#variables.bias),
      rows,
      paddedRows,
      firstSlice: 1,
      lastSlice: 1,
      share: 1 / rows,
      one: 1,
      ...more,
    });
    const { record, labelScores, totals: peaksAt } = buffers.addresses;
    backend.parallel("outputLayerPrepare", (...thread) => [record, ...thread]);
    backend.parallel("outputLayerForward", (thread) => [record, thread]);
    backend.parallel("outputLayerTotals", (...thread) => [record, ...thread]);
    const scores = floatsAt(backend, labelScores, rows);
    const peaks = floatsAt(backend, peaksAt, rows);
    const totals = floatsAt(backend, peaksAt + paddedRows * 4, rows);
    return Float64Array.from(
      labels,
      (_, row) => peaks[row]! + Math.log(totals[row]!) - scores[row]!,
    );
  }

  /** Buffers for slices of up to `rows`; reused until larger or different ones are needed. */
  #buffersFor(rows: number, train: boolean, slices: number): OutputBuffers {
    const several = slices > 1, there = this.#buffers;
    if (there && there.rows >= rows && there.train >= train && there.several >= several) {
      return there;
    }
    this.dispose();
    return this.#buffers = reserveBuffers(this.#blocks, this.#sizes, this.#backend.threads, {
      rows,
      train,
      several,
    });
  }

  #checkLabels(labels: Int32Array): void {
    const { classes } = this.#sizes;
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
