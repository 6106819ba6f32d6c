import { fileURLToPath } from "node:url";
import { type Partner, startPartner } from "./conversation.ts";
import {
  type BenchOptions,
  bySize,
  type Checkout,
  checkouts,
  knownTimes,
  type Measured,
  median,
  scriptOf,
} from "./table.ts";

/** A program that runs the combination network, with its name in the table. */
export interface Contestant {
  readonly name: string;
  readonly partner: Partner;
}

/** Starts our implementation, that of another checkout, or that of stock tfjs. */
export function startOurs(
  kind: "ours" | "tfjs-wasm" | "tfjs-cpu",
  classes: number,
  batch: number,
  threads: number,
  checkout: Checkout = checkouts()[0],
): Contestant {
  const who = kind === "ours" ? checkout.name : kind;
  // All permissions: Deno guards /proc, where the greatest memory stands.
  const args = [...scriptOf(checkout, "-A", "bench", "combination.ts"), kind]
    .concat([classes, batch, threads].map(String));
  const name = kind === "tfjs-cpu" ? kind : `${who}, ${threads} thread${threads > 1 ? "s" : ""}`;
  return { name, partner: startPartner(Deno.execPath(), args) };
}

/** Whether a Python has PyTorch; rows may be skipped only for a peer that is not installed. */
export async function hasPyTorch(python: string): Promise<boolean> {
  try {
    const args = ["-c", "import importlib.util as u; exit(not (u.find_spec('torch')))"];
    return (await new Deno.Command(python, { args }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Message for a Python without PyTorch. */
export function noPyTorch(python: string): string {
  return `PyTorch is not installed for ${python} (Debian: python3-torch, libopenblas0-pthread)`;
}

/** Starts the implementation in PyTorch; none where it is not installed. */
export async function startPyTorch(
  { python, threads }: BenchOptions,
  classes: number,
  batch: number,
): Promise<Contestant[]> {
  if (!await hasPyTorch(python)) return [];
  const script = fileURLToPath(new URL("peers/combination.py", import.meta.url));
  const args = [script, ...[classes, batch, threads].map(String)];
  return [{ name: `PyTorch, ${threads} threads`, partner: startPartner(python, args) }];
}

/** Approximate length of a turn in seconds; a single run where it only has to be seen to work. */
const TURN_SECONDS = { whole: 0.5, quick: 0.5, least: 0 };

/**
 * Times the contestants in turns, round by round. Short work is repeated within a turn and counts
 * by its median without the first run: by then the caches hold another contestant's data, and
 * PyTorch's threads may still be spinning.
 *
 * @param warmUp commands that are not timed
 * @throws {Error} if one of them fails: what is installed is measured
 */
export async function takeTurns(
  options: BenchOptions,
  contestants: readonly Contestant[],
  warmUp: readonly string[],
  command: string,
  rounds: number,
): Promise<{ measured: Measured[]; warm: Map<string, number[]> }> {
  const seconds = new Map<string, number[]>(), processor = new Map<string, number[]>();
  const warm = new Map<string, number[]>();
  const turnSeconds = bySize(options, TURN_SECONDS);
  const tried = async ({ name, partner }: Contestant, command: string) => {
    try {
      return await partner.ask(command);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`Cannot measure ${name}: ${message.slice(0, 200)}`, { cause });
    }
  };
  for (const contestant of contestants) {
    seconds.set(contestant.name, []);
    processor.set(contestant.name, []);
    for (const command of warmUp) {
      const answer = await tried(contestant, command);
      const losses = warm.get(contestant.name) ?? [];
      warm.set(contestant.name, [...losses, answer.loss!]);
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const contestant of contestants) {
      const turn = await turnOf(() => tried(contestant, command), turnSeconds);
      seconds.get(contestant.name)!.push(turn.seconds);
      processor.get(contestant.name)!.push(turn.processorSeconds);
    }
  }
  const measured: Measured[] = [];
  for (const { name, partner } of contestants) {
    const peakBytes = (await partner.ask("memory")).bytes;
    const times = knownTimes(processor.get(name)!);
    measured.push({ name, seconds: seconds.get(name)!, ...times, peakBytes });
  }
  return { measured, warm };
}

/**
 * Compares the losses of contestants.
 * @param losses of ours first
 * @throws {Error} where one differs from ours: then times mean nothing
 */
export function checkLosses(losses: ReadonlyMap<string, readonly number[]>): string[] {
  const [[ours, own] = ["", []], ...others] = losses;
  for (const [name, theirs] of others) {
    // Stock tfjs only looks: its second value is the first again.
    const count = name.startsWith("tfjs") ? 1 : 2;
    for (let i = 0; i < count; i++) {
      if (!(Math.abs(theirs[i]! / own[i]! - 1) < 1e-4)) {
        throw new Error(
          `Losses differ: ${ours} has ${own.slice(0, count)}, ${name} ${theirs.slice(0, count)}`,
        );
      }
    }
  }
  const peers = others.map(([name]) => name.split(",")[0]);
  return [
    `losses ${own.slice(0, 2).map((loss) => loss.toFixed(5)).join(", ")}` +
    (peers.length ? ` are those of ${[...new Set(peers)].join(" and ")}` : ": nobody to compare"),
  ];
}

/** Compares what contestants compute before they are measured. @throws {Error} where it differs */
export async function checkEqual(contestants: readonly Contestant[]): Promise<string[]> {
  const losses = new Map<string, number[]>();
  for (const { name, partner } of contestants) {
    losses.set(name, [(await partner.ask("check")).loss!, (await partner.ask("check")).loss!]);
  }
  return checkLosses(losses);
}

/** Ends contestants. */
export async function end(contestants: readonly Contestant[]): Promise<void> {
  for (const { partner } of contestants) await partner.close();
}

/** The seconds that one turn counts by, and those of the processor. */
async function turnOf(
  work: () => Promise<Record<string, number>>,
  turnSeconds: number,
): Promise<{ readonly seconds: number; readonly processorSeconds: number }> {
  const times: number[] = [], processor: number[] = [];
  let pieces = 1;
  for (let done = 0; done < pieces; done++) {
    const { seconds = 0, processorSeconds = 0 } = await work();
    times.push(seconds);
    processor.push(processorSeconds);
    if (done === 0) pieces += Math.min(20, Math.floor(turnSeconds / seconds));
  }
  const middle = (all: number[]) => median(all.length > 1 ? all.slice(1) : all);
  return { seconds: middle(times), processorSeconds: middle(processor) };
}
