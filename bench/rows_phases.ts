import { join, resolve } from "node:path";
import { buildStarter } from "../lib/starter/build.ts";
import {
  type BenchOptions,
  bySize,
  type Checkout,
  checkouts,
  knownTimes,
  type Measured,
  type Row,
  scriptOf,
} from "./table.ts";

/** Resources that a run of a task took. */
interface TaskRun {
  /** Seconds from process start. */
  readonly seconds: number;
  /** Processor time in seconds; 0 where the system does not tell it. */
  readonly processorSeconds: number;
  /** Peak memory; 0 where the system does not tell it. */
  readonly peakBytes: number;
}

/** Clock ticks per second in /proc. */
const TICKS = 100;

/** Runs a task as a user would. @throws {Error} with its message if it fails */
async function runTask(
  { least }: BenchOptions,
  checkout: Checkout,
  args: readonly string[],
): Promise<TaskRun> {
  const start = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: [...scriptOf(checkout, "-P=phase", "lib", "cli", "main.ts"), ...args],
    cwd: checkout.folder,
    stdout: "null",
    stderr: "piped",
  }).spawn();
  // Deno itself guards /proc, where memory and processor time stand.
  const watch = "while grep -s VmHWM /proc/$0/status; do cat /proc/$0/stat; sleep $1; done";
  const watcher = new Deno.Command("sh", {
    args: ["-c", watch, String(child.pid), least ? "0.2" : "0.01"], // each look takes some time
    stderr: "null",
  }).output();
  const [status, complaint] = await Promise.all([child.status, new Response(child.stderr).text()]);
  const seconds = (performance.now() - start) / 1000;
  const seen = new TextDecoder().decode((await watcher).stdout);
  const peaks = Array.from(seen.matchAll(/VmHWM:\s+(\d+)/g), ([, kilobytes]) => Number(kilobytes));
  // The 14th and 15th field are user and system time; the second, in brackets, may have spaces.
  const times = Array.from(seen.matchAll(/\) (?:\S+ ){11}(\d+) (\d+) /g)).at(-1);
  if (!status.success) throw new Error(`${args.join(" ")}: ${complaint.trim()}`);
  return {
    seconds,
    processorSeconds: times ? (Number(times[1]) + Number(times[2])) / TICKS : 0,
    peakBytes: Math.max(0, ...peaks) * 1024,
  };
}

/** Runs tasks one after another. @returns the sum of their times, and the peak of their memory */
async function runTasks(
  options: BenchOptions,
  checkout: Checkout,
  tasks: readonly (readonly string[])[],
): Promise<TaskRun> {
  let sum: TaskRun = { seconds: 0, processorSeconds: 0, peakBytes: 0 };
  for (const args of tasks) {
    const { seconds, processorSeconds, peakBytes } = await runTask(options, checkout, args);
    sum = {
      seconds: sum.seconds + seconds,
      processorSeconds: sum.processorSeconds + processorSeconds,
      peakBytes: Math.max(sum.peakBytes, peakBytes),
    };
  }
  return sum;
}

/** Times tasks in each checkout in turns. @param tasks of a run in a checkout, by their arguments */
async function measure(
  options: BenchOptions,
  runs: number,
  tasks: (run: number, checkout: Checkout) => readonly (readonly string[])[],
): Promise<Measured[]> {
  const all = checkouts(options).map((checkout) => ({ checkout, results: [] as TaskRun[] }));
  for (let run = 0; run < runs; run++) {
    for (const { checkout, results } of all) {
      results.push(await runTasks(options, checkout, tasks(run, checkout)));
    }
  }
  return all.map(({ checkout: { name }, results }) => {
    return {
      name,
      seconds: results.map(({ seconds }) => seconds),
      ...knownTimes(results.map(({ processorSeconds }) => processorSeconds)),
      peakBytes: Math.max(...results.map(({ peakBytes }) => peakBytes)),
    };
  });
}

/** Preprocessing of a folder of MIDI files, and a second time without changes. */
export async function* preprocessRows(options: BenchOptions): AsyncGenerator<Row> {
  await using work = await workOf(options);
  const runs = bySize(options, { whole: 3, quick: 1, least: 1 });
  const tasks = (run: number, { name }: Checkout) => [[
    ...["preprocess", "--midi", work.midi, "--name", `corpus-${run}`],
    ...["--data", join(work.folder, name)],
  ]];
  const of = `preprocess ${options.midi ?? "the starter music"}`;
  yield { work: of, measured: await measure(options, runs, tasks), notes: [] };
  yield {
    work: `${of}, nothing changed`,
    measured: await measure(options, runs, tasks),
    notes: [],
  };
}

/** Start-up time: until the help text, and until a model's first frame. */
export async function* startRows(options: BenchOptions): AsyncGenerator<Row> {
  const runs = bySize(options, { whole: 9, quick: 3, least: 1 });
  for (const task of ["generate", "train"]) {
    const measured = await measure(options, runs, () => [[task, "--help"]]);
    yield { work: `deno task ${task} --help`, measured, notes: [] };
  }
  await using work = await workOf(options);
  const at = ({ name }: Checkout) => {
    const folder = join(work.folder, name);
    return ["--data", folder, "--models", folder];
  };
  for (const one of checkouts(options)) {
    const data = at(one).slice(0, 2);
    await runTask(options, one, ["preprocess", "--midi", work.midi, "--name", "small", ...data]);
    await runTask(options, one, [
      ...["train", "--corpus", "small", "--name", "small", "--epochs", "1"],
      ...at(one),
    ]);
  }
  const measured = await measure(options, runs, (run, one) => [[
    ...["generate", "--model", "small", "--frames", "1", "--name", `one-${run}`],
    ...at(one),
  ]]);
  yield { work: "first frame of a small model, from process start", measured, notes: [] };
}

/** From MIDI files to the first new piece heard: four phases, each as its task. */
export async function* heardRow(options: BenchOptions): AsyncGenerator<Row> {
  await using work = await workOf(options);
  const minutes = bySize(options, { whole: "2", quick: "2", least: "0.01" });
  const bars = bySize(options, { whole: "32", quick: "32", least: "1" });
  const measured = await measure(
    options,
    bySize(options, { whole: 3, quick: 1, least: 1 }),
    (run, { name }) => {
      const data = ["--data", join(work.folder, name)], models = ["--models", data[1]!];
      const own = `heard-${run}`, midi = join(data[1]!, "generated", `${own}.mid`);
      return [
        ["preprocess", "--midi", work.midi, "--name", own, ...data],
        ["train", "--corpus", own, "--name", own, "--minutes", minutes, ...data, ...models],
        ["generate", "--model", own, "--bars", bars, ...data, ...models],
        ["listen", midi],
      ];
    },
  );
  yield {
    work: `MIDI files (${options.midi ?? "starter music"}) to the first new piece heard`,
    measured,
    notes: [],
  };
}

/** A new piece by the base, from process start. */
export async function* musicRow(options: BenchOptions): AsyncGenerator<Row> {
  await using work = await workOf(options);
  const bars = bySize(options, { whole: 32, quick: 16, least: 1 });
  const runs = bySize(options, { whole: 5, quick: 3, least: 1 });
  const measured = await measure(options, runs, (run, { name }) => [[
    ...["generate", "--model", "base", "--bars", String(bars), "--name", `piece-${run}`],
    ...["--threads", String(options.threads), "--data", join(work.folder, name)],
  ]]);
  const pieces = await Promise.all(
    checkouts(options).map(({ name }) =>
      Deno.readFile(join(work.folder, name, "generated", "piece-0.mid"))
    ),
  );
  const isSame = pieces.every((piece) => piece.toString() === pieces[0]!.toString());
  yield {
    work: `a new piece of ${bars} bars by the base, from process start`,
    measured,
    notes: pieces.length === 1 ? [] : [isSame ? "the same music" : "not the same music"],
  };
}

/** A temporary folder, and MIDI files to measure with. */
async function workOf({ midi }: BenchOptions) {
  const folder = await Deno.makeTempDir();
  if (!midi) await buildStarter({ out: join(folder, "midi") });
  return {
    folder,
    midi: midi ? resolve(midi) : join(folder, "midi"),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
