import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { buildStarter } from "../lib/starter/build.ts";
import { linesOf } from "./conversation.ts";
import { hasPyTorch, noPyTorch } from "./partners.ts";
import { type BenchOptions, bySize, type Measured, type Row } from "./table.ts";

const main = fileURLToPath(new URL("../lib/cli/main.ts", import.meta.url));

/**
 * Runs a task as a user would. Returns its time in seconds from process start, and its peak memory.
 */
async function runTask(args: readonly string[]): Promise<{ seconds: number; peakBytes: number }> {
  const start = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-P=phase", main, ...args],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  // Deno itself guards /proc, where the greatest memory stands.
  const watch = "while grep -s VmHWM /proc/$0/status; do sleep 0.01; done";
  const watcher = new Deno.Command("sh", { args: ["-c", watch, String(child.pid)] }).output();
  const [status, complaint] = await Promise.all([child.status, new Response(child.stderr).text()]);
  const seconds = (performance.now() - start) / 1000;
  const peaks = new TextDecoder().decode((await watcher).stdout).match(/\d+/g) ?? [];
  const peakBytes = Math.max(0, ...peaks.map(Number)) * 1024;
  if (!status.success) throw new Error(`${args.join(" ")}: ${complaint.trim()}`);
  return { seconds, peakBytes };
}

async function measure(
  name: string,
  runs: number,
  args: (run: number) => readonly string[],
): Promise<Measured> {
  const results = [];
  for (let run = 0; run < runs; run++) results.push(await runTask(args(run)));
  return {
    name,
    seconds: results.map(({ seconds }) => seconds),
    peakBytes: Math.max(...results.map(({ peakBytes }) => peakBytes)),
  };
}

/** Preprocessing of a folder of MIDI files, and a second time without changes. */
export async function* preprocessRows({ midi, ...size }: BenchOptions): AsyncGenerator<Row> {
  const data = await Deno.makeTempDir(), from = midi ?? join(data, "starter");
  if (!midi) await buildStarter({ out: from });
  const runs = bySize(size, { whole: 3, quick: 1, least: 1 });
  const args = (name: string) => ["preprocess", "--midi", from, "--name", name, "--data", data];
  try {
    const first = await measure("ours", runs, (run) => args(`corpus-${run}`));
    yield { work: `preprocess ${midi ?? "the starter music"}`, measured: [first], notes: [] };
    const again = await measure("ours", runs, (run) => args(`corpus-${run}`));
    yield {
      work: `preprocess ${midi ?? "the starter music"}, nothing changed`,
      measured: [again],
      notes: [],
    };
  } finally {
    await Deno.remove(data, { recursive: true });
  }
}

/** Start-up time: until the help text, and until a model's first frame. */
export async function* startRows({ midi, ...size }: BenchOptions): AsyncGenerator<Row> {
  const runs = bySize(size, { whole: 9, quick: 3, least: 1 });
  for (const task of ["generate", "train"]) {
    const measured = [await measure("ours", runs, () => [task, "--help"])];
    yield { work: `deno task ${task} --help`, measured, notes: [] };
  }
  const folder = await Deno.makeTempDir();
  const data = ["--data", folder], at = [...data, "--models", folder];
  try {
    const from = midi ?? join(folder, "midi");
    if (!midi) await buildStarter({ out: from });
    await runTask(["preprocess", "--midi", from, "--name", "small", ...data]);
    await runTask(["train", "--corpus", "small", "--name", "small", "--epochs", "1", ...at]);
    const args = ["generate", "--model", "small", "--frames", "1", ...at];
    const measured = [await measure("ours", runs, (run) => [...args, "--name", `one-${run}`])];
    yield { work: "first frame of a small model, from process start", measured, notes: [] };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Training step of the pitchwise network, by its own benchmark. */
export async function* pitchwiseRow(
  { python, threads, ...size }: BenchOptions,
): AsyncGenerator<Row> {
  const work = "training step of the pitchwise network, batch 64";
  if (!await hasPyTorch(python)) {
    yield { work, measured: [], notes: [`not measured beside a peer: ${noPyTorch(python)}`] };
    return;
  }
  const script = fileURLToPath(new URL("pitchwise.ts", import.meta.url));
  const steps = bySize(size, { whole: "30", quick: "10", least: "1" });
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-P=bench", script, "--python", python, "--threads", String(threads)].concat(
      ["--steps", steps],
    ),
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const complaint = new Response(child.stderr).text();
  const ours: number[] = [], theirs: number[] = [];
  let last = "";
  for await (const line of linesOf(child.stdout)) {
    const times = /ms per step ([\d.]+) \(PyTorch ([\d.]+)\)/.exec(line);
    if (times) {
      ours.push(Number(times[1]) / 1000);
      theirs.push(Number(times[2]) / 1000);
    } else last = line;
  }
  if (!(await child.status).success) {
    throw new Error(`Cannot measure the pitchwise network:\n${(await complaint).trim()}`);
  }
  yield {
    work,
    measured: [
      { name: `ours, ${threads} threads`, seconds: ours },
      { name: `PyTorch, ${threads} threads`, seconds: theirs },
    ],
    notes: [last],
  };
}
