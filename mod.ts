/**
 * New piano music in the manner of your own favourite MIDI files.
 *
 * Each phase is one function whose result lies on disk: {@linkcode preprocess} makes a corpus of MIDI
 * files, {@linkcode train} a model of a corpus, {@linkcode generate} new music with a model,
 * {@linkcode listen} sound of a MIDI file. Notebooks, tasks and tests call the same functions.
 *
 * @example
 * ```ts
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
import { enterNotebook } from "./lib/notebook/cell.ts";

// The phases, in the order of the music's way; in a notebook they show themselves.
export { evaluate, generate, listen, preprocess, score, train } from "./lib/notebook/phases.ts";
export { quickstart } from "./lib/phases/quickstart.ts";
export { clean } from "./lib/phases/clean.ts";

// What they may be told.
export type { CleanSettings } from "./lib/phases/settings/clean.ts";
export type { EvaluateSettings } from "./lib/phases/settings/evaluate.ts";
export type { GenerateSettings } from "./lib/phases/settings/generate.ts";
export type { ListenSettings } from "./lib/phases/settings/listen.ts";
export type { PreprocessSettings } from "./lib/phases/settings/preprocess.ts";
export type { QuickstartSettings } from "./lib/phases/settings/quickstart.ts";
export type { ScoreSettings } from "./lib/phases/settings/score.ts";
export type { Roots } from "./lib/phases/settings/shared.ts";
export type { TrainSettings } from "./lib/phases/settings/train.ts";

// What else notebooks do.
export { audition, keep } from "./lib/notebook/audition.ts";
export { again, bolder, calmer, fromBar, refill } from "./lib/notebook/further.ts";
export { changeBar, showPlan } from "./lib/notebook/plan.ts";
export { underTheGlass } from "./lib/notebook/glass.ts";
export { look } from "./lib/notebook/look.ts";

// MIDI files and the frames that they become, for programs of one's own.
export { readMidi } from "./lib/midi/read.ts";
export { writeMidi } from "./lib/midi/write.ts";
export { toTone } from "./lib/midi/tone.ts";
export { tokenize } from "./lib/tokens/tokenize.ts";
export { loadLayersModel, midiRoll } from "./lib/notebook/files.ts";
export { progressDisplay } from "./lib/show/progress.ts";

// The types that all of these mention.
export type * from "./lib/notebook/types.ts";

enterNotebook();
