import { readNetworkIn } from "../../lib/model/base.ts";
import { openModel, readModelArrays } from "../../lib/model/bundle.ts";
import { adoptWeights } from "../../lib/model/pitchwise/adopt.ts";
import {
  nameWeights,
  partsOf,
  readNetwork,
  readWeights,
} from "../../lib/model/pitchwise/weights.ts";
import type { NamedArray } from "../../lib/train/trainer.ts";

/**
 * Means of a network's weights and those it started from, which predict unseen music better than
 * either (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models", arXiv 2109.01903). Tables
 * that the earlier network lacks stay as they were learned.
 * @param folder of the model
 * @param before folder of the network that it started from
 */
export async function averagedWeights(folder: string, before: string): Promise<NamedArray[]> {
  const bundle = await openModel(folder), { network: own, style } = bundle.manifest;
  const { grid } = style.tokenize, { layout } = readNetwork(own);
  const numbers = readWeights(layout, await readModelArrays(bundle, "weights"));
  const { network } = await readNetworkIn(before, grid), others = numbers.slice();
  adoptWeights(network, layout, grid, others);
  const known = new Set(partsOf(network.layout).map(({ name }) => name));
  for (const { name, offset, length } of partsOf(layout)) {
    if (!known.has(name)) continue;
    for (let i = offset; i < offset + length; i++) numbers[i] = (numbers[i]! + others[i]!) / 2;
  }
  return nameWeights(layout, numbers);
}
