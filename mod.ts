/**
 * New piano music in the manner of your own favourite MIDI files.
 *
 * Each phase is one function whose result lies on disk: {@linkcode preprocess} makes a corpus of MIDI
 * files, {@linkcode train} a model of a corpus, {@linkcode generate} new music with a model,
 * {@linkcode listen} sound of a MIDI file. Notebooks, tasks and tests call the same functions.
 *
 * @example
 * ```ts ignore
 * import { generate, listen, preprocess, progressDisplay, train } from "./mod.ts";
 *
 * const onProgress = progressDisplay();
 * await preprocess({ midi: "data/midi/mine", name: "mine" }, { onProgress });
 * await train({ corpus: "mine", name: "mine", minutes: 5 }, { onProgress });
 * const { pieces } = await generate({ model: "mine", bars: 32 }, { onProgress });
 * await listen({ midi: pieces[0]!.midi }, { onProgress });
 * ```
 * @module
 */
export * from "./lib/audio/player.ts";
export * from "./lib/backend/backend.ts";
export * from "./lib/corpus/corpus.ts";
export * from "./lib/corpus/report.ts";
export * from "./lib/generate/recipe.ts";
export * from "./lib/generate/seed.ts";
export * from "./lib/midi/music.ts";
export * from "./lib/midi/read.ts";
export * from "./lib/midi/write.ts";
export * from "./lib/model/bundle.ts";
export * from "./lib/model/load.ts";
export * from "./lib/model/model.ts";
export * from "./lib/phases/clean.ts";
export * from "./lib/phases/generate.ts";
export * from "./lib/phases/listen.ts";
export * from "./lib/phases/preprocess.ts";
export * from "./lib/phases/quickstart.ts";
export * from "./lib/phases/run.ts";
export * from "./lib/phases/settings.ts";
export * from "./lib/phases/train.ts";
export * from "./lib/plot/distribution.ts";
export * from "./lib/plot/jupyter.ts";
export * from "./lib/plot/loss.ts";
export * from "./lib/plot/piano_roll.ts";
export * from "./lib/plot/plot.ts";
export * from "./lib/plot/progress.ts";
export * from "./lib/plot/summary.ts";
export * from "./lib/plot/training.ts";
export * from "./lib/plot/vocabulary.ts";
export * from "./lib/progress.ts";
export * from "./lib/random.ts";
export * from "./lib/starter/build.ts";
export * from "./lib/store/artifact.ts";
export * from "./lib/tokens/combination.ts";
export * from "./lib/tokens/frame.ts";
export * from "./lib/tokens/grid.ts";
export * from "./lib/tokens/piece.ts";
export * from "./lib/tokens/tokenize.ts";
export * from "./lib/tokens/vocabulary.ts";
export * from "./lib/train/history.ts";
export * from "./lib/train/loop.ts";
export * from "./lib/train/trainer.ts";
