/**
 * Measures speed and memory, beside the peers that are installed.
 *
 *     deno task bench [--rows step,generation,pitchwise,preprocess,start,growth] [--quick] [--json FILE]
 *         [--midi DIR] [--python /usr/bin/python3] [--threads N]
 *
 * Each row is the median of several runs, taken in turns with the peers' so that a busy moment
 * hits all alike; each runs in a process of its own, whose greatest memory is given. Before the
 * clock starts, ours and the peer must compute the same loss on the same weights and data.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { measureMachine } from "./machine.ts";
import { growthRows } from "./rows_growth.ts";
import { generationRows } from "./rows_generation.ts";
import { pitchwiseRow, preprocessRows, startRows } from "./rows_phases.ts";
import { stepRows } from "./rows_step.ts";
import { type BenchOptions, printRow, type Row } from "./table.ts";

const flags = parseArgs(Deno.args, {
  string: ["rows", "json", "midi", "python", "threads"],
  boolean: ["quick"],
});
const given = (name: string) => flags[name] === undefined ? undefined : String(flags[name]);
const options: BenchOptions = {
  python: given("python") ?? "/usr/bin/python3",
  threads: Number(given("threads") ?? Math.min(8, navigator.hardwareConcurrency)),
  quick: flags.quick === true,
  midi: given("midi"),
};
const kinds = {
  step: stepRows,
  generation: generationRows,
  pitchwise: pitchwiseRow,
  preprocess: preprocessRows,
  start: startRows,
  growth: growthRows,
};
const wanted = (given("rows") ?? Object.keys(kinds).join(",")).split(",");
const unknown = wanted.find((name) => !(name in kinds));
if (unknown) {
  console.error(`No rows "${unknown}"; there are: ${Object.keys(kinds).join(", ")}`);
  Deno.exit(2);
}

const machine = await measureMachine();
const [one, all] = machine.peakGflops, [oneGb, allGb] = machine.peakGigabytes;
console.log(
  `${machine.processor}, ${machine.cores} cores, ` +
    `${
      (machine.memoryBytes / 2 ** 30).toFixed(0)
    } GiB; Deno ${machine.deno}; ${machine.backend}\n` +
    `at most ${one.toFixed(0)} GFLOP/s on one core, ${all.toFixed(0)} on all; ` +
    `reads ${oneGb.toFixed(1)} GB/s with one, ${allGb.toFixed(1)} with all\n`,
);
const rows: Row[] = [];
for (const kind of wanted) {
  for await (const row of kinds[kind as keyof typeof kinds](options, machine)) {
    rows.push(row);
    printRow(row);
  }
}
const json = given("json");
if (json) {
  const when = new Date().toISOString();
  await Deno.writeTextFile(json, JSON.stringify({ when, machine, rows }, null, 2) + "\n");
}
Deno.exit(0);
