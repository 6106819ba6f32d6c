import { startBackend } from "../model/combination/backend.ts";
import type { HeapOptions } from "../wasm/heap.ts";
import { modelFolder } from "./run.ts";
import type { Roots } from "./settings.ts";

/** A `tf.LayersModel`. */
export type LayersModel = Awaited<
  ReturnType<typeof import("@tensorflow/tfjs")["loadLayersModel"]>
>;

/**
 * The original network of a bundle in tfjs's hands; the caller disposes the model.
 * @throws {Error} if there is no such model, it is damaged, or it is of another architecture
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
