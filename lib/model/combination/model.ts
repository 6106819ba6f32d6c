import * as tf from "@tensorflow/tfjs";
import type { Backend } from "../../backend/backend.ts";
import { gatherWindows } from "../../corpus/windows.ts";
import { drawIndex } from "../../generate/sampling.ts";
import type { Frame } from "../../tokens/frame.ts";
import type { Grid } from "../../tokens/piece.ts";
import type { Vocabulary } from "../../tokens/vocabulary.ts";
import type { NamedArray } from "../../train/trainer.ts";
import type { Model } from "../model.ts";
import { weightShapes } from "./layers.ts";
import { type CombinationVariables, hiddenLayers } from "./plain.ts";

/** What a combination model knows beside its weights. */
export interface CombinationSetting {
  readonly grid: Grid;
  readonly window: number;
  readonly vocabulary: Vocabulary;
}

/**
 * The original network, ready to play.
 * @throws {Error} if the weights do not fit the window and the vocabulary
 */
export function loadCombinationModel(
  weights: readonly NamedArray[],
  { grid, window, vocabulary }: CombinationSetting,
  _backend: Backend,
): Model {
  const variables = variablesOf(weights, window, vocabulary.size);
  /** A frame that the vocabulary lacks counts as the nearest one that it has. */
  const idsOf = (frames: readonly Frame[]) =>
    Int32Array.from(frames, (frame) => vocabulary.id(frame) ?? vocabulary.nearest(frame));
  const logitsOf = (windows: Float32Array, rows: number) =>
    tf.tidy(() =>
      hiddenLayers(variables, tf.tensor2d(windows, [rows, window]), null)
        .matMul(variables["dense_2/kernel"]).add(variables["dense_2/bias"])
        .dataSync() as Float32Array
    );
  return {
    kind: "combination",
    grid,
    window,
    parameters: weights.reduce((sum, { values }) => sum + values.length, 0),
    logProbabilities({ frames }) {
      const result = new Float64Array(Math.max(0, frames.length - 1));
      const ids = idsOf(frames), starts = new Int32Array(frames.length);
      const rowsAtOnce = Math.max(1, Math.min(256, Math.floor(2 ** 24 / vocabulary.size)));
      for (let first = 1; first < frames.length; first += rowsAtOnce) {
        const rows = Math.min(rowsAtOnce, frames.length - first);
        const targets = Int32Array.from({ length: rows }, (_, row) => first + row);
        const logits = logitsOf(gatherWindows(ids, starts, targets, window), rows);
        for (let row = 0; row < rows; row++) {
          const id = vocabulary.id(frames[first + row]!);
          const own = logits.subarray(row * vocabulary.size, (row + 1) * vocabulary.size);
          result[first + row - 1] = id === undefined ? -Infinity : own[id]! - logSumExp(own);
        }
      }
      return result;
    },
    next(pasts, sampling, randoms, avoid) {
      const windows = new Float32Array(pasts.length * window);
      for (const [row, { frames }] of pasts.entries()) {
        const ids = idsOf(frames.slice(-window));
        windows.set(ids, (row + 1) * window - ids.length);
      }
      const logits = logitsOf(windows, pasts.length);
      return pasts.map((_, row) => {
        const own = logits.subarray(row * vocabulary.size, (row + 1) * vocabulary.size);
        const avoided = avoid?.[row];
        const excluded = avoided && vocabulary.id(avoided);
        return vocabulary.frame(drawIndex(own, sampling, randoms[row]!, excluded));
      });
    },
    dispose: () => tf.dispose(Object.values(variables)),
  };
}

function variablesOf(
  weights: readonly NamedArray[],
  window: number,
  classes: number,
): CombinationVariables {
  const named = new Map(weights.map((array) => [array.name, array]));
  return Object.fromEntries(
    weightShapes(window, classes).map(({ name, shape }) => {
      const array = named.get(name);
      if (array?.shape.join() !== shape.join()) {
        throw new Error(
          `Cannot load the model: ${name} has shape [${array?.shape}], its window and vocabulary ` +
            `need [${shape}]`,
        );
      }
      return [name, tf.tidy(() => tf.variable(tf.tensor(array.values, [...shape])))];
    }),
  ) as unknown as CombinationVariables;
}

function logSumExp(values: Float32Array): number {
  let most = -Infinity, sum = 0;
  for (const value of values) most = Math.max(most, value);
  for (const value of values) sum += Math.exp(value - most);
  return most + Math.log(sum);
}
