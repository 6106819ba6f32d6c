import * as tf from "@tensorflow/tfjs";
import type { Backend } from "../../backend/backend.ts";
import type { CombinationParts } from "./parts.ts";
import { type CombinationStep, createCombinationStep } from "./step.ts";
import type { NamedArray } from "../../train/trainer.ts";
import { type WeightName, weightShapes } from "./layers.ts";

/** What the kernels call the weights. */
const PARTS: Readonly<Record<WeightName, keyof CombinationParts<unknown>>> = {
  "conv1d/kernel": "convKernel",
  "conv1d/bias": "convBias",
  "dense/kernel": "dense1Kernel",
  "dense/bias": "dense1Bias",
  "dense_1/kernel": "dense2Kernel",
  "dense_1/bias": "dense2Bias",
  "dense_2/kernel": "outputKernel",
  "dense_2/bias": "outputBias",
};

/** The original network on the backend: its weights as tensors, and what computes with them. */
export interface CombinationNetwork {
  /** Trains, scores and measures. */
  readonly step: CombinationStep;
  /** The weights; views of the heap that hold until the next step. */
  weights(): NamedArray[];
  /** Adam's moments and the number of steps; views, too. None if the network only plays. */
  state(): NamedArray[];
  /** Goes back to what `weights` and `state` gave. */
  restore(weights: readonly NamedArray[], state: readonly NamedArray[]): void;
  /** Frees all tensors and buffers. */
  dispose(): void;
}

/**
 * Puts the network on the backend.
 * @param weights see {@linkcode weightShapes}
 * @param training whether it is to learn: then Adam's moments are kept, twice the weights' memory
 * @throws {Error} if the weights do not fit the window and the classes
 */
export function createCombinationNetwork(
  backend: Backend,
  weights: readonly NamedArray[],
  { window, classes, training }: {
    readonly window: number;
    readonly classes: number;
    readonly training: boolean;
  },
): CombinationNetwork {
  const shapes = weightShapes(window, classes);
  const given = new Map(weights.map((array) => [array.name, array]));
  for (const { name, shape } of shapes) {
    const found = given.get(name)?.shape;
    if (found?.join() !== shape.join()) {
      throw new Error(
        `Cannot load the network: ${name} has shape [${found}], its window and vocabulary need [${shape}]`,
      );
    }
  }
  const variables = tensors(shapes, (name, shape) => tf.tensor(given.get(name)!.values, shape));
  const zeros = () => tensors(shapes, (_, shape) => tf.zeros(shape));
  const adam = training ? { first: zeros(), second: zeros(), steps: 0 } : undefined;
  const step = createCombinationStep(backend, variables, adam);

  const arrays = (from: CombinationParts<tf.Tensor>, prefix = ""): NamedArray[] =>
    shapes.map(({ name, shape }) => {
      const tensor = from[PARTS[name]];
      const values = new Float32Array(backend.memory.buffer, backend.address(tensor), tensor.size);
      return { name: prefix + name, shape, values };
    });
  const state = () =>
    adam
      ? [
        ...arrays(adam.first, "m/"),
        ...arrays(adam.second, "v/"),
        { name: "steps", shape: [1], values: Float32Array.of(adam.steps) },
      ]
      : [];
  return {
    step,
    weights: () => arrays(variables),
    state,
    restore(weights, saved) {
      const values = new Map([...weights, ...saved].map(({ name, values }) => [name, values]));
      for (const array of [...arrays(variables), ...state()]) {
        const from = values.get(array.name);
        if (from?.length !== array.values.length) {
          throw new Error(
            `Cannot go back to a saved state: ${array.name} is missing or of another size`,
          );
        }
        array.values.set(from);
      }
      if (adam) adam.steps = values.get("steps")![0]!;
    },
    dispose() {
      step.dispose();
      const all = [variables, ...(adam ? [adam.first, adam.second] : [])];
      for (const parts of all) tf.dispose(Object.values(parts));
    },
  };
}

function tensors(
  shapes: ReturnType<typeof weightShapes>,
  make: (name: WeightName, shape: number[]) => tf.Tensor,
): CombinationParts<tf.Tensor> {
  return Object.fromEntries(
    shapes.map(({ name, shape }) => [PARTS[name], make(name, [...shape])]),
  ) as unknown as CombinationParts<tf.Tensor>;
}
