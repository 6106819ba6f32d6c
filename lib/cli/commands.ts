import type { Run } from "../phases/run.ts";
import {
  generateDefaults,
  type GenerateSettings,
  preprocessDefaults,
  type PreprocessSettings,
  trainDefaults,
  type TrainSettings,
} from "../phases/settings.ts";
import type { ListenSettings } from "../phases/listen.ts";
import { progressDisplay } from "../plot/progress.ts";
import type { Command, Flag, Values } from "./command.ts";

const dataFlag: Flag = {
  name: "data",
  type: "text",
  value: "DIR",
  help: "Folder of corpora and generated music",
  default: "data",
};
const modelsFlag: Flag = {
  name: "models",
  type: "text",
  value: "DIR",
  help: "Folder of models",
  default: "models",
};
const threadsFlag: Flag = {
  name: "threads",
  type: "integer",
  value: "N",
  help: "Threads to compute with",
  default: "all cores, at most 8",
};
const seedFlag: Flag = {
  name: "seed",
  type: "integer",
  value: "N",
  help: "Seed of everything random",
  default: 1,
};

/** All tasks that call a phase. The phases are loaded when they run, so that help is quick. */
export const commands: readonly Command[] = [
  {
    name: "preprocess",
    summary: "Makes a corpus (frames, combinations, vocabulary) from a folder of MIDI files.",
    flags: [
      { name: "midi", type: "text", value: "DIR", help: "Folder of MIDI files", required: true },
      { name: "name", type: "text", value: "NAME", help: "Name of the corpus", required: true },
      {
        name: "steps-per-beat",
        type: "integer",
        value: "N",
        help: "Steps in a quarter note",
        default: preprocessDefaults.stepsPerBeat,
      },
      {
        name: "frames-per-second",
        type: "integer",
        value: "N",
        help: "Frames in a second, instead, for recordings that follow no beat",
        default: "none",
      },
      {
        name: "attacks",
        type: "switch",
        negated: true,
        help: "Does not tell struck notes from held ones",
      },
      {
        name: "tracks",
        type: "text",
        value: "WHICH",
        choices: ["piano", "first", "all"],
        help: "Parts to read",
        default: preprocessDefaults.tracks,
      },
      { name: "melody", type: "switch", help: "Keeps the highest note of each step only" },
      { name: "pedal", type: "switch", help: "Lets the sustain pedal lengthen notes" },
      dataFlag,
    ],
    example: "deno task preprocess --midi ~/Music/piano --name favourites",
    run: async (values) => {
      const { preprocess } = await import("../phases/preprocess.ts");
      await show((run) => preprocess(settingsOf<PreprocessSettings>(values), run));
    },
  },
  {
    name: "train",
    summary: "Trains a model on a corpus.",
    flags: [
      { name: "corpus", type: "text", value: "NAME", help: "Corpus to learn from", required: true },
      { name: "name", type: "text", value: "NAME", help: "Name of the model", required: true },
      {
        name: "model",
        type: "text",
        value: "KIND",
        choices: ["combination", "pitchwise"],
        help: "Architecture",
        default: trainDefaults.model,
      },
      {
        name: "window",
        type: "integer",
        value: "N",
        help: "Past frames that predict the next (combination)",
        default: trainDefaults.window,
      },
      {
        name: "batch-size",
        type: "integer",
        value: "N",
        help: "Frames per optimizer step",
        default: "1024; pitchwise: 64",
      },
      {
        name: "epochs",
        type: "integer",
        value: "N",
        help: "Times that every frame is learned from",
        default: trainDefaults.epochs,
      },
      { name: "minutes", type: "number", value: "M", help: "Learns for M minutes instead" },
      {
        name: "learning-rate",
        type: "number",
        value: "R",
        help: "Step size of Adam",
        default: "0.001; pitchwise: 0.003",
      },
      {
        name: "holdout",
        type: "number",
        value: "SHARE",
        help: "Share of the music, in whole pieces, kept aside to measure the loss on",
        default: trainDefaults.holdout,
      },
      threadsFlag,
      seedFlag,
      { name: "resume", type: "switch", help: "Goes on with the run that was stopped" },
      dataFlag,
      modelsFlag,
    ],
    example: "deno task train --corpus favourites --name favourites --minutes 10",
    run: async (values) => {
      const { train } = await import("../phases/train.ts");
      await show((run) => train(settingsOf<TrainSettings>(values), run));
    },
  },
  {
    name: "generate",
    summary: "Makes new music with a model: a MIDI file and the recipe that makes it again.",
    flags: [
      {
        name: "model",
        type: "text",
        value: "NAME",
        help: "Model to play",
        default: "the recipe's",
      },
      {
        name: "name",
        type: "text",
        value: "OUT",
        help: "Name of the file",
        default: "the model's",
      },
      {
        name: "frames",
        type: "integer",
        value: "N",
        help: "New frames",
        default: generateDefaults.frames,
      },
      { name: "bars", type: "integer", value: "N", help: "New bars; ends on a bar line" },
      { name: "seconds", type: "number", value: "S", help: "New music in seconds" },
      {
        name: "seed-note",
        type: "text",
        value: "NOTES",
        help: "Starts from silence and a note (C4) or combination (60,64,67)",
        default: "one of the corpus's combinations",
      },
      {
        name: "seed-midi",
        type: "text",
        value: "FILE",
        help: "Starts from the end of a MIDI file",
      },
      { name: "seed-random", type: "switch", help: "Starts from random combinations" },
      { name: "drop-seed", type: "switch", help: "Leaves the seed out of the file" },
      {
        name: "temperature",
        type: "number",
        value: "T",
        help: "Below 1: likelier; above 1: bolder",
        default: generateDefaults.temperature,
      },
      {
        name: "top-k",
        type: "integer",
        value: "K",
        help: "Draws from the K likeliest; 0: all",
        default: generateDefaults.topK,
      },
      {
        name: "top-p",
        type: "number",
        value: "P",
        help: "Draws from the likeliest that together have probability P",
        default: generateDefaults.topP,
      },
      {
        name: "stuck-after",
        type: "number",
        value: "BEATS",
        help: "Beats after which a frame that stays the same must change; 0: never",
        default: generateDefaults.stuckAfter,
      },
      {
        name: "velocity",
        type: "text",
        value: "V",
        help: "Velocity of all notes, 1 to 127, or corpus for its mean",
        default: generateDefaults.velocity,
      },
      seedFlag,
      {
        name: "count",
        type: "integer",
        value: "N",
        help: "Pieces to make",
        default: generateDefaults.count,
      },
      { name: "recipe", type: "text", value: "FILE", help: "Makes again what a recipe says" },
      threadsFlag,
      dataFlag,
      modelsFlag,
    ],
    example: "deno task generate --model favourites --bars 32 --temperature 0.9",
    run: async (values) => {
      const { generate } = await import("../phases/generate.ts");
      const { velocity } = values;
      const settings = settingsOf<GenerateSettings>({
        ...values,
        ...(velocity !== undefined && velocity !== "corpus" ? { velocity: Number(velocity) } : {}),
      });
      await show((run) => generate(settings, run));
    },
  },
  {
    name: "listen",
    summary: "Turns a MIDI file into sound: a WAV file.",
    positional: { name: "FILE.mid", help: "MIDI file to play", required: true },
    flags: [
      {
        name: "out",
        type: "text",
        value: "FILE.wav",
        help: "WAV file to write",
        default: "beside FILE.mid",
      },
      {
        name: "soundfont",
        type: "text",
        value: "FILE",
        help: "SoundFont (SF2, SF3, DLS) to play on",
        default: "the piano that comes along",
      },
    ],
    example: "deno task listen data/generated/starter.mid",
    run: async ({ _: midi, out, soundfont }) => {
      const { listen } = await import("../phases/listen.ts");
      const settings = { midi, out, soundFont: soundfont } as unknown as ListenSettings;
      await show((run) => listen(settings, run));
    },
  },
  {
    name: "clean",
    summary: "Removes what the phases wrote; never your MIDI files.",
    flags: [{ name: "yes", type: "switch", help: "Removes without asking" }, dataFlag, modelsFlag],
    example: "deno task clean",
    run: async (values) => {
      const { clean } = await import("../phases/clean.ts");
      const confirm = (question: string) => Promise.resolve(globalThis.confirm(question));
      await show(() => clean(settingsOf(values), { confirm }));
    },
  },
  {
    name: "quickstart",
    summary: "The whole way with the starter music: preprocess, train, generate, listen.",
    flags: [threadsFlag, seedFlag, dataFlag, modelsFlag],
    example: "deno task quickstart",
    run: async (values) => {
      const { quickstart } = await import("../phases/quickstart.ts");
      await show((run) => quickstart(settingsOf(values), run));
    },
  },
];

/** Flag names become setting names: `steps-per-beat` → `stepsPerBeat`. */
function settingsOf<T>(values: Values): T {
  const camelCase = (name: string) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [camelCase(name), value]),
  ) as T;
}

/** Runs a phase with progress in the terminal and Ctrl-C as its way to stop; prints its summary. */
async function show(phase: (run: Run) => Promise<unknown>): Promise<void> {
  const progress = progressDisplay();
  const controller = new AbortController();
  const interrupt = () => controller.abort(new Error("stopped by Ctrl-C"));
  Deno.addSignalListener("SIGINT", interrupt);
  try {
    const summary = await phase({
      onProgress: progress,
      onMessage: (line) => {
        progress.done();
        console.error(line);
      },
      signal: controller.signal,
    });
    progress.done();
    console.log(`${summary}`);
  } finally {
    progress.done();
    Deno.removeSignalListener("SIGINT", interrupt);
  }
}
