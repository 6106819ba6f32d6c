import { fuzzTargets } from "../../tools/fuzz/targets.ts";

const folder = new URL("regressions/", import.meta.url);

for (const file of [...Deno.readDirSync(folder)].map((entry) => entry.name).sort()) {
  if (!file.endsWith(".mid")) continue;
  Deno.test(`every target gives a verdict on ${file}`, async () => {
    const bytes = await Deno.readFile(new URL(encodeURIComponent(file), folder));
    for (const target of fuzzTargets) await target.check({ kind: file, bytes });
  });
}
