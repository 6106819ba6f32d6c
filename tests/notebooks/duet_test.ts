/** The duet in a cell of a live notebook. */
import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { inCopy } from "../../tools/notebooks/run.ts";
import { keyEvents } from "../page/browser_support.ts";
import { CALL } from "../page/support.ts";
import { findChromium } from "./browser.ts";
import { hasJupyter, inNotebookPage, notebookOf, withJupyter } from "./jupyter.ts";

const chromium = await findChromium();
const CELLS = ['import { duet } from "../mod.ts";', 'await duet({ model: "base" });'];

for (const way of ["notebook", "lab"] as const) {
  const isThere = await hasJupyter(way);
  const name = way === "lab" ? "JupyterLab" : "classic Jupyter Notebook";
  if (!isThere) console.log(`No duet is played in a live ${name}: there is none`);
  Deno.test({
    name: `In a cell of a live ${name} the duet answers`,
    ignore: chromium === undefined || !isThere,
    fn: () =>
      inCopy(async (folder) => {
        await Deno.writeTextFile(join(folder, "notebooks", "duet.ipynb"), notebookOf(CELLS));
        await withJupyter(way, folder, async (address) => {
          await inNotebookPage(way, chromium!, address, "notebooks/duet.ipynb", async (page) => {
            await page.runAll();
            await page.look(1);
            const frame = `${page.outputs(1)}.querySelector("iframe")?.contentWindow`;
            await page.until(`/duet/.test(${page.outputs(1)}.innerText)`);
            await page.until(`${page.outputs(1)}.querySelector("iframe")`);
            await page.until(`${frame}.duetPage`);
            const events = keyEvents(CALL, 110, () => 0);
            await page.evaluate(`(() => {
              const { duetPage: { duet } } = ${frame};
              duet.correct({ beatsPerMinute: 110 });
              const events = ${JSON.stringify(events)}, now = ${frame}.performance.now() / 1000;
              const from = now - events.at(-1)[0];
              for (const [at, status, pitch] of events) {
                if (status === 0x90) duet.press(pitch, 80, from + at);
                else duet.release(pitch, from + at);
              }
            })()`);
            await page.until(`${frame}.duetPage.duet.history.session.answers.length === 1`);
            assertEquals(await page.evaluate(page.failed), []);
          });
        });
      }),
  });
}
