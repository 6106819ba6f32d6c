import { basename, join } from "node:path";
import { loadCorpus } from "../lib/corpus/corpus.ts";
import { readReport } from "../lib/corpus/report.ts";
import { readMidi } from "../lib/midi/read.ts";
import { openModel, readModelArrays } from "../lib/model/bundle.ts";
import { BUNDLE } from "../lib/model/bundle_files.ts";
import { sha256 } from "../lib/store/files.ts";
import { partOf } from "../lib/store/write.ts";
import { Vocabulary } from "../lib/tokens/vocabulary.ts";

const NAME = "k";

/** A task to be killed, and the check of its artifacts afterwards. */
export interface Victim {
  readonly task: string;
  readonly args: readonly string[];
  /** @throws {Error} if what is on disk is neither old nor new */
  readonly check: () => Promise<void>;
}

/** Training settings of all models. */
export const TRAINING = [
  ...["--corpus", NAME, "--model", "combination", "--epochs", "3"],
  ...["--batch-size", "512", "--threads", "1"],
];

/** Flags for the folders of artifacts within one folder. */
export const rootsOf = (folder: string) => [
  ...["--data", join(folder, "data")],
  ...["--models", join(folder, "models")],
];

/** Tasks to be killed, in the order of their dependencies. */
export function victimsIn(folder: string, midi: string): Victim[] {
  const roots = rootsOf(folder);
  const music = join(folder, "data", "generated", `${NAME}.mid`);
  return [
    {
      task: "preprocess",
      args: ["--midi", midi, "--name", NAME, ...roots.slice(0, 2)],
      check: async () => {
        const corpus = await loadCorpus(join(folder, "data", "corpora", NAME));
        const { totals } = await readReport(corpus.folder);
        if (totals.frames !== corpus.ids.length) throw new Error("report and tokens differ");
      },
    },
    {
      task: "train",
      args: [...TRAINING, "--name", NAME, "--overwrite", ...roots],
      check: () => checkModel(join(folder, "models", NAME)),
    },
    {
      task: "generate",
      args: [
        ...["--model", "done", "--name", NAME, "--overwrite", "--frames", "40", "--threads", "1"],
        ...roots,
      ],
      check: () => checkMusic(music),
    },
    {
      task: "listen",
      args: [music],
      check: async () => {
        const wav = await Deno.readFile(music.replace(/mid$/, "wav"));
        const declared = new DataView(wav.buffer).getUint32(4, true) + 8;
        if (declared !== wav.length) {
          throw new Error(`WAV declares ${declared} bytes, has ${wav.length}`);
        }
      },
    },
  ];
}

async function checkModel(folder: string): Promise<void> {
  const bundle = await openModel(folder);
  await readModelArrays(bundle, "weights");
  await readModelArrays(bundle, "checkpoint");
  const { size } = Vocabulary.fromText(await bundle.text(BUNDLE.vocabulary));
  const output = bundle.manifest.weights.find(({ name }) => name === "dense_2/bias")!;
  if (output.shape[0] !== size) {
    throw new Error(`${basename(folder)}: vocabulary of another corpus`);
  }
}

async function checkMusic(midi: string): Promise<void> {
  const bytes = await Deno.readFile(midi);
  readMidi(bytes);
  const { midi: hash } = JSON.parse(await Deno.readTextFile(midi.replace(/mid$/, "json")));
  if (hash === sha256(bytes)) return;
  // Between two names: the recipe is the new one, its music is whole but has not got its name yet.
  const next = sha256(await Deno.readFile(partOf(midi)));
  if (hash !== next) throw new Error("recipe of other music");
}
