/**
 * The stop button at some seconds of "Run All", in live notebooks: `STOPS=30 deno test …
 * tests/notebooks/stops_test.ts` tries as many in each application, spread over the time that a whole
 * run takes. Without `STOPS` it is left out, for its time; `live_test.ts` presses stop once.
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { copyNotebooks } from "../../lib/cli/notebook.ts";
import { loadModel } from "../../lib/model/load.ts";
import { inCopy } from "../../tools/notebooks/run.ts";
import { namesOf } from "../store/support.ts";
import { findChromium } from "./browser.ts";
import { hasJupyter, inNotebookPage, type LivePage, WAYS, withJupyter } from "./jupyter.ts";
import { shortened } from "./seconds.ts";

const chromium = await findChromium();
const stops = Number(Deno.env.get("STOPS") ?? 0);

/** Notebooks whose cells are stopped, their shares of the stops, summed up, and their seconds. */
const STOPPED = [
  { name: "0-tour", until: 0.35, seconds: 16 },
  { name: "2-train", until: 0.6, seconds: 24 },
  { name: "3-generate", until: 0.8, seconds: 60 },
  { name: "4-listen", until: 0.85, seconds: 5 },
  { name: "5-evaluate", until: 1, seconds: 60 },
] as const;

for (const way of WAYS) {
  const isThere = await hasJupyter(way);
  Deno.test({
    name:
      `Stopped at any second, no cell of "Run All" fails and what is promised is there (${way})`,
    ignore: stops === 0 || chromium === undefined || !isThere,
    fn: () =>
      inCopy(async (folder) => {
        const { made } = await copyNotebooks(join(folder, "notebooks"), join(folder, "live"));
        for (const path of made) {
          await Deno.writeTextFile(path, shortened(await Deno.readTextFile(path)));
        }
        const wrong: string[] = [];
        await withJupyter(way, folder, async (address) => {
          let before = 0;
          for (const { name, until, seconds } of STOPPED) {
            const count = Math.round(stops * until) - before;
            if (count === 0) continue;
            before += count;
            await inNotebookPage(way, chromium!, address, `live/${name}.ipynb`, async (page) => {
              let whole: number = seconds;
              if (stops > STOPPED.length) {
                await secondsOfAll(page, name); // the first time, everything is loaded
                whole = await secondsOfAll(page, name);
              }
              for (let at = 0; at < count; at++) {
                wrong.push(...await stopAt(page, folder, name, whole * (at + 0.5) / count));
              }
            });
          }
        });
        assertEquals(wrong, []);
      }),
  });
}

/** Runs all cells to the end. @returns how long it took */
async function secondsOfAll(page: LivePage, name: string): Promise<number> {
  const start = performance.now();
  await page.runAll();
  await page.until(page.running);
  await atRest(page);
  const seconds = (performance.now() - start) / 1000;
  console.log(`${name}: all of it in ${seconds.toFixed(1)} s`);
  assertEquals(await page.evaluate(page.failed), []);
  return seconds;
}

/** Seconds after a stop from which a run is one that a person started. */
const RESTING = 2;

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

/** Waits until no cell runs, however long a busy machine takes. */
async function atRest(page: LivePage): Promise<void> {
  while (await page.evaluate(page.running)) await pause(0.1);
}

/** Starts all cells, presses stop after a while, and looks at what is there then. @returns errors */
async function stopAt(
  page: LivePage,
  folder: string,
  name: string,
  seconds: number,
): Promise<string[]> {
  await pause(RESTING); // or these cells would count as waiting behind the stop before
  await page.runAll();
  await page.until(page.running);
  await pause(seconds);
  const wasRunning = await page.evaluate<boolean>(page.running);
  // While the program is being loaded, nothing hears it, and nothing is lost.
  const isLoading = await page.evaluate<boolean>(page.loading);
  await page.stop();
  if (isLoading) await page.until(`!(${page.loading})`);
  const pressed = performance.now();
  if (isLoading) await page.stop();
  await atRest(page);
  const after = ((performance.now() - pressed) / 1000).toFixed(1);
  const said = await page.evaluate<string>(page.said);
  const [stopped = "between two steps"] = /[^\n.]*\bstopped\b[^\n]*|Stopped[^\n]*/.exec(said) ?? [];
  console.log(
    `${name}, ${seconds.toFixed(1)} s${isLoading ? ", loading" : ""}${
      wasRunning ? "" : ", already done"
    }: at rest after ${after} s; ${stopped}`,
  );
  const errors = await page.evaluate<string[]>(page.failed);
  if (errors.length > 0) console.log(errors);
  if (wasRunning && !/stopped|not run/i.test(said)) errors.push("nothing says that it was stopped");
  // Whatever was saved can be used, and a run that says that it can be resumed is there.
  const models = join(folder, "models");
  const saved = namesOf(models).filter((model) => !/^base|\.|lock/.test(model));
  if (/resume: true/.test(said)) assert(saved.length > 0, said);
  for (const model of saved) (await loadModel(join(models, model), { threads: 1 })).model.dispose();
  return errors.map((error) => `${name}, ${seconds.toFixed(1)} s: ${error}`);
}
