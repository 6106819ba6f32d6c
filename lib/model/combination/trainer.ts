import * as tf from "@tensorflow/tfjs";
import type { Backend } from "../../backend/backend.ts";
import type { Corpus } from "../../corpus/corpus.ts";
import { gatherWindows, pieceStarts } from "../../corpus/windows.ts";
import type { Random } from "../../random.ts";
import type { Piece } from "../../tokens/piece.ts";
import type { NamedArray, Trainer } from "../../train/trainer.ts";
import {
  combinationLayers,
  DROPOUT,
  HIDDEN,
  initialWeights,
  type WeightName,
  weightShapes,
} from "./layers.ts";
import { type CombinationVariables, plainLoss } from "./plain.ts";

/** Rows of held-out frames that are looked at together. */
const EVALUATION_ROWS = 256;

/**
 * The original network in training, on the WASM backend.
 * @param corpus what is learned from
 * @param random where the weights start
 */
export function createCombinationTrainer(
  corpus: Pick<Corpus, "ids" | "pieces" | "vocabulary">,
  { window }: { readonly window: number },
  backend: Backend,
  random: Random,
): Trainer {
  const classes = corpus.vocabulary.size;
  const starts = pieceStarts(corpus);
  const variables = createVariables(initialWeights(window, classes, random));
  const zeros = () =>
    weightShapes(window, classes).map(({ name, shape }) => ({ name, values: null, shape }));
  const moments = { m: createVariables(zeros()), v: createVariables(zeros()) };
  let steps = 0;
  const layers = combinationLayers(window, classes);
  const arrays = (prefix: string, from: CombinationVariables): NamedArray[] =>
    Object.entries(from).map(([name, variable]) => ({
      name: `${prefix}${name}`,
      shape: variable.shape,
      values: viewOf(backend, variable),
    }));
  const all = [variables, moments.m, moments.v];
  return {
    layers,
    parameters: layers.reduce((sum, layer) => sum + layer.parameters, 0),
    step(targets, { learningRate, random }) {
      const windows = gatherWindows(corpus.ids, starts, targets, window);
      const labels = Int32Array.from(targets, (target) => corpus.ids[target]!);
      const mask = dropoutMask(targets.length * HIDDEN[1], random);
      steps++;
      return tf.tidy(() => {
        const { value, grads } = tf.variableGrads(
          () =>
            plainLoss(
              variables,
              tf.tensor2d(windows, [targets.length, window]),
              tf.tensor1d(labels, "int32"),
              tf.tensor2d(mask, [targets.length, HIDDEN[1]]),
            ),
          Object.values(variables),
        );
        for (const [name, variable] of Object.entries(variables)) {
          const key = name as WeightName;
          plainAdam(
            variable,
            grads[variable.name]!,
            moments.m[key],
            moments.v[key],
            learningRate,
            steps,
          );
        }
        return value.dataSync()[0]!;
      });
    },
    meanLoss(pieces) {
      let sum = 0, frames = 0;
      for (const piece of pieces) {
        for (const { windows, labels } of batchesOf(piece, corpus.vocabulary, window)) {
          sum += labels.length * tf.tidy(() =>
            plainLoss(
              variables,
              tf.tensor2d(windows, [labels.length, window]),
              tf.tensor1d(labels, "int32"),
              null,
            ).dataSync()[0]!
          );
          frames += labels.length;
        }
      }
      return sum / frames;
    },
    weights: () => arrays("", variables),
    state: () => [
      ...arrays("m/", moments.m),
      ...arrays("v/", moments.v),
      { name: "steps", shape: [1], values: Float32Array.of(steps) },
    ],
    restore(weights, state) {
      const named = new Map([...weights, ...state].map(({ name, values }) => [name, values]));
      const fill = (prefix: string, into: CombinationVariables) => {
        for (const [name, variable] of Object.entries(into)) {
          viewOf(backend, variable).set(named.get(`${prefix}${name}`)!);
        }
      };
      fill("", variables);
      fill("m/", moments.m);
      fill("v/", moments.v);
      steps = named.get("steps")![0]!;
    },
    dispose: () => all.forEach((variables) => tf.dispose(Object.values(variables))),
  };
}

function* batchesOf(
  piece: Piece,
  vocabulary: Corpus["vocabulary"],
  window: number,
): Generator<{ windows: Float32Array; labels: Int32Array }> {
  const ids = Int32Array.from(piece.frames, (frame) => vocabulary.id(frame)!);
  const starts = new Int32Array(ids.length);
  for (let first = 1; first < ids.length; first += EVALUATION_ROWS) {
    const length = Math.min(EVALUATION_ROWS, ids.length - first);
    const targets = Int32Array.from({ length }, (_, row) => first + row);
    yield {
      windows: gatherWindows(ids, starts, targets, window),
      labels: ids.slice(first, first + length),
    };
  }
}

function createVariables(
  arrays: readonly { name: string; shape: readonly number[]; values: Float32Array | null }[],
): CombinationVariables {
  return Object.fromEntries(arrays.map(({ name, shape, values }) => [
    name,
    tf.tidy(() => {
      const at = [...shape];
      return tf.variable(values ? tf.tensor(values, at) : tf.zeros(at));
    }),
  ])) as unknown as CombinationVariables;
}

function viewOf(backend: Backend, variable: tf.Variable): Float32Array {
  return new Float32Array(backend.memory.buffer, backend.address(variable), variable.size);
}

/** Factors of inverted dropout: 0 for what is dropped, 1 / kept share for the rest. */
function dropoutMask(length: number, random: Random): Float32Array {
  const mask = new Float32Array(length);
  const kept = 1 / (1 - DROPOUT);
  for (let i = 0; i < length; i++) mask[i] = random.next() < DROPOUT ? 0 : kept;
  return mask;
}

/** One step of Adam (Kingma and Ba 2014, arXiv 1412.6980) in plain tfjs operations. */
function plainAdam(
  variable: tf.Variable,
  gradient: tf.Tensor,
  m: tf.Variable,
  v: tf.Variable,
  learningRate: number,
  step: number,
): void {
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-7];
  m.assign(m.mul(beta1).add(gradient.mul(1 - beta1)));
  v.assign(v.mul(beta2).add(gradient.square().mul(1 - beta2)));
  const corrected = m.div(1 - beta1 ** step).div(v.div(1 - beta2 ** step).sqrt().add(epsilon));
  variable.assign(variable.sub(corrected.mul(learningRate)));
}
