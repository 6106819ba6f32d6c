import { BUNDLE } from "./bundle_files.ts";
import { basename } from "node:path";
import type { CorpusStyle } from "../corpus/corpus.ts";
import { readArtifactFile, readArtifactText, writeArtifact } from "../store/artifact.ts";
import { type ArtifactName, type Manifest, readManifest } from "../store/manifest.ts";
import { readJson, type Shape } from "../store/shape.ts";
import type { Metre } from "../tokens/piece.ts";
import { Vocabulary } from "../tokens/vocabulary.ts";
import type { History, TrainSummary } from "../train/history.ts";
import type { Budget, Position } from "../train/loop.ts";
import type { NamedArray } from "../train/trainer.ts";
import { type ArraySpec, packArrays, unpackArrays } from "./arrays.ts";
import { historyShape, modelShape, openingsShape } from "./shapes.ts";
import type { ModelKind } from "./model.ts";

/** What fixed a training run; a resumed run goes on with the same. */
export interface TrainedWith {
  /** Past frames that predict the next one; the original network's. */
  readonly window: number;
  /** Frames per optimizer step. */
  readonly batchSize: number;
  /** The optimizer's step size at its highest. */
  readonly learningRate: number;
  /** Share of hidden units that are dropped, where a base adapts; otherwise it follows the music. */
  readonly dropout?: number;
  /** Share of the frames that was kept aside. */
  readonly holdout: number;
  /** Seed of everything random. */
  readonly seed: number;
  /** How long it was to learn. */
  readonly budget: Budget;
}

/** The manifest of a model on disk. */
export interface ModelManifest extends Manifest {
  /** Always `model`. */
  readonly kind: "model";
  /** The architecture. */
  readonly model: ModelKind;
  /** What it was trained on; generation works without. */
  readonly corpus: { readonly name: string; readonly hash: string };
  /** The corpus's own style: grid, tempo, metre. */
  readonly style: CorpusStyle;
  /** What fixed the run. */
  readonly settings: TrainedWith;
  /** Where the training run stands. */
  readonly position: Position;
  /** Seconds of learning so far. */
  readonly seconds: number;
  /** What learning started from; undefined: from random numbers. */
  readonly adaptedFrom?: TrainSummary["adaptedFrom"];
  /** How the network is built, where the vocabulary and `model.json` do not say so. */
  readonly network?: object;
  /** Arrays in `weights.bin`. */
  readonly weights: readonly ArraySpec[];
  /** Arrays in `checkpoint.bin`. */
  readonly checkpoint: readonly ArraySpec[];
}

/** The first frames of a piece. */
export interface Opening {
  /** The combinations' texts. */
  readonly frames: readonly string[];
  /** Their metres. */
  readonly metres: readonly Metre[];
}

/**
 * What has to be known of the training music to give combinations that it lacks a probability.
 * Plain numbers, small: a model bundle carries them beside its vocabulary.
 */
export interface BackOffStatistics {
  /** How often a new combination follows a known one: λ after known, between 0 and 1. */
  readonly newAfterKnown: number;
  /** How often a new combination follows a new one: λ after new, between 0 and 1. */
  readonly newAfterNew: number;
  /**
   * What each pitch did from one frame to the next: 768 numbers for the 128 pitches, see
   * lib/evaluate/pitches.ts.
   */
  readonly counts: readonly number[];
}

/** How a model is spoken of in errors. */
export const MODEL: ArtifactName = {
  kind: "model",
  formatVersion: 3,
  olderVersions: [2], // whose plans and openings have no time signatures
  command: "deno task train",
};

/** What {@linkcode saveModel} puts on disk beside the manifest's own fields. */
export interface ModelParts {
  /** What generation plays with. */
  readonly weights: readonly NamedArray[];
  /** What the next training step needs. */
  readonly checkpoint: readonly NamedArray[];
  readonly vocabulary: Vocabulary;
  readonly history: History;
  /** What evaluation has to know of combinations that the vocabulary lacks. */
  readonly backOff: BackOffStatistics;
  /** How pieces of the corpus begin: what music goes on from where nothing else is asked for. */
  readonly openings: readonly Opening[];
  /** Files that new music is made from and held against, by name. */
  readonly reference: Readonly<Record<string, string | Uint8Array>>;
  /** tfjs's `modelTopology`, where tfjs knows the architecture. */
  readonly topology?: unknown;
}

/**
 * Writes a model bundle to `folder` in place of one that is there: `model.json` and `weights.bin`
 * in tfjs's own format, the vocabulary, the history and the checkpoint.
 * @param options.half whether the weights are rounded to 16 bits
 */
export function saveModel(
  folder: string,
  manifest: Omit<ModelManifest, keyof Manifest | "weights" | "checkpoint">,
  parts: ModelParts,
  { half = false }: { readonly half?: boolean } = {},
): Promise<ModelManifest> {
  const weights = packArrays(parts.weights, half);
  const checkpoint = packArrays(parts.checkpoint);
  const modelJson = {
    format: "layers-model",
    generatedBy: "YetAnotherMIDIGenerator",
    convertedBy: null,
    modelTopology: parts.topology ?? null,
    weightsManifest: [{ paths: [BUNDLE.weights], weights: weights.specs }],
  };
  return writeArtifact<ModelManifest>(folder, {
    kind: "model",
    formatVersion: MODEL.formatVersion,
    ...manifest,
    weights: weights.specs,
    checkpoint: checkpoint.specs,
  }, {
    ...parts.reference,
    [BUNDLE.network]: JSON.stringify(modelJson, null, 1) + "\n",
    [BUNDLE.weights]: weights.parts,
    [BUNDLE.checkpoint]: checkpoint.parts,
    [BUNDLE.vocabulary]: parts.vocabulary.toText(),
    [BUNDLE.openings]: JSON.stringify(parts.openings) + "\n",
    [BUNDLE.backOff]: JSON.stringify(parts.backOff) + "\n",
    [BUNDLE.history]: JSON.stringify(parts.history, null, 1) + "\n",
  });
}

/** Adds files to a model bundle, or puts them in place of others, as a new generation. */
export async function addToModel(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  const there = await readModelManifest(folder), old: Record<string, Uint8Array> = {};
  for (const name of Object.keys(there.files)) {
    old[name] = await readArtifactFile(folder, there, name, MODEL.command);
  }
  // The manifest's own fields are those of a bundle without what is written anew with it.
  const { files: _f, generation: _g, checksum: _c, ...manifest } = there as ModelManifest & {
    readonly checksum?: string;
  };
  await writeArtifact<ModelManifest>(folder, manifest, { ...old, ...files });
}

/** A model bundle's manifest. @throws {Error} if there is none or it cannot be read */
export async function readModelManifest(folder: string): Promise<ModelManifest> {
  const manifest = await readManifest<ModelManifest>(folder, MODEL);
  const wrong = modelShape(manifest, "");
  if (wrong === undefined) return manifest;
  throw new Error(
    `Cannot read model "${basename(folder)}": ${wrong}; make it anew with "${MODEL.command}"`,
  );
}

/** The arrays of `weights.bin` or `checkpoint.bin`. @throws {Error} if they are damaged */
export async function readModelArrays(
  folder: string,
  manifest: ModelManifest,
  which: "weights" | "checkpoint",
): Promise<NamedArray[]> {
  const bytes = await readArtifactFile(folder, manifest, BUNDLE[which], MODEL.command);
  try {
    const arrays = unpackArrays(manifest[which], bytes);
    for (const { name, values } of arrays) {
      const wrong = values.find((value) => !Number.isFinite(value));
      if (wrong !== undefined) throw new Error(`its array "${name}" holds ${wrong}`);
    }
    return arrays;
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `Cannot read model "${basename(folder)}": ${BUNDLE[which]} does not fit: ${problem}; ` +
        `make it anew with "${MODEL.command}"`,
      { cause },
    );
  }
}

/** The vocabulary of a model bundle. @throws {Error} if it is damaged */
export async function readModelVocabulary(
  folder: string,
  manifest: ModelManifest,
): Promise<Vocabulary> {
  return Vocabulary.fromText(
    await readArtifactText(folder, manifest, BUNDLE.vocabulary, MODEL.command),
  );
}

/** The openings of a model bundle. @throws {Error} if they are damaged */
export function readModelOpenings(
  folder: string,
  manifest: ModelManifest,
): Promise<readonly Opening[]> {
  return readModelJson(folder, manifest, BUNDLE.openings, openingsShape);
}

/** The history of a model bundle. @throws {Error} if it is damaged */
export function readModelHistory(folder: string, manifest: ModelManifest): Promise<History> {
  return readModelJson(folder, manifest, BUNDLE.history, historyShape);
}

async function readModelJson<T>(
  folder: string,
  manifest: ModelManifest,
  name: string,
  shape: Shape<T>,
): Promise<T> {
  const text = await readArtifactText(folder, manifest, name, MODEL.command);
  return readJson(text, shape, `Cannot read model "${basename(folder)}": its ${name}`);
}
