import { assertStringIncludes } from "@std/assert";
import { type Learned, summarize } from "../../lib/phases/train/summary.ts";
import type { EpochRecord } from "../../lib/train/history.ts";

Deno.test("A run that ends by itself says whether it learned, and why no more", () => {
  const said = (epochs: readonly EpochRecord[]) => {
    const learned: Learned = { history: { epochs, steps: [] }, ended: "enough" };
    const settings = { corpus: "c", name: "m" };
    return `${summarize("m", { layers: [], parameters: 1 }, learned, settings)}`;
  };
  assertStringIncludes(said([]), "it knows such music already");
  const one = { epoch: 1, step: 10, loss: 2, learningRate: 1e-3, seconds: 1 };
  assertStringIncludes(said([one]), "little music needs no more epochs");
});
