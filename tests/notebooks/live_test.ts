/** What a person sees and does in a real browser: an audition page, and a live classic notebook. */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { soundOf } from "../../lib/audio/player.ts";
import { output, PROJECT } from "../../lib/cli/notebook.ts";
import { auditionPage } from "../../lib/show/audition.ts";
import { inCopy, ownPlaces, writeKernel } from "../../tools/notebooks/run.ts";
import { namesOf } from "../store/support.ts";
import { shipped } from "./shipped.ts";
import { type BrowserPage, findChromium, inBrowser } from "./browser.ts";
import { noteAt, songOf } from "../midi/song.ts";
import { waveOf } from "../audio/wave.ts";

const chromium = await findChromium();
if (chromium === undefined) console.log("No page is looked at: there is no Chromium");
const version = (await output("jupyter", ["notebook", "--version"]))?.stdout ?? "";
const classic = /^[3-6]\./.test(version); // from 7 on it is another program
if (!classic) console.log("No live notebook is tried: there is no classic Jupyter Notebook");

Deno.test({
  name: "In a page opened from disk the player plays, the line moves along the roll, a WAV is made",
  ignore: chromium === undefined,
  async fn() {
    const folder = await Deno.makeTempDir();
    const wav = join(folder, "a.wav");
    await Deno.writeFile(wav, hum(6));
    const { mp3 } = await soundOf(wav);
    const midi = songOf([0, 1, 2, 3].map((at) => noteAt(60 + at, at, 1)), { beatsPerMinute: 60 });
    const page = join(folder, "page.html");
    const variant = { made: "seed 1", midi, mp3 };
    const both = [{ name: "one", ...variant }, { name: "two", ...variant }];
    await Deno.writeTextFile(page, auditionPage(both, "Two"));
    await inBrowser(chromium!, `file://${page}`, async (page) => {
      await page.until("document.querySelector('[data-ready]')");
      assertEquals(
        await page.evaluate("[...document.images].every((i) => i.naturalWidth > 0)"),
        true,
      );
      const line = "document.querySelector('[data-playhead]')";
      assertEquals(await page.evaluate(`${line}.style.display`), "none");
      await page.evaluate("document.querySelector('audio').play()");
      await page.until("document.querySelector('audio').currentTime > 0.5");
      const inPercent = "Math.min(100, 25 * document.querySelector('audio').currentTime)"; // of 4 s
      await page.until(`Math.abs(parseFloat(${line}.style.left) - ${inPercent}) < 5`);
      await page.evaluate("document.querySelectorAll('audio')[1].play()");
      await page.until("document.querySelector('audio').paused"); // one at a time
      await page.evaluate("document.querySelector('[data-wav]').click()");
      await page.until("document.querySelector('[data-wav]').href.startsWith('blob:')");
      const header = await page.evaluate<string>(
        "fetch(document.querySelector('[data-wav]').href).then((r) => r.text()).then((t) => t.slice(0, 4))",
      );
      assertEquals(header, "RIFF");
    });
    await Deno.remove(folder, { recursive: true });
  },
});

/** A mono WAV file with a low tone. */
function hum(seconds: number): Uint8Array {
  const at = (sample: number) => 8000 * Math.sin(2 * Math.PI * 220 * sample / 44_100);
  return waveOf(Array.from({ length: 44_100 * seconds }, (_, sample) => at(sample)), 1);
}

const TOUR = "0-tour.ipynb";

const CELLS = [
  'import { look, preprocess, train } from "../mod.ts";',
  'await preprocess({ midi: "data/midi/starter", name: "starter" });',
  'await look({ corpus: "starter", piece: 1 });',
  'await train({ corpus: "starter", name: "a", model: "combination", minutes: 5 });',
  'await train({ corpus: "starter", name: "b", model: "combination", minutes: 5 });',
  'import { look as see } from "../mod.ts"; await see({ corpus: "starter", piece: 2 });',
];

function liveNotebook() {
  const cells = CELLS.map((source, index) => ({
    cell_type: "code",
    id: `cell-${index}`,
    metadata: {},
    outputs: [],
    execution_count: null,
    source,
  }));
  const kernelspec = { name: "deno", display_name: "Deno", language: "typescript" };
  return JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 });
}

Deno.test({
  name: "In a live notebook plots are drawn, and stop ends all that waits, without a failed cell",
  ignore: chromium === undefined || !classic,
  fn: () =>
    inCopy(async (folder) => {
      await Deno.writeTextFile(join(folder, "notebooks", "live.ipynb"), liveNotebook());
      await Deno.writeTextFile(
        join(folder, "notebooks", TOUR),
        await shipped(join(PROJECT, "notebooks", TOUR)),
      );
      await withJupyter(folder, async (address) => {
        await inBrowser(chromium!, `${address}/notebooks/notebooks/live.ipynb`, stopsInTheMiddle);
        await inBrowser(chromium!, `${address}/notebooks/notebooks/${TOUR}`, showsUntrusted);
      });
    }),
});

async function stopsInTheMiddle(page: BrowserPage): Promise<void> {
  await page.until("window.Jupyter?.notebook?.kernel?.is_connected()");
  await page.evaluate("void Jupyter.notebook.execute_all_cells()");
  const output = (index: number) => `Jupyter.notebook.get_cell(${index}).output_area.element[0]`;
  const drawn = (index: number) =>
    `[...${output(index)}.querySelectorAll("img")].some((i) => i.naturalWidth > 0)`;
  const says = (index: number, what: RegExp) => `${what}.test(${output(index)}.innerText)`;
  await page.until(drawn(2));
  await page.until(`${output(3)}.querySelector("progress")?.value > 0`);
  await page.evaluate("Jupyter.notebook.kernel.interrupt()");
  await page.until(says(3, /resume: true/));
  for (const index of [4, 5]) await page.until(says(index, /not run/i));
  assertEquals(await page.evaluate("document.querySelectorAll('.output_error').length"), 0);
  // A person who comes while the queue may still go on is told so, and starts the cell again.
  for (let tries = 0; tries < 20 && !await page.evaluate(drawn(5)); tries++) {
    await page.evaluate("void Jupyter.notebook.execute_cells([5])");
    await page.until(`${drawn(5)} || ${says(5, /not run/i)}`);
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
  assert(await page.evaluate(drawn(5)), "a cell that is started after a stop does not run");
}

async function showsUntrusted(page: BrowserPage): Promise<void> {
  await page.until("window.Jupyter?.notebook?.kernel?.is_connected()");
  assertEquals(await page.evaluate("Jupyter.notebook.trusted"), false);
  const images = "[...document.querySelectorAll('.output img')]";
  await page.until(`${images}.length >= 5 && ${images}.every((image) => image.naturalWidth > 0)`);
  assertEquals(await page.evaluate("document.querySelectorAll('.output audio').length"), 3);
}

async function withJupyter(
  folder: string,
  work: (address: string) => Promise<void>,
): Promise<void> {
  const places = await ownPlaces(folder);
  const trusted = join(folder, "trusted"); // nothing is yet
  const server = new Deno.Command("jupyter", {
    args: [
      "notebook",
      "--no-browser",
      "--allow-root",
      "--ip=127.0.0.1",
      "--NotebookApp.token=",
      `--notebook-dir=${folder}`,
    ],
    env: { JUPYTER_PATH: await writeKernel(folder), JUPYTER_DATA_DIR: trusted, ...places },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let ended = false;
  const status = server.status.finally(() => ended = true);
  try {
    for (let tries = 0;; tries++) {
      const port = await portIn(places.JUPYTER_RUNTIME_DIR!);
      const address = `http://127.0.0.1:${port}`;
      if (port && await fetch(`${address}/api`).then((r) => r.body?.cancel(), () => "") !== "") {
        return await work(address);
      }
      if (ended || tries > 1500) throw new Error("Jupyter did not start");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    if (!ended) server.kill("SIGTERM");
    await status;
  }
}

/** The port that Jupyter says it has taken: the first that was free. */
async function portIn(runtime: string): Promise<number | undefined> {
  for (const name of namesOf(runtime).filter((name) => /^nbserver-\d+\.json$/.test(name))) {
    try {
      return JSON.parse(await Deno.readTextFile(join(runtime, name))).port;
    } catch {
      // it is being written
    }
  }
  return undefined;
}
