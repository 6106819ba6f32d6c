import { BUNDLE } from "../bundle_files.ts";
import type * as tf from "@tensorflow/tfjs";
import { readArtifactFile, readArtifactText, readWhole } from "../../store/artifact.ts";
import { MODEL, readModelManifest } from "../bundle.ts";

/**
 * tfjs file handler of a bundle's network: its `model.json` and `weights.bin`.
 * @param folder a model bundle
 */
export function bundleFiles(folder: string): tf.io.IOHandler {
  return {
    load: () =>
      readWhole(folder, async () => {
        const manifest = await readModelManifest(folder);
        if (manifest.model !== "combination") {
          throw new Error(
            `Cannot load ${folder} into tfjs: it is a ${manifest.model} model, and tfjs knows the ` +
              `combination network only; train one with "deno task train --model combination"`,
          );
        }
        const text = await readArtifactText(folder, manifest, BUNDLE.network, MODEL.command);
        const bytes = await readArtifactFile(folder, manifest, BUNDLE.weights, MODEL.command);
        const { modelTopology, weightsManifest } = JSON.parse(text) as tf.io.ModelJSON;
        return {
          modelTopology,
          weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
          weightData: bytes.slice().buffer,
        };
      }),
  };
}
