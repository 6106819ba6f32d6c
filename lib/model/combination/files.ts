import { BUNDLE } from "../bundle_files.ts";
import type * as tf from "@tensorflow/tfjs";
import { readModel } from "../bundle.ts";

/**
 * tfjs file handler of a bundle's network: its `model.json` and `weights.bin`.
 * @param folder a model bundle
 */
export function bundleFiles(folder: string): tf.io.IOHandler {
  return {
    load: () =>
      readModel(folder, async ({ manifest, text, bytes }) => {
        if (manifest.model !== "combination") {
          throw new Error(
            `Cannot load ${folder} into tfjs: it is a ${manifest.model} model, and tfjs knows the ` +
              `combination network only; train one with "deno task train --model combination"`,
          );
        }
        const network: tf.io.ModelJSON = JSON.parse(await text(BUNDLE.network));
        const { modelTopology, weightsManifest } = network;
        return {
          modelTopology,
          weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
          weightData: (await bytes(BUNDLE.weights)).slice().buffer,
        };
      }),
  };
}
