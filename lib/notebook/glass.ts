import { inCell } from "./cell.ts";
import type { GlassSettings } from "./glass_steps.ts";
import { personsPaths } from "./paths.ts";

/**
 * One bar in detail, step by step: the file's bytes, a score's text or a recording's spectrum, the
 * notes, the frames, their combinations and numbers; with a model also its context, its
 * probabilities for the next frame, and its choice.
 * Displays itself.
 * @throws {Error} if there is no such file, corpus, model or bar
 * @example
 * ```ts
 * import { underTheGlass } from "../../mod.ts";
 * await underTheGlass({ midi: "data/generated/mine.mid", bar: 2, model: "mine" });
 * ```
 */
export async function underTheGlass(settings: GlassSettings): Promise<void> {
  await inCell({
    work: async (run) =>
      await (await import("./glass_steps.ts")).stepsOf(personsPaths(settings), run),
    shows: (shown) => shown,
  });
}
