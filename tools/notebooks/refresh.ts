/**
 * Runs the notebooks and stores their outputs in the committed files, without the details that
 * differ from run to run: `deno task notebooks`.
 * @module
 */
import { basename, join } from "node:path";
import { notebooksIn, PROJECT } from "../../lib/cli/notebook.ts";
import { list } from "../../lib/phases/settings/declare.ts";
import { flagsFor } from "../task.ts";
import { notebookText, withoutNoise } from "./format.ts";
import { inCopy, runNotebook } from "./run.ts";

const MOST_BYTES = 500_000;

const folder = join(PROJECT, "notebooks");
const { only } = flagsFor<{ readonly only?: readonly string[] }>({
  name: "notebooks",
  summary: "Runs the notebooks and keeps their outputs.",
  example: "deno task notebooks --only 2-train.ipynb,3-generate.ipynb",
}, { only: list("NAMES", "Which of them", { usually: "all" }) });
const names = only ?? (await notebooksIn(folder)).map((p) => basename(p));
let failed = false;
for (const name of names) {
  await inCopy(async (copy) => {
    const notebook = withoutNoise(await runNotebook(copy, name), copy);
    const text = notebookText(notebook);
    const kilobytes = Math.ceil(text.length / 1000);
    if (text.length > MOST_BYTES) {
      failed = true;
      console.error(`${name} would have ${kilobytes} kB, more than ${MOST_BYTES / 1000}: not kept`);
      return;
    }
    await Deno.writeTextFile(join(folder, name), text);
    console.log(`${name}: ${kilobytes} kB`);
  });
}
if (failed) Deno.exit(1);
