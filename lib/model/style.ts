import { reason } from "../store/files.ts";
import type { NamedArray } from "../train/trainer.ts";
import { placeOfBase, readNetworkIn } from "./base.ts";
import type { ModelManifest } from "./bundle.ts";
import { adoptWeights } from "./pitchwise/adopt.ts";
import { nameWeights, readNetwork, readWeights } from "./pitchwise/weights.ts";

/**
 * Interpolates between the weights of a base and those that were adapted from it, linearly: 0 gives
 * the base's, 1 the adapted ones, more goes further in the same direction. (Ilharco et al. 2023,
 * "Editing models with task arithmetic", arXiv 2212.04089.)
 * @param folder of the adapted model
 * @param style weight of the adaptation, 0 to `MOST_STYLE`
 * @throws {Error} if the model was not adapted from a base, or that base is missing or another one
 */
export async function styledWeights(
  folder: string,
  { adaptedFrom, model, network, style: { tokenize: { grid } } }: ModelManifest,
  weights: readonly NamedArray[],
  style: number,
): Promise<NamedArray[]> {
  const what = `Cannot weigh the style of the model in ${folder}`;
  if (model !== "pitchwise" || !adaptedFrom) {
    throw new TypeError(
      `${what}: it was not adapted from a base, so there is nothing to weigh it against; ` +
        "leave out --style, or use a model that was trained from one",
    );
  }
  const { layout } = readNetwork(network), adapted = readWeights(layout, weights);
  const base = adapted.slice();
  try {
    const found = await readNetworkIn(placeOfBase(adaptedFrom.name, folder), grid);
    if (found.hash !== adaptedFrom.hash) throw new Error("it is no longer the same");
    adoptWeights(found.network, layout, grid, base);
  } catch (cause) {
    throw new Error(
      `${what} against "${adaptedFrom.name}", from which it was adapted: ${reason(cause)}; leave ` +
        "out --style, or train it again",
      { cause },
    );
  }
  return nameWeights(layout, adapted.map((value, i) => base[i]! + style * (value - base[i]!)));
}
