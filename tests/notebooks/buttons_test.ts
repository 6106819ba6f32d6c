/** Every button and slider of a card, pressed in a real browser, and what the page then holds. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { type Heard, heardOf } from "../../lib/show/sounding.ts";
import { inCopy } from "../../tools/notebooks/run.ts";
import { namesOf } from "../store/support.ts";
import { findChromium } from "./browser.ts";
import {
  hasJupyter,
  inNotebookPage,
  type LivePage,
  notebookOf,
  WAYS,
  withJupyter,
} from "./jupyter.ts";
import { starterModel } from "./seconds.ts";

const chromium = await findChromium();

const CELLS = [
  'import { audition, keep } from "../mod.ts";',
  'await audition({ model: "mine", bars: 4, hear: 5, count: 1, candidates: 1, barCandidates: 2, touch: 0 });',
  'await keep(1, "by the next cell");',
];
const CARDS = 1, NEXT = 2;

for (const way of WAYS) {
  const isThere = await hasJupyter(way);
  Deno.test({
    name: `Every button and slider of a card does what it says, in the page (${way})`,
    ignore: chromium === undefined || !isThere,
    fn: () =>
      inCopy(async (folder) => {
        await starterModel(folder, "mine");
        await Deno.writeTextFile(join(folder, "notebooks", "live.ipynb"), notebookOf(CELLS));
        await withJupyter(way, folder, (address) =>
          inNotebookPage(way, chromium!, address, "notebooks/live.ipynb", (page) =>
            pressesAll(page, folder)));
      }),
  });
}

/** A card as the page holds it. */
interface Card {
  /** Settings that are named on it. */
  readonly made: string;
  readonly heard: Heard;
}

async function pressesAll(page: LivePage, folder: string): Promise<void> {
  for (const cell of [0, CARDS]) await page.run(cell);
  const all = `${page.outputs(CARDS)}.querySelectorAll("[data-audition]")`;
  await page.look(CARDS);
  await page.until(`${all}[0]?.querySelector("[data-press=ask]")`);
  const first = `${all}[0].querySelector("figure")`;
  let made = 1;
  const cardOf = async (audition: number): Promise<Card> => {
    const figure = `${all}[${audition}].querySelector("figure")`;
    await page.until(`${figure}?.querySelector("img")?.naturalWidth > 0`);
    const midi = await page.evaluate<string>(`${figure}.querySelector("[download]").href`);
    return {
      made: await page.evaluate<string>(`${figure}.querySelector("figcaption span").innerText`),
      heard: heardOf(Uint8Array.fromBase64(midi.slice(midi.indexOf(",") + 1))),
    };
  };
  const press = async (what: string) => {
    const button = `${all}[0].querySelector("[data-press=${what}]")`;
    await page.until(`!${button}.disabled`); // as it is while it acts
    await page.evaluate(`${button}.click()`);
    await page.until(`${all}.length === ${made + 1}`);
    return await cardOf(made++);
  };
  const ask = async (name: string, value: number) => {
    await page.evaluate(`(() => {
      for (const slider of ${all}[0].querySelectorAll("[data-wishes] input")) {
        slider.value = slider.name === "${name}" ? ${value} : slider.max / 2;
        slider.dispatchEvent(new Event("input"));
      }
    })()`);
    return await press("ask");
  };
  const original = await cardOf(0);
  const temperature = ({ made }: Card) => Number(/temperature ([\d.]+)/.exec(made)![1]);

  const others = await press("again");
  assert(musicOf(others.heard) !== musicOf(original.heard), "again is the same music");
  assert(temperature(await press("bolder")) > temperature(await press("calmer")));

  // At the third bar, its number is on the buttons, and what stands before it stays.
  const { bars } = original.heard;
  await page.evaluate(`void (${first}.querySelector("audio").currentTime = ${bars[2]! + 0.1})`);
  await page.until(`${first}.querySelector("[data-press=from]").innerText === "on from bar 3"`);
  const onwards = await press("from");
  assertEquals(between(onwards.heard, 0, 2), between(original.heard, 0, 2));
  assert(between(onwards.heard, 2) !== between(original.heard, 2), "nothing new from bar 3 on");
  const anew = await press("refill");
  assertEquals(between(anew.heard, 0, 2), between(original.heard, 0, 2));
  assertEquals(between(anew.heard, 3), between(original.heard, 3));
  assert(between(anew.heard, 2, 3) !== between(original.heard, 2, 3), "bar 3 is the same");

  const sparse = await ask("density", 0), full = await ask("density", 2);
  assertEquals([sparse.made, full.made].map(withoutSeed), ["density sparse", "density full"]);
  assert(sparse.heard.notes.length < full.heard.notes.length);
  const low = await ask("register", 0), high = await ask("register", 2);
  assertEquals([low.made, high.made].map(withoutSeed), ["register low", "register high"]);
  assert(meanPitch(low.heard) < meanPitch(high.heard));
  assert(temperature(await ask("boldness", 0)) < temperature(await ask("boldness", 4)));
  const base = await ask("style", 0), more = await ask("style", 4);
  assertEquals([base.made, more.made].map(withoutSeed), ["style 0", "style 1.5"]);

  // All its bars can be clicked in a page that opens below.
  await page.evaluate(`${first}.querySelector("[data-press=page]").click()`);
  const below = `${all}[0].parentElement.querySelector("iframe[title=Duet]")`;
  await page.until(`${below}?.contentWindow.duetPage`);
  const clicked = `${below}.contentDocument.querySelectorAll("#bars .bar").length`;
  assertEquals(await page.evaluate(clicked), bars.length);

  // One is kept by its button, and one that a button made by the next cell.
  const keep = `${first}.querySelector("[data-press=keep]")`;
  await page.until(`!${keep}.disabled`); // as it is until the page below is written
  await page.evaluate(`${keep}.click()`);
  await page.until(`/Kept as data.favourites.mine/.test(${page.outputs(CARDS)}.innerText)`);
  await page.run(NEXT);
  await page.look(NEXT);
  await page.until(`/Kept as .*by the next cell/.test(${page.outputs(NEXT)}.innerText)`);
  const kept = join(folder, "data", "favourites");
  const [own, next] = await Promise.all(["mine.mid", "by the next cell.mid"].map(
    async (name) => musicOf(heardOf(await Deno.readFile(join(kept, name)))),
  ));
  assertEquals([own, next], [original, more].map(({ heard }) => musicOf(heard)));
  assertMatch(namesOf(kept).join(" "), /by the next cell\.wav/);
  assertEquals(await page.evaluate(page.failed), []);
}

/** Notes as text, to be compared. */
function musicOf({ notes }: Pick<Heard, "notes">): string {
  return notes.map(({ pitch, start }) => `${pitch} ${start.toFixed(1)}`).join(", ");
}

/** Pitches that begin in bars of a range, in their order. */
function between({ notes, bars }: Heard, from: number, to = bars.length): string {
  const EARLY = 0.01; // times are in ticks
  const start = bars[from]! - EARLY, end = (bars[to] ?? Infinity) - EARLY;
  return notes.filter((note) => note.start >= start && note.start < end)
    .map(({ pitch }) => pitch).sort((a, b) => a - b).join(" ");
}

function meanPitch({ notes }: Heard): number {
  return notes.reduce((sum, { pitch }) => sum + pitch, 0) / notes.length;
}

function withoutSeed(made: string): string {
  return made.replace(/^seed \d+, /, "");
}
