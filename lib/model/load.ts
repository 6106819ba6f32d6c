import { BUNDLE } from "./bundle_files.ts";
import { Vocabulary } from "../tokens/vocabulary.ts";
import type { HeapOptions } from "../wasm/heap.ts";
import { architectures } from "./architectures.ts";
import {
  type ModelBundle,
  type ModelManifest,
  type Opening,
  readModel,
  readModelArrays,
  readModelOpenings,
} from "./bundle.ts";
import type { Model } from "./model.ts";
import { reason } from "../store/files.ts";
import type { NamedArray } from "../train/trainer.ts";
import { placeOfBase, readNetworkIn } from "./base.ts";
import { adoptWeights } from "./pitchwise/adopt.ts";
import { nameWeights, readNetwork, readWeights } from "./pitchwise/weights.ts";

/** A loaded model with the contents of its bundle. */
export interface LoadedModel extends Pick<ModelBundle, "manifest" | "bytes"> {
  /** The model; the caller disposes it. */
  readonly model: Model;
  /**
   * Combinations of its corpus, read when first asked for: most models play without.
   * @throws {Error} if they are damaged
   */
  readonly vocabulary: Vocabulary;
  /** Openings of the pieces in its corpus. */
  readonly openings: readonly Opening[];
  /** Other files of its bundle for generation and evaluation, of the same generation, by name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Settings of {@linkcode loadModel}. */
interface LoadOptions extends HeapOptions {
  /** Weight of the model's adaptation, see {@linkcode styledWeights}. Default 1. */
  readonly style?: number | undefined;
}

/** Files that are read separately, or are for training only. */
const NOT_FOR_PLAYING: readonly string[] = [
  ...[BUNDLE.weights, BUNDLE.checkpoint, BUNDLE.vocabulary],
  ...[BUNDLE.openings, BUNDLE.network, BUNDLE.history],
];

/**
 * Loads a model bundle of any architecture and starts its compute backend; nothing in the bundle is
 * executed as code.
 * @throws {Error} if it is missing, damaged or of an unknown architecture
 */
export function loadModel(folder: string, options: LoadOptions = {}): Promise<LoadedModel> {
  return readModel(folder, (bundle) => playable(folder, bundle, options));
}

async function playable(
  folder: string,
  bundle: ModelBundle,
  { style = 1, ...options }: LoadOptions,
): Promise<LoadedModel> {
  const { manifest, bytes } = bundle, combinations = await bytes(BUNDLE.vocabulary);
  let known: Vocabulary | undefined;
  const loaded = {
    manifest,
    get vocabulary() {
      return known ??= Vocabulary.fromText(new TextDecoder().decode(combinations));
    },
  };
  const openings = await readModelOpenings(bundle);
  const files = new Map<string, Uint8Array>();
  for (const name of Object.keys(manifest.files)) {
    if (!NOT_FOR_PLAYING.includes(name)) files.set(name, await bytes(name));
  }
  const own = await readModelArrays(bundle, "weights");
  const weights = style === 1 ? own : await styledWeights(folder, manifest, own, style);
  const { load } = await architectures[manifest.model]();
  const model = await load(weights, loaded, options);
  return Object.assign(loaded, { model, openings, files, bytes });
}

/**
 * Interpolates between the weights of a base and those that were adapted from it, linearly: 0 gives
 * the base's, 1 the adapted ones, more goes further in the same direction. (Ilharco et al. 2023,
 * "Editing models with task arithmetic", arXiv 2212.04089.)
 * @param folder of the adapted model
 * @param style weight of the adaptation, 0 to `MOST_STYLE`
 * @throws {Error} if the model was not adapted from a base, or that base is missing or another one
 */
async function styledWeights(
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
