/**
 * Measures the benefit of starting from the base: trains on some pieces of a folder and measures
 * the prediction of others, in nats per frame, by the base as it is, by the adapted base, and by a
 * network with random initial weights; and the processor time of adapting.
 *
 *     deno run -A bench/adapting.ts --midi FOLDER [--pieces 1,3,10] [--minutes 2] [--unseen 20]
 *         [--scratch 1] [--threads 2] [--work data/bench]
 *
 * The pieces learned from are the first in order of name, the unseen ones evenly spaced among the
 * rest. `--scratch M`: minutes for the network with random initial weights; 0 leaves it out.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { basename, join } from "node:path";
import { cpuUsage } from "node:process";
import { loadCorpus } from "../lib/corpus/corpus.ts";
import { baseFolder, nearestBase } from "../lib/model/base.ts";
import { preprocess } from "../lib/phases/preprocess.ts";
import { train } from "../lib/phases/train.ts";
import { findMidiFiles } from "../lib/store/midi_files.ts";
import { heldOutLoss } from "../tools/base/held_out_loss.ts";

const flags = parseArgs(Deno.args, {
  string: ["midi", "pieces", "minutes", "unseen", "scratch", "threads", "work"],
});
if (!flags.midi) throw new Error("Cannot measure: say where music lies with --midi FOLDER");
const folder = String(flags.midi), work = String(flags.work ?? "data/bench/adapting");
const roots = { data: join(work, "data"), models: join(work, "models") };
const threads = Number(flags.threads ?? navigator.hardwareConcurrency);
const minutes = String(flags.minutes ?? "2").split(",").map(Number);
const scratch = Number(flags.scratch ?? 1);

/** Nats per frame of a model on unseen files. */
async function natsPerFrame(folder: string, files: readonly string[]): Promise<number> {
  return (await heldOutLoss(folder, files, { told: ["nothing"], threads })).nothing;
}

const names = (await findMidiFiles(folder)).names.toSorted();

/** Processor time of this process so far, in seconds. */
function processorSeconds(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1e6;
}

console.log("pieces  minutes  base   adapted  epochs  processor  from nothing");
for (const count of String(flags.pieces ?? "1,3,10").split(",").map(Number)) {
  const name = `${basename(folder)}-${count}`, midi = join(work, "midi", name);
  await Deno.mkdir(midi, { recursive: true });
  for (const file of names.slice(0, count)) {
    await Deno.copyFile(join(folder, file), join(midi, basename(file)));
  }
  await preprocess({ ...roots, midi, name });
  const how = { ...roots, corpus: name, threads };
  for (const each of minutes) {
    const model = `${name}-adapted`;
    const before = processorSeconds();
    const { history } = await train({ ...how, name: model, minutes: each, overwrite: true });
    const seconds = processorSeconds() - before;
    if (scratch > 0 && each === minutes[0]) {
      await train({
        ...how,
        name: `${name}-scratch`,
        minutes: scratch,
        from: "nothing",
        overwrite: true,
      });
    }
    const rest = names.slice(count), most = Number(flags.unseen ?? 20);
    const every = Math.max(1, Math.floor(rest.length / most));
    const unseen = rest.filter((_, i) => i % every === 0).slice(0, most)
      .map((file) => join(folder, file));
    const { grid } = await loadCorpus(join(roots.data, "corpora", name));
    const base = await natsPerFrame(join(baseFolder(), nearestBase(grid)), unseen);
    const adapted = await natsPerFrame(join(roots.models, model), unseen);
    const nothing = scratch > 0 && each === minutes[0]
      ? (await natsPerFrame(join(roots.models, `${name}-scratch`), unseen)).toFixed(3)
      : "–";
    console.log(
      [
        `${count}`.padEnd(6),
        `${each}`.padEnd(7),
        base.toFixed(3),
        adapted.toFixed(3).padEnd(7),
        `${history.epochs.length}`.padEnd(6),
        `${seconds.toFixed(1)} s`.padEnd(9),
        nothing,
      ].join("  "),
    );
  }
}
