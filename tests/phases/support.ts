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
    onProgress: ({ task }) => task === "compare" && controller.abort(),
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

/** A test whose file follows some music through the phases, so that each needs those before it. */
export function step(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}
