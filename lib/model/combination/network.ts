import * as tf from "./tfjs.ts";
import type { Backend } from "./backend.ts";
import type { NamedArray } from "../../train/trainer.ts";
import { floatsAt } from "../../wasm/blocks.ts";
import { type CombinationAdamState, type CombinationParts, PARTS } from "./parts.ts";
import { CombinationStep } from "./step.ts";

/**
 * The original network on the backend: a tfjs model, with our kernels on its variables.
 * @param model see {@linkcode buildCombinationLayers}; owned by the network from here on
 * @param training whether to keep Adam's moments, which take twice the weights' memory
 */
export function createCombinationNetwork(
  backend: Backend,
  model: tf.LayersModel,
  training: boolean,
) {
  const variables = model.getWeights();
  const names = model.weights.map(({ originalName }) => originalName);
  const adam = training ? momentsOf(variables) : undefined;
  const step = new CombinationStep(backend, partsOf(variables), adam);

  const arrays = (from: CombinationParts<tf.Tensor>, prefix = ""): NamedArray[] =>
    PARTS.map((part, index) => ({
      name: prefix + names[index],
      shape: from[part].shape,
      values: floatsAt(backend, backend.address(from[part]), from[part].size),
    }));
  /** Weights as views of the heap, valid until the next step. */
  const weights = () => arrays(partsOf(variables));
  /** Adam's moments and step count, also as views. Empty if the network is for inference only. */
  const state = () =>
    adam
      ? [
        ...arrays(adam.first, "m/"),
        ...arrays(adam.second, "v/"),
        { name: "steps", shape: [1], values: Float32Array.of(adam.steps) },
      ]
      : [];
  return {
    /**
     * tfjs's model; it shares its weights with `step`, so either one sees what the other learns.
     */
    model,
    /** Training step, scores and losses. */
    step,
    weights,
    state,
    /** Restores saved `weights` and `state`. */
    restore(savedWeights: readonly NamedArray[], savedState: readonly NamedArray[]) {
      copyArrays([...savedWeights, ...savedState], [...weights(), ...state()]);
      if (adam) adam.steps = savedState.find(({ name }) => name === "steps")!.values[0]!;
    },
    /** Frees the model and all buffers. */
    dispose() {
      step.dispose();
      model.dispose();
      if (adam) tf.dispose([...Object.values(adam.first), ...Object.values(adam.second)]);
    },
  };
}

/** @throws {Error} if an array is missing or of another shape */
function copyArrays(from: readonly NamedArray[], to: readonly NamedArray[]): void {
  const saved = new Map(from.map((array) => [array.name, array]));
  for (const { name, shape, values } of to) {
    const found = saved.get(name);
    if (found?.shape.join() !== shape.join()) {
      throw new Error(
        `Cannot load the network: ${name} has shape [${
          found?.shape ?? ""
        }], its window and vocabulary need [${shape}]`,
      );
    }
    values.set(found!.values);
  }
}

function momentsOf(variables: readonly tf.Tensor[]): CombinationAdamState {
  const zeros = () => partsOf(variables.map(({ shape }) => tf.zeros(shape)));
  return { first: zeros(), second: zeros(), steps: 0 };
}

function partsOf(tensors: readonly tf.Tensor[]): CombinationParts<tf.Tensor> {
  const named = PARTS.map((part, index) => [part, tensors[index]!]);
  return Object.fromEntries(named) as CombinationParts<tf.Tensor>;
}
