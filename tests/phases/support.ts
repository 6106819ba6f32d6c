import type { TrainSettings } from "../../lib/phases/settings/train.ts";
import type { Run } from "../../lib/phases/run.ts";
import { train } from "../../lib/phases/train.ts";

/**
 * Trains a model that does not learn what gives its music away: playing for that takes longest by far
 * where there is little to train.
 */
export function trainOnly(settings: TrainSettings, run: Run = {}): ReturnType<typeof train> {
  const controller = new AbortController();
  return train(settings, {
    ...run,
    signal: controller.signal,
    onProgress: ({ task }) => task === "fit discriminator" && controller.abort(),
  });
}

/** Does something while each look at the clock shows a millisecond more than the one before. */
export async function byLooks<T>(action: () => Promise<T>): Promise<T> {
  const { now } = performance;
  let looks = 0;
  performance.now = () => ++looks;
  try {
    return await action();
  } finally {
    performance.now = now;
  }
}

const steps: { readonly name: string; readonly fn: () => Promise<void> }[] = [];

/**
 * A step of a test that follows some music through the phases: each needs those before, so that they
 * are run in order, and no further than to one that fails.
 */
export function step(name: string, fn: () => Promise<void>): void {
  if (steps.push({ name, fn }) > 1) return;
  Deno.test({
    name: "Music goes through the phases, step by step",
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async (test) => {
      for (const each of steps) if (!await test.step(each)) return;
    },
  });
}
