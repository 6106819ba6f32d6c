import { BUNDLE } from "./bundle_files.ts";
import type { CorpusStyle } from "../corpus/corpus.ts";
import { type Artifact, openArtifact, readArtifact, writeArtifact } from "../store/artifact.ts";
import { reason } from "../store/files.ts";
import type { ArtifactName, Manifest } from "../store/manifest.ts";
import { readJson } from "../store/shape.ts";
import type { Metre } from "../tokens/piece.ts";
import type { Vocabulary } from "../tokens/vocabulary.ts";
import type { History, TrainSummary } from "../train/history.ts";
import type { Budget, Position } from "../train/loop.ts";
import type { NamedArray } from "../train/trainer.ts";
import { type ArraySpec, packArrays, unpackArrays } from "./arrays.ts";
import { historyShape, modelShape, openingsShape } from "./shapes.ts";
import type { ModelKind } from "./model.ts";

/** Hyperparameters of a training run, which a resumed run continues with. */
export interface TrainedWith {
  /** Context length: past frames that predict the next one; for the original network. */
  readonly window: number;
  /** Frames per optimizer step. */
  readonly batchSize: number;
  /** The optimizer's peak learning rate. */
  readonly learningRate: number;
  /** Dropout rate for adapting a base; otherwise it depends on the amount of music. */
  readonly dropout?: number;
  /** Share of held-out frames. */
  readonly holdout: number;
  /** Random seed. */
  readonly seed: number;
  /** Training budget. */
  readonly budget: Budget;
}

/** Manifest of a model on disk. */
export interface ModelManifest extends Manifest {
  /** Always `model`. */
  readonly kind: "model";
  /** Architecture. */
  readonly model: ModelKind;
  /** Training corpus; generation does not need it. */
  readonly corpus: { readonly name: string; readonly hash: string };
  /** Style of the corpus: grid, tempo, metre. */
  readonly style: CorpusStyle;
  /** Hyperparameters of the run. */
  readonly settings: TrainedWith;
  /** Progress of the training run. */
  readonly position: Position;
  /** Training time so far in seconds. */
  readonly seconds: number;
  /** Network that training started from; undefined: random initialisation. */
  readonly adaptedFrom?: TrainSummary["adaptedFrom"];
  /** Structure of the network, where the vocabulary and `model.json` do not determine it. */
  readonly network?: { readonly chords?: boolean };
  /** Arrays in `weights.bin`. */
  readonly weights: readonly ArraySpec[];
  /** Arrays in `checkpoint.bin`. */
  readonly checkpoint: readonly ArraySpec[];
}

/** Opening frames of a piece. */
export interface Opening {
  /** Combinations as text. */
  readonly frames: readonly string[];
  /** Metres of the frames. */
  readonly metres: readonly Metre[];
}

/**
 * Statistics of the training music for estimating the probability of unseen combinations
 * (back-off). Plain numbers, small: a model bundle stores them beside its vocabulary.
 */
export interface BackOffStatistics {
  /** Rate of new combinations after a known one: λ after known, between 0 and 1. */
  readonly newAfterKnown: number;
  /** Rate of new combinations after a new one: λ after new, between 0 and 1. */
  readonly newAfterNew: number;
  /**
   * Transition counts of each pitch from one frame to the next: 768 numbers for the 128 pitches,
   * see lib/evaluate/pitches.ts.
   */
  readonly counts: readonly number[];
}

/** Names of a model in error messages. */
export const MODEL: ArtifactName = {
  kind: "model",
  formatVersion: 5,
  // 4: with a network that does not see chords; 3: nor chords in plans; 2: nor time signatures.
  olderVersions: [2, 3, 4],
  command: "deno task train",
};

/** Contents of a bundle that {@linkcode saveModel} writes besides the manifest's own fields. */
export interface ModelParts {
  /** Weights for generation. */
  readonly weights: readonly NamedArray[];
  /** Optimizer state for resuming training. */
  readonly checkpoint: readonly NamedArray[];
  readonly vocabulary: Vocabulary;
  readonly history: History;
  /** Back-off statistics of combinations that the vocabulary lacks, for evaluation. */
  readonly backOff: BackOffStatistics;
  /** Openings of the corpus's pieces: the default primers of generation. */
  readonly openings: readonly Opening[];
  /** Reference files for generating and comparing music, by name. */
  readonly reference: Readonly<Record<string, string | Uint8Array>>;
  /** tfjs's `modelTopology`, for architectures that tfjs supports. */
  readonly topology?: unknown;
}

/**
 * Whether an architecture's weights are rounded to 16 bits when they are saved, which halves the
 * size of the model and of its page.
 */
export function areWeightsRounded(model: ModelKind): boolean {
  return model === "pitchwise";
}

/**
 * Writes a model bundle to `folder`, replacing an existing one: `model.json` and `weights.bin` in
 * tfjs's own format, the vocabulary, the history and the checkpoint.
 */
export function saveModel(
  folder: string,
  manifest: Omit<ModelManifest, keyof Manifest | "weights" | "checkpoint">,
  parts: ModelParts,
): Promise<ModelManifest> {
  const weights = packArrays(parts.weights, areWeightsRounded(manifest.model));
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

/** A model bundle opened for reading. */
export type ModelBundle = Artifact<ModelManifest>;

/** Adds or replaces files of a model bundle, as a new generation. */
export async function addToModel(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  const { manifest: there, bytes } = await openModel(folder), old: Record<string, Uint8Array> = {};
  for (const name of Object.keys(there.files)) old[name] = await bytes(name);
  // Fields of the manifest, without those that every write sets anew.
  const { files: _f, generation: _g, checksum: _c, ...manifest } = there as ModelManifest & {
    readonly checksum?: string;
  };
  await writeArtifact<ModelManifest>(folder, manifest, { ...old, ...files });
}

/** Opens a model bundle. @throws {Error} if there is none or its manifest cannot be read */
export async function openModel(folder: string): Promise<ModelBundle> {
  return checked(await openArtifact<ModelManifest>(folder, MODEL));
}

/** Reads from a model bundle as {@linkcode readArtifact} does. @throws {Error} as {@linkcode openModel} */
export function readModel<T>(
  folder: string,
  read: (bundle: ModelBundle) => Promise<T>,
): Promise<T> {
  return readArtifact<ModelManifest, T>(folder, MODEL, (bundle) => read(checked(bundle)));
}

function checked(bundle: ModelBundle): ModelBundle {
  const wrong = modelShape(bundle.manifest, "");
  if (wrong === undefined) return bundle;
  throw new Error(
    `Cannot read model "${bundle.name}": ${wrong}; make it again with "${MODEL.command}"`,
  );
}

/** Reads the arrays of `weights.bin` or `checkpoint.bin`. @throws {Error} if they are damaged */
export async function readModelArrays(
  { name: model, manifest, bytes }: ModelBundle,
  which: "weights" | "checkpoint",
): Promise<NamedArray[]> {
  const packed = await bytes(BUNDLE[which]);
  try {
    const arrays = unpackArrays(manifest[which], packed);
    for (const { name, values } of arrays) {
      const wrong = values.find((value) => !Number.isFinite(value));
      if (wrong !== undefined) throw new Error(`its array "${name}" holds ${wrong}`);
    }
    return arrays;
  } catch (cause) {
    throw new Error(
      `Cannot read model "${model}": ${BUNDLE[which]} does not fit: ${reason(cause)}; ` +
        `make it again with "${MODEL.command}"`,
      { cause },
    );
  }
}

/** Reads the openings of a model bundle. @throws {Error} if they are damaged */
export async function readModelOpenings({ name, text }: ModelBundle): Promise<readonly Opening[]> {
  const what = `Cannot read model "${name}": its ${BUNDLE.openings}`;
  return readJson(await text(BUNDLE.openings), openingsShape, what);
}

/** Reads the training history of a model bundle. @throws {Error} if it is damaged */
export async function readModelHistory({ name, text }: ModelBundle): Promise<History> {
  const what = `Cannot read model "${name}": its ${BUNDLE.history}`;
  return readJson(await text(BUNDLE.history), historyShape, what);
}
