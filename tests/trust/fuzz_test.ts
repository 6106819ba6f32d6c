// Damaged models, recipes, scores, SoundFonts and recordings: used, or refused with a reason, never anything else.
import { assert } from "@std/assert";
import type { FuzzModule } from "../../tools/fuzz/target.ts";

for (const what of ["bundles", "openings", "recipes", "scores", "soundfonts", "sounds"]) {
  Deno.test({
    name: `fuzzing ${what}: 100 inputs each get a verdict`,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const module: FuzzModule = await import(`../../tools/fuzz/${what}.ts`);
      const good = await module.goodFiles?.() ?? [];
      const verdicts = { used: 0, repaired: 0, skipped: 0 };
      for (let index = 0; index < 100; index++) {
        const input = module.makeInput!(3, index, good);
        for (const target of module.fuzzTargets) verdicts[await target.check(input)]++;
      }
      assert(verdicts.used > 4 && verdicts.skipped > 20, JSON.stringify(verdicts));
    },
  });
}

const kept = new URL("regressions/", import.meta.url);

for (const { name } of Deno.readDirSync(kept)) {
  Deno.test({
    name: `fuzzing: a verdict on ${name}`,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const what = {
        soundfont: "soundfonts",
        recipe: "recipes",
        bundle: "bundles",
        score: "scores",
        sound: "sounds",
      }[name.split("-")[0]!];
      const { fuzzTargets }: FuzzModule = await import(`../../tools/fuzz/${what ?? "openings"}.ts`);
      const bytes = await Deno.readFile(new URL(name, kept));
      for (const target of fuzzTargets) await target.check({ kind: name, bytes });
    },
  });
}
