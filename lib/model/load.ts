import { BUNDLE } from "./bundle_files.ts";
import { Vocabulary } from "../tokens/vocabulary.ts";
import type { HeapOptions } from "../wasm/heap.ts";
import { architectures } from "./architectures.ts";
import {
  type ModelBundle,
  type Opening,
  readModel,
  readModelArrays,
  readModelOpenings,
} from "./bundle.ts";
import type { Model } from "./model.ts";
import { styledWeights } from "./style.ts";

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
export interface LoadOptions extends HeapOptions {
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
  const { manifest, bytes, text } = bundle;
  const combinations = await text(BUNDLE.vocabulary);
  let known: Vocabulary | undefined;
  const loaded = {
    manifest,
    get vocabulary() {
      return known ??= Vocabulary.fromText(combinations);
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
