/**
 * Measures speed and memory beside the installed peers.
 *
 * Run it by `deno task bench`; `--help` says how.
 *
 * Each row is the median of several runs, which alternate with the peers' so that a busy moment
 * affects all alike; every contestant has its own process, whose peak memory is reported. Before
 * timing, ours and the peer must compute the same loss on the same weights and data.
 *
 * @module
 */
import { list, onOff, path } from "../lib/phases/settings/declare.ts";
import { flagsFor, THREADS } from "../tools/task.ts";
import { measureMachine } from "./machine.ts";
import { growthRows } from "./rows_growth.ts";
import { generationRows } from "./rows_generation.ts";
import { heardRow, musicRow, preprocessRows, startRows } from "./rows_phases.ts";
import { pitchwiseRow } from "./rows_pitchwise.ts";
import { stepRows } from "./rows_step.ts";
import { type BenchOptions, printRow, type Row } from "./table.ts";

const kinds = {
  step: stepRows,
  generation: generationRows,
  pitchwise: pitchwiseRow,
  preprocess: preprocessRows,
  start: startRows,
  music: musicRow,
  heard: heardRow,
  growth: growthRows,
};
type Kind = keyof typeof kinds;
const all = Object.keys(kinds) as Kind[];
const {
  rows: wanted = all,
  threads = Math.min(8, navigator.hardwareConcurrency),
  json,
  ...how
} = flagsFor<
  & Omit<BenchOptions, "threads">
  & { readonly rows?: readonly Kind[]; readonly threads?: number; readonly json?: string }
>({
  name: "bench",
  summary: "Measures speed and memory, beside the peers that are installed.",
  example: "deno task bench --rows step,start --quick",
}, {
  rows: list<readonly Kind[]>("ROWS", "What to measure", { choices: all, usually: all.join() }),
  quick: onOff("Fewer runs and shorter ones"),
  least: onOff("One run of each row at its smallest, to see that it can be measured"),
  json: path("FILE", "Where to put the figures, too"),
  midi: path("DIR", "MIDI files for the rows of whole phases", { usually: "the starter music" }),
  beside: path(
    "FOLDER",
    "Another checkout, such as of an earlier commit, to measure beside this one",
  ),
  python: path("PYTHON", "The Python that may have PyTorch", { default: "/usr/bin/python3" }),
  threads: THREADS,
});
const options: BenchOptions = { ...how, threads };

const machine = await measureMachine(options.least);
const [one, both] = machine.peakGflops, [oneGb, allGb] = machine.peakGigabytes;
console.log(
  `${machine.processor}, ${machine.cores} cores, ` +
    `${
      (machine.memoryBytes / 2 ** 30).toFixed(0)
    } GiB; Deno ${machine.deno}; ${machine.backend}\n` +
    `at most ${one.toFixed(0)} GFLOP/s on one core, ${both.toFixed(0)} on all; ` +
    `reads ${oneGb.toFixed(1)} GB/s with one, ${allGb.toFixed(1)} with all\n`,
);
const rows: Row[] = [];
for (const kind of wanted) {
  for await (const row of kinds[kind](options, machine)) {
    rows.push(row);
    printRow(row);
  }
}
if (json) {
  const when = new Date().toISOString();
  await Deno.writeTextFile(json, JSON.stringify({ when, machine, rows }, null, 2) + "\n");
}
Deno.exit(0);
