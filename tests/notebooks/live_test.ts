/** What a person sees and does in a real browser: an audition page, and live notebooks. */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { soundOf } from "../../lib/audio/player.ts";
import { copyNotebooks, PROJECT, trustCopies } from "../../lib/cli/notebook.ts";
import { cardScript } from "../../lib/phases/audition.ts";
import { auditionPage } from "../../lib/show/audition.ts";
import { inCopy } from "../../tools/notebooks/run.ts";
import { waveOf } from "../audio/wave.ts";
import { noteAt, songOf } from "../midi/song.ts";
import { namesOf } from "../store/support.ts";
import { findChromium, inBrowser } from "./browser.ts";
import {
  hasJupyter,
  inNotebookPage,
  jupyterEnvironment,
  type LivePage,
  notebookOf,
  WAYS,
  withJupyter,
} from "./jupyter.ts";
import { shipped } from "./shipped.ts";

const chromium = await findChromium();
if (chromium === undefined) console.log("No page is looked at: there is no Chromium");
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
    await Deno.writeTextFile(page, auditionPage(both, "Two", await cardScript()));
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
      await page.until("document.querySelector('audio').paused"); // one at a time, of all the page
      await page.evaluate(`document.body.append(document.querySelector("audio").cloneNode())`);
      await page.evaluate("document.body.lastElementChild.play()");
      await page.until("document.querySelectorAll('audio')[1].paused");
      // Links that a button makes are caught, in place of a download.
      await page.evaluate(`HTMLAnchorElement.prototype.click = function () {
        (window.saved ??= []).push([this.download, this.href]);
      }`);
      for (const kind of ["MP3", "WAV"]) {
        await page.evaluate(`document.querySelector("[data-download=${kind}]").click()`);
      }
      await page.until("window.saved?.length === 2");
      assertEquals(await page.evaluate("saved.map(([name]) => name)"), ["one.mp3", "one.wav"]);
      const header = await page.evaluate<string>(
        "fetch(saved[1][1]).then((r) => r.text()).then((t) => t.slice(0, 4))",
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
  'import { audition, chooseMusic, loadExamples, look, preprocess, train } from "../mod.ts";',
  "const music = await chooseMusic();",
  "const read = await preprocess({ midi: music.midi, name: music.name });",
  "await look({ corpus: music.name, piece: 1 });",
  'await audition({ model: "base", bars: 3, count: 1, candidates: 1, barCandidates: 1 });',
  'await train({ corpus: music.name, name: "a", model: "combination", minutes: 5 });',
  'const { windows } = await loadExamples("starter"); console.log(windows.shape[0]);',
  'await look({ corpus: "starter", piece: 2 });',
];

const NAMES = {
  notebook: "classic Jupyter Notebook",
  lab: "JupyterLab",
  notebook7: "Jupyter Notebook 7",
} as const;

for (const way of WAYS) {
  const isThere = await hasJupyter(way);
  const name = NAMES[way];
  if (!isThere) console.log(`No live ${name} is tried: there is none`);
  Deno.test({
    name: `In a live ${name} music is dropped and heard, cards answer, stop makes no failed cell`,
    ignore: chromium === undefined || !isThere,
    fn: () =>
      inCopy(async (folder) => {
        const notebooks = join(folder, "notebooks");
        await Deno.writeTextFile(join(notebooks, "live.ipynb"), notebookOf(CELLS));
        // Jupyter knows a trusted notebook by its contents: the other one has to differ.
        const strange = (await shipped(join(PROJECT, "notebooks", TOUR))).replace(
          "The tour",
          "A tour",
        );
        await Deno.writeTextFile(join(notebooks, TOUR), strange);
        const { made } = await copyNotebooks(join(PROJECT, "notebooks"), join(folder, "fresh"));
        assert(await trustCopies(made.slice(0, 1), await jupyterEnvironment(folder)));
        const open = <T>(address: string, path: string, work: (page: LivePage) => Promise<T>) =>
          inNotebookPage(way, chromium!, address, path, work);
        await withJupyter(way, folder, async (address) => {
          await open(address, "notebooks/live.ipynb", (page) => goesTheWay(page, folder));
          await open(address, `notebooks/${TOUR}`, showsUntrusted);
          await open(address, `fresh/${TOUR}`, showsTrusted);
        });
      }),
  });
}

async function goesTheWay(page: LivePage, folder: string): Promise<void> {
  const { outputs } = page;
  const says = (cell: number, what: RegExp) => `${what}.test(${outputs(cell)}.innerText)`;
  await page.runAll();
  await page.look(3);
  await page.until(`${outputs(3)}.querySelector("img, svg, canvas")`);
  // A card plays whole, and its buttons go on from it.
  await page.look(4);
  const card = `${outputs(4)}.querySelector("figure")`;
  await page.until(`${card}?.querySelector("[data-press=again]")`);
  assertEquals(await page.evaluate(`${card}.querySelector("[data-cut]") === null`), true);
  await page.until(`${card}.querySelector("audio").duration > 3`);
  const links = `[...${outputs(4)}.querySelectorAll("a")].map((a) => a.href.slice(0, 16))`;
  assertEquals(await page.evaluate(links), ["data:audio/midi;"]);
  await page.until(`${outputs(5)}.querySelector("progress")?.value > 0`);
  await page.stop();
  await page.until(says(5, /resume: true/));
  await page.until(says(7, /not run/i));
  assertEquals(await page.evaluate(page.failed), []);
  await page.evaluate(`${card}.querySelector("[data-press=again]").click()`);
  await page.until(`${outputs(4)}.querySelectorAll("[data-audition] figure").length === 2`);
  await page.evaluate(`${card}.querySelector("[data-press=keep]").click()`);
  await page.until(says(4, /Kept as data.favourites.base/));
  assert(namesOf(join(folder, "data", "favourites")).includes("base.mid"));
  await page.look(1);
  // Files that are dropped are copied, and the cells go on with them.
  const song = songOf([noteAt(60, 0, 1)]).toBase64();
  await page.evaluate(`(() => {
    const bytes = Uint8Array.from(atob("${song}"), (c) => c.charCodeAt(0));
    const data = new DataTransfer();
    for (const name of ["a.mid", "a.mid", "notes.txt"]) data.items.add(new File([bytes], name));
    const zone = ${outputs(1)}.querySelector("[data-music]");
    zone.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
  })()`);
  await page.until(says(1, /2 files .1 other file left out. copied to data.midi.my music/));
  assertEquals(namesOf(join(folder, "data", "midi", "my music")).sort(), ["a-2.mid", "a.mid"]);
  assertEquals(await page.evaluate(page.failed), []);
}

async function showsUntrusted(page: LivePage): Promise<void> {
  const images = "[...document.querySelectorAll('.output img, .jp-OutputArea img')]";
  await page.until(`${images}.length >= 5 && ${images}.every((image) => image.naturalWidth > 0)`);
  assertEquals(await page.evaluate("document.querySelectorAll('audio').length"), 3);
  assertEquals(await page.evaluate("document.querySelectorAll('[data-ready]').length"), 0);
}

async function showsTrusted(page: LivePage): Promise<void> {
  await page.until("document.querySelector('[data-audition][data-ready]')");
  assertEquals(await page.evaluate("document.querySelectorAll('[data-press]').length"), 0);
  await page.until("document.querySelector('[data-download=MP3]')");
}
