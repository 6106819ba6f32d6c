import type { Corpus } from "../corpus/corpus.ts";
import type { Random } from "../random.ts";
import type { Vocabulary } from "../tokens/vocabulary.ts";
import { constantRate, cosineWithWarmUp, type Schedule } from "../train/schedule.ts";
import type { NamedArray, Trainer } from "../train/trainer.ts";
import { type Heap, type HeapOptions, startHeap } from "../wasm/heap.ts";
import type { ModelManifest } from "./bundle.ts";
import { loadTfjs, startBackend } from "./combination/backend.ts";
import type { Model, ModelKind } from "./model.ts";
import type { PitchwiseNetwork } from "./pitchwise/adopt.ts";
import { ownFile } from "../program.ts";

/** Training and inference interface of an architecture. */
export interface Architecture {
  /** Creates a model from the contents of its bundle and starts its compute backend. */
  readonly load: (
    weights: readonly NamedArray[],
    bundle: { readonly manifest: ModelManifest; readonly vocabulary: Vocabulary },
    options: HeapOptions,
  ) => Promise<Model>;
  /** Suitable default settings. */
  readonly defaults: { readonly batchSize: number; readonly learningRate: number };
  readonly schedule: Schedule;
  /** Starts the compute backend that its trainers need. */
  readonly start: (options: HeapOptions) => Promise<{
    readonly heap: Heap;
    /** @param base network to start from; only the pitchwise architecture supports one */
    readonly createTrainer: (
      corpus: Corpus,
      settings: {
        readonly window: number;
        readonly dropout?: number;
        /** Whether a pitchwise network sees a plan's chords. Default true. */
        readonly chords?: boolean;
      },
      random: Random,
      base?: PitchwiseNetwork,
    ) => Trainer;
  }>;
}

/** Architectures by name; each is loaded on first use. */
export const architectures: Readonly<Record<ModelKind, () => Promise<Architecture>>> = {
  combination: async () => {
    const { createCombinationTrainer } = await loadTfjs<typeof import("./combination/trainer.ts")>(
      new URL("./combination/trainer.ts", import.meta.url),
    );
    const { loadCombinationModel } = await loadTfjs<typeof import("./combination/model.ts")>(
      new URL("./combination/model.ts", import.meta.url),
    );
    return {
      async load(weights, { manifest: { style, settings: { window } }, vocabulary }, options) {
        const setting = { grid: style.tokenize.grid, window, vocabulary };
        return loadCombinationModel(weights, setting, await startBackend(options));
      },
      defaults: { batchSize: 1024, learningRate: 0.001 },
      schedule: constantRate, // as in the original
      async start(options) {
        const heap = await startBackend(options);
        return {
          heap,
          createTrainer: (corpus, settings, random) =>
            createCombinationTrainer(corpus, settings, heap, random),
        };
      },
    };
  },
  pitchwise: async () => {
    const { createPitchwiseTrainer } = await import("./pitchwise/trainer.ts");
    const { pitchwiseDefaults } = await import(
      "./pitchwise/settings.ts"
    );
    const { loadPitchwiseModel } = await import("./pitchwise/model.ts");
    return {
      async load(weights, { manifest: { style, network } }, options) {
        const setting = { grid: style.tokenize.grid, network };
        return loadPitchwiseModel(weights, setting, await startPitchwise(options));
      },
      defaults: pitchwiseDefaults,
      schedule: cosineWithWarmUp,
      async start(options) {
        const heap = await startPitchwise(options);
        return {
          heap,
          createTrainer: (corpus, { dropout, chords = true }, random, base) => {
            const dropouts = dropout === undefined ? {} : { dropout, inputDropout: dropout / 5 };
            return createPitchwiseTrainer(corpus, { ...dropouts, chords }, heap, random, base);
          },
        };
      },
    };
  },
};

/** Starts the compute backend of the pitchwise network, without tfjs. */
export function startPitchwise(options: HeapOptions): Promise<Heap> {
  return startHeap(ownFile("lib/model/pitchwise/kernels/"), options);
}
