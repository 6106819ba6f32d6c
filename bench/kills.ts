/**
 * Kills the phases at random moments and checks the files that remain on disk.
 *
 * Run it by `deno task kills`; `--help` says how.
 * @module
 */
import { join } from "node:path";
import { openModel } from "../lib/model/bundle.ts";
import { Random } from "../lib/random.ts";
import { whole as wholeNumber } from "../lib/phases/settings/declare.ts";
import { flagsFor } from "../tools/task.ts";
import { buildStarter } from "../lib/starter/build.ts";
import { exists } from "../lib/store/files.ts";
import { rootsOf, TRAINING, type Victim, victimsIn } from "./victims.ts";

/** Result of {@linkcode killAtRandom}. */
interface KillReport {
  /** Number of runs killed before they ended. */
  readonly killed: number;
  /** Number of runs that ended before they were to be killed. */
  readonly finished: number;
  /** Problems of the files that remained; empty if there are none. */
  readonly problems: readonly string[];
}

/** Number of training pieces: with less to train on, more of the kills hit the writing of files. */
const PIECES = 4;

/**
 * Maximum number of runs that may end by themselves for each one killed, as the machine may get
 * faster meanwhile.
 */
const MOST_FINISHED = 10;

/**
 * Starts tasks on a small corpus and kills each (SIGKILL) at a random moment of its run; after each
 * kill, every artifact must be readable and consistent. Ends with a resumed training run, which must
 * end in the same bytes as an undisturbed one.
 * @param folder an empty folder for the artifacts
 * @param kills how many runs to kill
 */
export async function killAtRandom(
  folder: string,
  kills: number,
  seed: number,
  say: (line: string) => void = () => {},
): Promise<KillReport> {
  const random = new Random(seed), midi = join(folder, "midi");
  const { files } = await buildStarter({ out: midi });
  for (const file of files.slice(PIECES)) await Deno.remove(file);
  const victims = victimsIn(folder, midi);
  // Everything once undisturbed, to know how long it takes and to have old artifacts.
  const milliseconds = new Map<string, number>();
  for (const { task, args } of victims) {
    milliseconds.set(task, await whole(task, args));
    // what generate plays and what the resumed run is held against
    if (task === "train") await whole("train", [...TRAINING, "--name", "done", ...rootsOf(folder)]);
  }
  const problems: string[] = [];
  let killed = 0, finished = 0;
  while (killed < kills && finished < MOST_FINISHED * kills) {
    const run = killed + finished, { task, args } = victims[run % victims.length]!;
    const started = performance.now(), after = random.next() * 1.1 * milliseconds.get(task)!;
    // Each run has something new to write: other steps, another seed, a run to go on with.
    const { signal, code, complaint } = await killedAfter(after, task, [
      ...args,
      ...novelty(task, run),
    ]);
    if (signal === "SIGKILL" || code === 137) killed++;
    else {
      finished++;
      milliseconds.set(task, performance.now() - started); // it is quicker than it was
      if (code !== 0) problems.push(`${task} after kill: ${complaint}`);
    }
    const where = `run ${run}, ${task}, after ${after.toFixed(0)} ms`;
    problems.push(...await leftWrong(victims, where));
    say(`${killed}/${kills} killed, ${finished} ended before, ${problems.length} problems`);
  }
  if (problems.length === 0) {
    await whole("preprocess", victims[0]!.args); // the corpus as it was
    problems.push(...await resumeAgainAndAgain(folder, milliseconds.get("train")!, random));
  }
  return { killed, finished, problems };
}

/** Upper bound on a run in milliseconds: the longest delay of a timer. */
const A_MONTH = 2 ** 31 - 1;

/** Runs a task, and kills it after a number of milliseconds unless it has ended. */
async function killedAfter(milliseconds: number, task: string, args: readonly string[]) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-P=phase", "lib/cli/main.ts", task, ...args],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let shot = false;
  const timer = setTimeout(() => shot = killNow(child), milliseconds);
  const { signal, code, stderr } = await child.output();
  clearTimeout(timer);
  return { signal, code, shot, complaint: new TextDecoder().decode(stderr) };
}

/** Runs a task undisturbed. Returns its duration in milliseconds. */
async function whole(task: string, args: readonly string[]): Promise<number> {
  const started = performance.now();
  const { code, complaint } = await killedAfter(A_MONTH, task, args);
  if (code !== 0) throw new Error(`${task} failed: ${complaint}`);
  return performance.now() - started;
}

/** Problems of the files that remained. */
async function leftWrong(victims: readonly Victim[], where: string): Promise<string[]> {
  const problems: string[] = [];
  for (const { task, check } of victims) {
    try {
      await check();
    } catch (error) {
      problems.push(`${where} left ${task}: ${error}`);
    }
  }
  return problems;
}

/**
 * Compares a run that is killed repeatedly and resumed until it completes with an undisturbed one.
 */
async function resumeAgainAndAgain(
  folder: string,
  milliseconds: number,
  random: Random,
): Promise<string[]> {
  const model = (name: string) => join(folder, "models", name);
  const args = [...TRAINING, "--name", "resumed", ...rootsOf(folder)];
  for (let patience = milliseconds, through = false; !through;) {
    const resume = await exists(model("resumed")) ? ["--resume"] : [];
    const after = (0.5 + random.next()) * patience;
    const { code, shot, complaint } = await killedAfter(after, "train", [...args, ...resume]);
    through = code === 0;
    if (!through && !shot) return [`resumed: ${complaint}`];
    patience *= 1.2; // where the machine is slower now than it was, no run would come to save anything
  }
  const problems: string[] = [];
  for (const file of ["weights.bin", "checkpoint.bin"]) {
    const [a, b] = await Promise.all(
      ["done", "resumed"].map(async (name) =>
        (await openModel(model(name))).manifest.files[file]!.sha256
      ),
    );
    if (a !== b) problems.push(`resumed run: ${file} differs from an undisturbed run's`);
  }
  for (const name of ["done", "resumed"]) {
    const left = [...Deno.readDirSync(model(name))].length - 2; // the manifest and one generation
    if (left > 0) problems.push(`left behind in ${name}: ${left}`);
  }
  return problems;
}

function novelty(task: string, run: number): string[] {
  if (task === "preprocess") return ["--steps-per-beat", `${2 + run % 3}`];
  return task === "train" || task === "generate" ? ["--seed", `${run}`] : [];
}

/** @returns whether it was still there */
function killNow(child: Deno.ChildProcess): boolean {
  try {
    child.kill("SIGKILL");
    return true;
  } catch {
    return false;
  }
}

if (import.meta.main) {
  const { kills, seed } = flagsFor<{ readonly kills: number; readonly seed: number }>({
    name: "kills",
    summary: "Kills the phases at random moments and looks at what is left on disk.",
    example: "deno task kills --kills 20 --seed 7",
  }, {
    kills: wholeNumber("N", "How many runs to kill", { least: 1, default: 200 }),
    seed: wholeNumber("N", "Another seed kills at other moments", { default: 1 }),
  });
  const folder = await Deno.makeTempDir();
  const report = await killAtRandom(folder, kills, seed, console.log);
  await Deno.remove(folder, { recursive: true });
  console.log(
    `${report.killed} runs killed, ${report.finished} ended before; ${report.problems.length} problems`,
  );
  for (const problem of report.problems) console.log(problem);
  Deno.exit(report.problems.length === 0 ? 0 : 1);
}
