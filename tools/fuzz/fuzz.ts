import { join } from "node:path";
import { writeMidi } from "../../lib/midi/write.ts";
import { readMidi } from "../../lib/midi/read.ts";
import type { Run } from "../../lib/phases/run.ts";
import { type Shown, shown } from "../../lib/show/summary.ts";
import { Random } from "../../lib/random.ts";
import { findMidiFiles } from "../../lib/store/midi_files.ts";
import { makeInput as makeMidi } from "./inputs.ts";
import { randomPiece } from "./music.ts";
import type { FuzzModule } from "./target.ts";
import type { FuzzJob, FuzzReport } from "./worker.ts";

/** Settings of {@linkcode fuzz}. */
export interface FuzzSettings {
  /** Folder of MIDI files to be damaged, besides those made of random music. */
  readonly midi?: string;
  /** Duration, in minutes of one thread. */
  readonly minutes?: number;
  /** Maximum number of inputs. */
  readonly inputs?: number;
  /** Random seed of the inputs. */
  readonly seed?: number;
  /** Folder for failing inputs, which the tests try from then on. */
  readonly failures?: string;
  /** Seconds after which an input counts as a hang. */
  readonly hangSeconds?: number;
  /** URL of a module that exports its targets as `fuzzTargets`. */
  readonly targets?: string;
}

/** Default settings of {@linkcode fuzz}. */
const fuzzDefaults = {
  minutes: 1,
  inputs: Infinity,
  seed: 0,
  failures: "tests/midi/regressions",
  hangSeconds: 10, // far more than any input that is within the limits
  targets: new URL("./targets.ts", import.meta.url).href,
} as const;

/** Result of {@linkcode fuzz}. */
export interface FuzzSummary {
  /** Number of inputs tried. */
  readonly inputs: number;
  /** Count of each verdict; every target gives one verdict per input. */
  readonly verdicts: Readonly<Record<"used" | "repaired" | "skipped", number>>;
  /** Failing inputs. */
  readonly failures: readonly FuzzFailure[];
  /** The slowest input: how it was made, and its time in milliseconds. */
  readonly slowest: { readonly kind: string; readonly milliseconds: number };
}

/** A failing input: one without a verdict, or with music that violates an invariant. */
export interface FuzzFailure {
  /** File with the input. */
  readonly file: string;
  /** Error message with its position in the code. */
  readonly message: string;
}

/**
 * Tries damaged, random and well-formed files, and keeps each that fails: with an error that is no
 * reason, with music that violates an invariant, with notes that are read back differently, or with
 * a hang. The same seed, files and number of inputs give the same inputs.
 *
 * @throws {Error} when the folders cannot be read or written
 */
export async function fuzz(
  settings: FuzzSettings = {},
  run: Run = {},
): Promise<FuzzSummary & Shown> {
  const { midi, minutes, inputs, seed, failures: folder, hangSeconds, targets } = {
    ...fuzzDefaults,
    ...settings,
  };
  const {
    makeInput = makeMidi,
    goodFiles = () => goodMidiFiles(midi, seed),
    ending = "mid",
  }: FuzzModule = await import(targets);
  const good = await goodFiles();
  const verdicts = { used: 0, repaired: 0, skipped: 0 };
  const slowest = { index: 0, milliseconds: 0 };
  const failures: FuzzFailure[] = [];
  const started = performance.now();
  const secondsSoFar = () => (performance.now() - started) / 1000;
  let next = 0; // every input before this one has been tried
  const goesOn = () => next < inputs && secondsSoFar() < minutes * 60 && !run.signal?.aborted;

  const keep = async (index: number, target: string, message: string) => {
    const { kind, bytes } = makeInput(seed, index, good);
    const file = join(folder, `${target}-${kind}-${seed}-${index}.${ending}`);
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeFile(file, bytes);
    failures.push({ file, message });
    run.onMessage?.(`${file}: ${message}`);
  };
  const note = async (report: FuzzReport) => {
    if ("failed" in report) return await keep(report.failed, report.target, report.message);
    next = report.next;
    for (const verdict of ["used", "repaired", "skipped"] as const) {
      verdicts[verdict] += report.verdicts[verdict];
    }
    if (report.slowest.milliseconds > slowest.milliseconds) Object.assign(slowest, report.slowest);
  };

  while (goesOn()) {
    const current = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
    await using worker = startWorker({ seed, first: next, last: inputs, good, targets, current });
    let tried = -1;
    let triedSince = secondsSoFar();
    while (goesOn()) {
      for (const report of await worker.reports(0.25)) await note(report);
      run.onProgress?.({
        task: "fuzz",
        done: Math.min(secondsSoFar(), minutes * 60),
        total: minutes * 60,
        detail: `${next.toLocaleString("en-US")} inputs, ${failures.length} failures`,
      });
      const trying = Atomics.load(current, 0);
      if (trying !== tried) {
        tried = trying;
        triedSince = secondsSoFar();
      } else if (tried >= 0 && secondsSoFar() - triedSince > hangSeconds) {
        await keep(tried, "hang", `no verdict after ${hangSeconds} seconds`);
        next = tried + 1;
        break; // the thread is ended, and another goes on with the next input
      }
    }
  }
  const { kind } = makeInput(seed, slowest.index, good);
  const { milliseconds } = slowest;
  return summary({ inputs: next, verdicts, failures, slowest: { kind, milliseconds } });
}

const mostBytes = 64 * 1024; // large files bring out nothing that small ones do not, only slower

/** Well-formed files, from random music and from a folder. */
async function goodMidiFiles(folder: string | undefined, seed: number): Promise<Uint8Array[]> {
  const random = new Random(seed);
  const good = Array.from({ length: 20 }, () => writeMidi(randomPiece(random)));
  if (folder === undefined) return good;
  const files = await findMidiFiles(folder);
  for (const name of files.names) {
    const bytes = await Deno.readFile(join(files.folder, name));
    if (bytes.length > mostBytes) continue;
    try {
      if (readMidi(bytes).repairs.length === 0) good.push(bytes);
    } catch {
      // what cannot be read is not good
    }
  }
  return good;
}

/** Starts a thread that tries inputs until it is disposed of. */
function startWorker(job: FuzzJob) {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  let arrived: FuzzReport[] = [];
  let failed: Error | undefined;
  worker.onmessage = ({ data }: MessageEvent<FuzzReport>) => arrived.push(data);
  worker.onerror = (event) => {
    event.preventDefault();
    failed = new Error(`The thread that tries inputs has failed: ${event.message}`);
  };
  worker.postMessage(job);
  return {
    /** Waits for `seconds` and returns the reports received. */
    async reports(seconds: number): Promise<FuzzReport[]> {
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      if (failed) throw failed;
      const reports = arrived;
      arrived = [];
      return reports;
    },
    [Symbol.asyncDispose]() {
      worker.terminate();
      return Promise.resolve();
    },
  };
}

function summary(found: FuzzSummary): FuzzSummary & Shown {
  const { inputs, verdicts, failures, slowest } = found;
  return shown(found, {
    title: "Fuzzing",
    rows: [
      ["inputs", inputs.toLocaleString("en-US")],
      [
        "verdicts",
        Object.entries(verdicts).map(([name, count]) => `${count.toLocaleString("en-US")} ${name}`)
          .join(", "),
      ],
      ["failures", failures.length ? failures.map((failure) => failure.file).join(", ") : "none"],
      ["slowest", `${slowest.milliseconds.toFixed(1)} ms (${slowest.kind})`],
    ],
  });
}
