/// <reference lib="webworker" />
/**
 * Tries inputs one after another in a separate thread, so that a hang can be ended from outside.
 * @module
 */
import { makeInput as makeMidi } from "./inputs.ts";
import type { FuzzModule, Verdict } from "./target.ts";

/** Job of a worker. */
export interface FuzzJob {
  /** See {@linkcode makeInput}. */
  readonly seed: number;
  /** Number of the first input. */
  readonly first: number;
  /** Number after the last input. */
  readonly last: number;
  /** See {@linkcode makeInput}. */
  readonly good: readonly Uint8Array[];
  /** Address of a module that exports `fuzzTargets`. */
  readonly targets: string;
  /** Receives at index 0 the number of the current input; −1 at the end. */
  readonly current: Int32Array;
}

/** Report of the worker: a failure, or its progress since the last report. */
export type FuzzReport =
  | { readonly failed: number; readonly target: string; readonly message: string }
  | {
    /** All inputs before this one have been tried. */
    readonly next: number;
    readonly verdicts: Readonly<Record<Verdict, number>>;
    readonly slowest: { readonly index: number; readonly milliseconds: number };
  };

self.onmessage = async ({ data }: MessageEvent<FuzzJob>) => {
  const { seed, first, last, good, targets, current } = data;
  const { fuzzTargets, makeInput = makeMidi }: FuzzModule = await import(targets);
  const report = (message: FuzzReport) => self.postMessage(message);
  for (let index = first; index < last;) {
    const verdicts = { used: 0, repaired: 0, skipped: 0 };
    const slowest = { index, milliseconds: 0 };
    const until = performance.now() + 250;
    for (; index < last && performance.now() < until; index++) {
      Atomics.store(current, 0, index);
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
    await new Promise((resolve) => setTimeout(resolve)); // lets the messages go
  }
  Atomics.store(current, 0, -1);
};

function describe(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}
