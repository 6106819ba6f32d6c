import { type Partner, startPartner } from "./conversation.ts";
import { type BenchOptions, type Measured, median } from "./table.ts";

/** A program that runs the combination network, by its name in the table. */
export interface Contestant {
  readonly name: string;
  readonly partner: Partner;
}

/** Starts our own implementation, or stock tfjs's. */
export function startOurs(
  kind: "ours" | "tfjs-wasm" | "tfjs-cpu",
  classes: number,
  batch: number,
  threads: number,
): Contestant {
  const script = new URL("combination.ts", import.meta.url).pathname;
  // All permissions: Deno guards /proc, where the greatest memory stands.
  const args = ["run", "-A", script, kind, ...[classes, batch, threads].map(String)];
  const name = kind === "tfjs-cpu" ? kind : `${kind}, ${threads} thread${threads > 1 ? "s" : ""}`;
  return { name, partner: startPartner(Deno.execPath(), args) };
}

/** Starts PyTorch's, if it is there. */
export function startPyTorch(
  { python, threads }: BenchOptions,
  classes: number,
  batch: number,
): Contestant {
  const script = new URL("peers/combination.py", import.meta.url).pathname;
  const args = [script, ...[classes, batch, threads].map(String)];
  return { name: `PyTorch, ${threads} threads`, partner: startPartner(python, args) };
}

/** A turn goes on for about this long. */
const turnSeconds = 0.5;

/**
 * Asks each contestant in turn, round by round; those that fail are left out. Short work is done
 * several times in a turn and counts by its median, the first time left out: then the caches hold
 * somebody else's numbers, and PyTorch's threads may still be looking for more to do.
 *
 * @param warmUp commands that are not timed
 * @returns what was measured, and who failed and why
 */
export async function takeTurns(
  contestants: readonly Contestant[],
  warmUp: readonly string[],
  command: string,
  rounds: number,
): Promise<{ measured: Measured[]; failures: string[]; warm: Map<string, number[]> }> {
  const failures: string[] = [];
  const seconds = new Map<string, number[]>(), warm = new Map<string, number[]>();
  const tried = async ({ name, partner }: Contestant, command: string) => {
    try {
      return await partner.ask(command);
    } catch (error) {
      seconds.delete(name);
      const message = error instanceof Error ? error.message : String(error);
      failures.push(`${name} skipped: ${message.slice(0, 200)}`);
    }
  };
  for (const contestant of contestants) {
    seconds.set(contestant.name, []);
    for (const command of warmUp) {
      const answer = seconds.has(contestant.name) && await tried(contestant, command);
      if (!answer) continue;
      const losses = warm.get(contestant.name) ?? [];
      warm.set(contestant.name, [...losses, answer.loss!]);
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const contestant of contestants) {
      if (!seconds.has(contestant.name)) continue;
      const turn = await turnOf(() => tried(contestant, command));
      if (turn !== undefined) seconds.get(contestant.name)!.push(turn);
    }
  }
  const measured: Measured[] = [];
  for (const { name, partner } of contestants) {
    const runs = seconds.get(name);
    if (!runs) continue;
    measured.push({ name, seconds: runs, peakBytes: (await partner.ask("memory")).bytes });
  }
  return { measured, failures, warm };
}

/** The seconds that one turn counts by; undefined when a piece of work failed. */
async function turnOf(
  work: () => Promise<Record<string, number> | undefined>,
): Promise<number | undefined> {
  const times: number[] = [];
  let pieces = 1;
  for (let done = 0; done < pieces; done++) {
    const seconds = (await work())?.seconds;
    if (seconds === undefined) return undefined;
    times.push(seconds);
    if (done === 0) pieces += Math.min(20, Math.floor(turnSeconds / seconds));
  }
  return median(times.length > 1 ? times.slice(1) : times);
}
