import type * as tf from "@tensorflow/tfjs";
import type { AdamSettings } from "./adam.ts";
import type { Backend } from "./backend.ts";
import { drawFromScores, drawingBytes } from "./draw.ts";
import { createHiddenLayers } from "./hidden_layers.ts";
import type { CombinationAdamState, CombinationParts } from "./parts.ts";
import { floatsAt, share, workspace } from "../../wasm/multiply.ts";
import { createOutputLayer, type OutputLayerOptions } from "./output_layer.ts";

/** The combination network's whole training step, and its use, on kernels of our own. */
export interface CombinationStep {
  /**
   * One step of Adam on the mean cross-entropy of a batch; variables and moments change in place.
   *
   * @param windows [rows, W], what the network sees
   * @param labels [rows], the classes that came next
   * @param dropoutMask [rows, 256], 0 or 1 / (1 - rate); null for no dropout
   * @returns mean nats of the batch before the step; NaN or infinite when a score was
   */
  step(
    windows: Float32Array,
    labels: Int32Array,
    dropoutMask: Float32Array | null,
    settings?: AdamSettings,
  ): number;
  /** Cross-entropy of each row in nats, without dropout and without learning. */
  losses(windows: Float32Array, labels: Int32Array): Float64Array;
  /**
   * Scores (logits) of all classes for a few rows, as generation needs them.
   *
   * @returns [rows, V], a view of the heap that the next call to the backend may overwrite
   */
  scores(windows: Float32Array, rows: number): Float32Array;
  /**
   * Draws the class that comes next, for a few rows at once: with probability
   * softmax(score / temperature). Faster than drawing from {@linkcode CombinationStep.scores}.
   *
   * @param uniforms a random number from 0 to 1 (excluded) for each row
   * @param excluded for each row, a class that must not be drawn, if any
   * @returns the classes; -1 where no class has a probability
   */
  draw(
    windows: Float32Array,
    rows: number,
    temperature: number,
    uniforms: ArrayLike<number>,
    excluded?: readonly (number | undefined)[],
  ): Int32Array;
  /** Gives back the buffers; variables and moments stay the caller's. */
  dispose(): void;
}

/**
 * Makes the combination network's step: {@linkcode createHiddenLayers} → dense, softmax. Sizes are
 * those of the variables.
 *
 * @param adam needed for `step` only
 */
export function createCombinationStep(
  backend: Backend,
  variables: CombinationParts<tf.Tensor>,
  adam?: CombinationAdamState,
  options?: OutputLayerOptions,
): CombinationStep {
  const [, classes] = variables.outputKernel.shape as [number, number];
  const layers = createHiddenLayers(backend, variables);
  const output = createOutputLayer(backend, {
    weights: variables.outputKernel,
    bias: variables.outputBias,
    weightsFirstMoment: adam?.first.outputKernel,
    weightsSecondMoment: adam?.second.outputKernel,
    biasFirstMoment: adam?.first.outputBias,
    biasSecondMoment: adam?.second.outputBias,
  }, options);

  /** Scores of a few rows, to [rows, classes] at an address. */
  function scoresTo(out: number, hidden: number, rows: number): void {
    const [weights, bias] = [variables.outputKernel, variables.outputBias].map(backend.address);
    backend.parallel("skinnyScores", (thread, threads) => {
      const [first, last] = share(Math.ceil(classes / 16), thread, threads);
      return [
        ...[hidden, weights!, bias!, out, rows, layers.width, classes],
        ...[first * 16, Math.min(classes, last * 16)],
      ];
    });
  }

  return {
    step(windows, labels, dropoutMask, settings = {}) {
      if (!adam) throw new Error("Cannot train: the step was made without Adam's moments");
      const rows = labels.length;
      const { hidden, dHidden } = layers.forward(windows, rows, dropoutMask);
      const loss = output.step(hidden, labels, dHidden, ++adam.steps, settings);
      layers.backward(rows, dropoutMask !== null, adam, settings);
      return loss;
    },
    losses(windows, labels) {
      return output.losses(layers.forward(windows, labels.length, null).hidden, labels);
    },
    scores(windows, rows) {
      const { hidden } = layers.forward(windows, rows, null);
      const out = workspace(backend, rows * classes * 4);
      scoresTo(out, hidden, rows);
      return floatsAt(backend, out, rows * classes);
    },
    draw(windows, rows, temperature, uniforms, excluded) {
      const { hidden } = layers.forward(windows, rows, null);
      const scoresAt = workspace(backend, drawingBytes(rows, classes));
      scoresTo(scoresAt, hidden, rows);
      return drawFromScores(backend, scoresAt, rows, classes, temperature, uniforms, excluded);
    },
    dispose() {
      output.dispose();
      layers.free();
    },
  };
}
