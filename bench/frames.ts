/**
 * The frame benchmark: trains for some minutes on the `train` pieces of polyphonic corpora and
 * measures the prediction of the `valid` pieces in nats per frame (a frame is a quarter note,
 * without attacks; frames 2 … T of each piece, mean over frames).
 *
 * Run it by `deno task bench-frames`; `--help` says how.
 *
 * @module
 */
import { join } from "node:path";
import { stopBackend } from "../lib/model/combination/backend.ts";
import { chosen, list, number, path } from "../lib/phases/settings/declare.ts";
import { evaluate } from "../lib/phases/evaluate.ts";
import { preprocess } from "../lib/phases/preprocess.ts";
import { train } from "../lib/phases/train.ts";
import type { ModelKind } from "../lib/model/model.ts";
import { flagsFor, THREADS } from "../tools/task.ts";

/**
 * Corpora with the training time in minutes and published results, which are for the test pieces.
 */
const corpora: Readonly<Record<string, { minutes: number; published: string }>> = {
  "jsb-chorales": { minutes: 5, published: "TCN 8.10" },
  "piano-midi": { minutes: 10, published: "" },
  "nottingham": { minutes: 10, published: "TCN 3.07, LSTM 3.29, GRU 3.46" },
};
const SOURCE = "Published: Bai, Kolter and Koltun 2018 (arXiv 1803.01271), on the test pieces.";

const { frames, model, work, threads, corpora: names = Object.keys(corpora), minutes: lasts } =
  flagsFor<{
    readonly frames: string;
    readonly model: ModelKind;
    readonly work: string;
    readonly threads?: number;
    readonly corpora?: readonly string[];
    readonly minutes?: number;
  }>({
    name: "bench-frames",
    summary: "Measures how well the next frame is predicted after some minutes of learning.",
    example: "deno task bench-frames --frames FOLDER --corpora jsb-chorales",
  }, {
    frames: path("FOLDER", "Has a folder for each corpus, with train and valid in it", {
      required: true,
    }),
    corpora: list("NAMES", "Which of them", { usually: Object.keys(corpora).join() }),
    model: chosen<ModelKind>("What learns", {
      choices: ["pitchwise", "combination"],
      default: "pitchwise",
    }),
    minutes: number("M", "How long", { above: 0, usually: "5 to 10, by corpus" }),
    work: path("DIR", "Where the phases write", { default: "data/bench" }),
    threads: THREADS,
  });
const roots = { data: join(work, "data"), models: join(work, "models") };

const rows = [[
  "corpus",
  "minutes",
  "epochs",
  "steps/s",
  model,
  "n-grams",
  "last frame",
  "pitches",
  "never met",
  "published",
]];
for (const name of names) {
  const folder = join(frames, name);
  const minutes = lasts ?? corpora[name]?.minutes ?? 5;
  const trained = { name: `${name}-${model}`, corpus: name, model, minutes, threads };
  console.log(String(
    await preprocess({
      ...roots,
      midi: join(folder, "train"),
      name,
      attacks: false,
      stepsPerBeat: 1,
      tracks: "all",
    }),
  ));
  const summary = await train({ ...roots, ...trained, overwrite: true });
  console.log(String(summary));
  const { natsPerFrame, unseenShare, baselines } = await evaluate({
    ...roots,
    model: trained.name,
    midi: join(folder, "valid"),
    threads,
  });
  const last = summary.history.epochs.at(-1)!;
  const nats = (value: number | null | undefined) => value?.toFixed(3) ?? "–";
  rows.push([
    name,
    String(minutes),
    String(last.epoch),
    (last.step / last.seconds).toFixed(1),
    nats(natsPerFrame),
    nats(baselines?.ngram.natsPerFrame),
    nats(baselines?.repeat.natsPerFrame),
    nats(baselines?.independent.natsPerFrame),
    unseenShare === null ? "–" : `${(100 * unseenShare).toFixed(1)} %`,
    corpora[name]?.published ?? "",
  ]);
}
const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
for (const row of rows) console.log(row.map((cell, i) => cell.padEnd(widths[i]!)).join("  "));
console.log(SOURCE);
await stopBackend();
