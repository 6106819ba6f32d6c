import { startBackend } from "../model/combination/backend.ts";
import type { HeapOptions } from "../wasm/heap.ts";
import { modelFolder } from "./run.ts";
import type { Roots } from "./settings.ts";

/** A `tf.LayersModel`. */
export type LayersModel = Awaited<
  ReturnType<typeof import("@tensorflow/tfjs")["loadLayersModel"]>
>;

/**
 * The original network of a bundle in tfjs's hands: `summary`, `predict` and `fit` work on it as on
 * any model of tfjs's. It sees windows of combination ids, [rows, 40], and gives the probability of
 * each combination to come next, [rows, combinations].
 *
 * Starts the backend if it does not run; the caller disposes the model.
 *
 * @param name of a model that was trained with `model: "combination"`
 * @throws {Error} if there is no such model, it is damaged, or it is of another architecture
 * @example
 * ```ts
 * import { loadLayersModel, train } from "../../mod.ts";
 * await train({ corpus: "mine", name: "original", model: "combination", epochs: 1 });
 * const model = await loadLayersModel("original");
 * model.summary();
 * model.dispose();
 * ```
 */
export async function loadLayersModel(
  name: string,
  { data: _, models, ...options }: Roots & HeapOptions = {},
): Promise<LayersModel> {
  await startBackend(options);
  const { loadLayersModel } = await import("@tensorflow/tfjs");
  const { bundleFiles } = await import("../model/combination/files.ts");
  return await loadLayersModel(bundleFiles(modelFolder({ models }, name)));
}
