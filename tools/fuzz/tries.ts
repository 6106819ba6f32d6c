/**
 * Tries inputs one after another in a process of its own, which can be ended in the midst of a hang:
 * a thread cannot, as `Worker.terminate` leaves a busy loop running (Deno 2.9.6).
 * @module
 */
import { makeInput as makeMidi } from "./inputs.ts";
import type { FuzzModule, Verdict } from "./target.ts";

/** Job of the process, which it reads from its standard input as JSON. */
export interface FuzzJob {
  /** See {@linkcode makeInput}. */
  readonly seed: number;
  /** Number of the first input. */
  readonly first: number;
  /** Number after the last input; without it there is no end. */
  readonly last?: number;
  /** See {@linkcode makeInput}; in base64. */
  readonly good: readonly string[];
  /** Address of a module that exports `fuzzTargets`. */
  readonly targets: string;
}

/** A line of its standard output, in JSON: a failure, or the progress since the last report. */
export type FuzzReport =
  | { readonly trying: number }
  | { readonly failed: number; readonly target: string; readonly message: string }
  | {
    /** All inputs before this one have been tried. */
    readonly next: number;
    readonly verdicts: Readonly<Record<Verdict, number>>;
    readonly slowest: { readonly index: number; readonly milliseconds: number };
  };

if (import.meta.main) await tryInputs(await new Response(Deno.stdin.readable).json());

async function tryInputs({ seed, first, last = Infinity, targets, ...job }: FuzzJob) {
  const { fuzzTargets, makeInput = makeMidi }: FuzzModule = await import(targets);
  const good = job.good.map((bytes) => Uint8Array.fromBase64(bytes));
  for (let index = first; index < last;) {
    const verdicts = { used: 0, repaired: 0, skipped: 0 };
    const slowest = { index, milliseconds: 0 };
    const until = performance.now() + 250;
    for (; index < last && performance.now() < until; index++) {
      report({ trying: index });
      const input = makeInput(seed, index, good);
      const started = performance.now();
      for (const target of fuzzTargets) {
        try {
          verdicts[await target.check(input)]++;
        } catch (error) {
          report({ failed: index, target: target.name, message: describe(error) });
        }
      }
      const milliseconds = performance.now() - started;
      if (milliseconds > slowest.milliseconds) Object.assign(slowest, { index, milliseconds });
    }
    report({ next: index, verdicts, slowest });
  }
}

/** Writes a report at once: after a hang nothing would be written any more. */
function report(message: FuzzReport): void {
  const bytes = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}

function describe(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}
