import { BUNDLE } from "./bundle_files.ts";
import { readArtifactFile, readArtifactText, readWhole } from "../store/artifact.ts";
import { Vocabulary } from "../tokens/vocabulary.ts";
import type { HeapOptions } from "../wasm/heap.ts";
import { architectures } from "./architectures.ts";
import {
  MODEL,
  type ModelManifest,
  type Opening,
  readModelArrays,
  readModelManifest,
  readModelOpenings,
} from "./bundle.ts";
import type { Model } from "./model.ts";
import { styledWeights } from "./style.ts";

/** A loaded model with the contents of its bundle. */
export interface LoadedModel {
  /** The model; the caller disposes it. */
  readonly model: Model;
  /** Manifest of its bundle. */
  readonly manifest: ModelManifest;
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
  return readWhole(folder, () => loadGeneration(folder, options));
}

async function loadGeneration(
  folder: string,
  { style = 1, ...options }: LoadOptions,
): Promise<LoadedModel> {
  const manifest = await readModelManifest(folder);
  const combinations = await readArtifactText(folder, manifest, BUNDLE.vocabulary, MODEL.command);
  let known: Vocabulary | undefined;
  const bundle = {
    manifest,
    get vocabulary() {
      return known ??= Vocabulary.fromText(combinations);
    },
  };
  const openings = await readModelOpenings(folder, manifest);
  const files = new Map<string, Uint8Array>();
  for (const name of Object.keys(manifest.files)) {
    if (NOT_FOR_PLAYING.includes(name)) continue;
    files.set(name, await readArtifactFile(folder, manifest, name, MODEL.command));
  }
  const own = await readModelArrays(folder, manifest, "weights");
  const weights = style === 1 ? own : await styledWeights(folder, manifest, own, style);
  const { load } = await architectures[manifest.model]();
  const model = await load(weights, bundle, options);
  return Object.assign(bundle, { model, openings, files });
}
