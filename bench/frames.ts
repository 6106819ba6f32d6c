/**
 * The frame benchmark: learns from the `train` pieces of corpora of polyphonic music for some
 * minutes, and measures on the `valid` pieces how well the next frame is predicted, in nats per
 * frame (a frame is a quarter note, without attacks; frames 2 … T of each piece, mean over frames).
 *
 *     deno task bench-frames --frames FOLDER [--corpora jsb-chorales,nottingham]
 *         [--model pitchwise] [--minutes 5] [--threads 2] [--work data/bench]
 *
 * FOLDER holds a folder per corpus with `train` and `valid` in it. What the phases write goes to
 * `--work`.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "node:path";
import { stopBackend } from "../lib/model/combination/backend.ts";
import { evaluate } from "../lib/phases/evaluate.ts";
import { preprocess } from "../lib/phases/preprocess.ts";
import { train } from "../lib/phases/train.ts";

/** Minutes of learning, and what was published: on the test pieces of the same corpora. */
const corpora: Readonly<Record<string, { minutes: number; published: string }>> = {
  "jsb-chorales": { minutes: 5, published: "TCN 8.10" },
  "piano-midi": { minutes: 10, published: "" },
  "nottingham": { minutes: 10, published: "TCN 3.07, LSTM 3.29, GRU 3.46" },
};
const SOURCE = "Published: Bai, Kolter and Koltun 2018 (arXiv 1803.01271), on the test pieces.";

const flags = parseArgs(Deno.args, {
  string: ["frames", "corpora", "model", "minutes", "threads", "work"],
});
if (!flags.frames) {
  throw new Error("Cannot measure: say where the corpora lie with --frames FOLDER");
}
const model = (flags.model ?? "pitchwise") as "pitchwise" | "combination";
const work = String(flags.work ?? "data/bench");
const roots = { data: join(work, "data"), models: join(work, "models") };
const threads = flags.threads ? Number(flags.threads) : undefined;

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
for (const name of String(flags.corpora ?? Object.keys(corpora).join()).split(",")) {
  const folder = join(String(flags.frames), name);
  const minutes = Number(flags.minutes ?? corpora[name]?.minutes ?? 5);
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
