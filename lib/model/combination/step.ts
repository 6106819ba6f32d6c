import type * as tf from "@tensorflow/tfjs";
import type { Backend } from "./backend.ts";
import { drawFromScores, drawingBytes, type Draws } from "./draw.ts";
import { HiddenLayers } from "./hidden_layers.ts";
import type { CombinationAdamState, CombinationParts } from "./parts.ts";
import { floatsAt } from "../../wasm/blocks.ts";
import { share, workspace } from "../../wasm/multiply.ts";
import { OutputLayer, type OutputLayerOptions } from "./output_layer.ts";

/**
 * Training step and inference of the combination network on our own kernels:
 * {@linkcode HiddenLayers} → dense, softmax. Variables and moments are owned by the caller.
 */
export class CombinationStep {
  readonly #backend: Backend;
  readonly #variables: CombinationParts<tf.Tensor>;
  readonly #adam: CombinationAdamState | undefined;
  readonly #layers: HiddenLayers;
  readonly #output: OutputLayer;
  readonly #classes: number;

  /** Sizes are those of the variables. @param adam needed for `step` only */
  constructor(
    backend: Backend,
    variables: CombinationParts<tf.Tensor>,
    adam?: CombinationAdamState,
    options?: OutputLayerOptions,
  ) {
    this.#backend = backend;
    this.#variables = variables;
    this.#adam = adam;
    this.#classes = variables.outputBias.size;
    this.#layers = new HiddenLayers(backend, variables);
    this.#output = new OutputLayer(backend, {
      weights: variables.outputKernel,
      bias: variables.outputBias,
      weightsFirstMoment: adam?.first.outputKernel,
      weightsSecondMoment: adam?.second.outputKernel,
      biasFirstMoment: adam?.first.outputBias,
      biasSecondMoment: adam?.second.outputBias,
    }, options);
  }

  /**
   * One Adam step on the mean cross-entropy of a batch; variables and moments change in place.
   * @param windows [rows, W], the network's input
   * @param labels [rows], the target classes
   * @param dropoutMask [rows, 256], 0 or 1 / (1 - rate); null for no dropout
   * @returns mean nats of the batch before the step; NaN or infinite when a score was
   */
  step(
    windows: Float32Array,
    labels: Int32Array,
    dropoutMask: Float32Array | null,
    learningRate: number = 0.001,
  ): number {
    const adam = this.#adam, rows = labels.length;
    if (!adam) throw new Error("Cannot train: the step was made without Adam's moments");
    const { hidden, dHidden } = this.#layers.forward(windows, rows, dropoutMask);
    const loss = this.#output.step(hidden, labels, dHidden, ++adam.steps, learningRate);
    this.#layers.backward(rows, dropoutMask !== null, adam, learningRate);
    return loss;
  }

  /** Cross-entropy of each row in nats, without dropout and without learning. */
  losses(windows: Float32Array, labels: Int32Array): Float64Array {
    return this.#output.losses(this.#layers.forward(windows, labels.length, null).hidden, labels);
  }

  /**
   * Scores (logits) of all classes for a few rows, for generation.
   * @returns [rows, V], a view of the heap that the next call to the backend may overwrite
   */
  scores(windows: Float32Array, rows: number): Float32Array {
    const floats = rows * this.#classes;
    return floatsAt(this.#backend, this.#scoresIn(floats * 4, windows, rows), floats);
  }

  /**
   * Samples the next class for a few rows at once, with probability softmax(score / temperature).
   * Faster than sampling from {@linkcode CombinationStep.scores}.
   * @returns the classes; -1 where every class has probability zero
   */
  draw(windows: Float32Array, draws: Draws): Int32Array {
    const classes = this.#classes, rows = draws.uniforms.length;
    const scores = this.#scoresIn(drawingBytes(rows, classes), windows, rows);
    return drawFromScores(this.#backend, scores, classes, draws);
  }

  /** Frees the buffers. */
  dispose(): void {
    this.#output.dispose();
    this.#layers.free();
  }

  /** Address of the scores of a few rows, at the beginning of a workspace of `bytes` bytes. */
  #scoresIn(bytes: number, windows: Float32Array, rows: number): number {
    const { outputKernel, outputBias } = this.#variables, classes = this.#classes;
    const { hidden } = this.#layers.forward(windows, rows, null);
    const out = workspace(this.#backend, bytes);
    const [weights, bias] = [outputKernel, outputBias].map(this.#backend.address);
    this.#backend.parallel("skinnyScores", (thread, threads) => {
      const [first, last] = share(Math.ceil(classes / 16), thread, threads);
      return [
        ...[hidden, weights!, bias!, out, rows, this.#layers.width, classes],
        ...[first * 16, Math.min(classes, last * 16)],
      ];
    });
    return out;
  }
}
