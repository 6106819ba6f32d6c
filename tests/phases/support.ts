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

/** A test whose file follows some music through the phases, so that each needs those before it. */
export function step(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}
