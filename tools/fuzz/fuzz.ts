import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeMidi } from "../../lib/midi/write.ts";
import { readMidi } from "../../lib/midi/read.ts";
import type { Run } from "../../lib/phases/run.ts";
import { type Shown, shown } from "../../lib/show/summary.ts";
import { programFolder } from "../../lib/program.ts";
import { Random } from "../../lib/random.ts";
import { findMidiFiles } from "../../lib/store/midi_files.ts";
import { linesOf } from "../lines.ts";
import { makeInput as makeMidi } from "./inputs.ts";
import { randomPiece } from "./music.ts";
import type { FuzzModule } from "./target.ts";
import type { FuzzJob, FuzzReport } from "./tries.ts";

/** Settings of {@linkcode fuzz}. */
export interface FuzzSettings {
  /** Folder of MIDI files to be damaged, besides those made of random music. */
  readonly midi?: string;
  /** Duration, in minutes of one process. */
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
  while (goesOn()) {
    await using tries = startTries({
      ...{ seed, first: next, targets, good: good.map((bytes) => bytes.toBase64()) },
      ...(inputs === Infinity ? {} : { last: inputs }),
    });
    let trying = -1, since = secondsSoFar();
    while (goesOn()) {
      for (const report of await tries.reports(0.25)) {
        if ("trying" in report) {
          trying = report.trying;
          since = secondsSoFar();
        } else if ("failed" in report) {
          await keep(report.failed, report.target, report.message);
        } else {
          next = report.next;
          for (const verdict of ["used", "repaired", "skipped"] as const) {
            verdicts[verdict] += report.verdicts[verdict];
          }
          const { milliseconds } = report.slowest;
          if (milliseconds > slowest.milliseconds) Object.assign(slowest, report.slowest);
        }
      }
      run.onProgress?.({
        task: "fuzz",
        done: Math.min(secondsSoFar(), minutes * 60),
        total: minutes * 60,
        detail: `${next.toLocaleString("en-US")} inputs, ${failures.length} failures`,
      });
      if (trying >= next && secondsSoFar() - since > hangSeconds) {
        await keep(trying, "hang", `no verdict after ${hangSeconds} seconds`);
        next = trying + 1;
        break; // the process is ended, and another goes on with the next input
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

/** Starts a process that tries inputs until it is disposed of. */
function startTries(job: FuzzJob) {
  const folder = Deno.makeTempDirSync(); // an ended process leaves its own files behind
  const script = fileURLToPath(new URL("./tries.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--config",
      join(programFolder(), "deno.json"),
      "-P=phase",
      script,
    ],
    env: { TMPDIR: folder, TMP: folder },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const complaints = new Response(child.stderr).text();
  let arrived: FuzzReport[] = [];
  const given = new Blob([JSON.stringify(job)]).stream().pipeTo(child.stdin).catch(() => {});
  const read = (async () => {
    for await (const line of linesOf(child.stdout)) arrived.push(JSON.parse(line));
  })();
  let ended: Deno.CommandStatus | undefined;
  const status = child.status.then((found) => ended = found);
  return {
    /** Waits for `seconds`, or for the end of the process, and returns the reports received. */
    async reports(seconds: number): Promise<FuzzReport[]> {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, seconds * 1000);
      await Promise.race([promise, status.then(() => read)]).finally(() => clearTimeout(timer));
      if (ended && !ended.success) {
        throw new Error(`The process that tries inputs has failed: ${(await complaints).trim()}`);
      }
      const reports = arrived;
      arrived = [];
      return reports;
    },
    async [Symbol.asyncDispose]() {
      if (!ended) child.kill("SIGKILL");
      await Promise.all([status, given, read, complaints]);
      await Deno.remove(folder, { recursive: true });
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
