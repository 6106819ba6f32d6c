/** What a person does at the piano in a real browser, with a MIDI keyboard that is simulated. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { join } from "node:path";
import { duetPage } from "../../lib/page/page.ts";
import {
  type BrowserPage,
  type ChromiumPage,
  findChromium,
  inBrowser,
} from "../notebooks/browser.ts";
import { otherBrowsers } from "../notebooks/other_browsers.ts";
import { noteAt, songOf } from "../midi/song.ts";
import { type Beats, CALL, makesAgain } from "./support.ts";
import { areSessionsKept, contentOf, keyEvents, PLUG_IN } from "./browser_support.ts";

const chromium = await findChromium();
if (chromium === undefined) console.log("No duet is played in Chromium: it is not installed");
const browsers = await otherBrowsers();
if (chromium) browsers.set("Chromium", (url, work) => inBrowser(chromium, url, work));
for (const name of ["Firefox", "WebKit"]) {
  if (!browsers.has(name)) console.log(`No duet is played in ${name}: it is not installed`);
}

async function writePage(folder: string): Promise<string> {
  const midi = songOf(
    Array.from(
      { length: 64 },
      (_, beat) => noteAt([60, 64, 67, 72][beat % 4]! + (beat >> 4) % 3, beat, 1),
    ),
    { beatsPerMinute: 120 },
  );
  const path = join(folder, "duet.html");
  await Deno.writeTextFile(path, await duetPage(await contentOf([{ name: "song.mid", midi }])));
  return path;
}

/** Plays a phrase on it that has just ended: each event comes with the time at which it happened. */
function play(page: BrowserPage, phrase: Beats, bpm: number): Promise<void> {
  const events = keyEvents(phrase, bpm, (index) => [0.01, -0.015, 0.02, 0][index % 4]!);
  return page.evaluate(`(() => {
    const events = ${JSON.stringify(events)}, from = performance.now() - 1000 * events.at(-1)[0];
    for (const [at, ...data] of events) {
      keyboard.onmidimessage({ data: Uint8Array.from(data), timeStamp: from + 1000 * at });
    }
  })()`);
}

/** Two bars of the shown piece are made anew, undone and done again. */
async function areBarsMadeAnew(page: BrowserPage): Promise<void> {
  const roll = () => page.evaluate<string>("document.querySelector('#bars svg').outerHTML");
  const was = await roll();
  await page.evaluate(`(() => {
    const bar = document.querySelector('[data-bar="5"]');
    bar.click();
    bar.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", shiftKey: true }));
  })()`);
  assertEquals(
    await page.evaluate("document.querySelectorAll('.bar[aria-pressed=true]').length"),
    2,
  );
  await page.evaluate("document.querySelector('#bars-fill').click()");
  await page.until("/made anew in/.test(document.querySelector('#bars-status').textContent)");
  const is = await roll();
  assertEquals([is === was, /class="new"/.test(is)], [false, true]);
  await page.evaluate("document.querySelector('#bars-undo').click()");
  assertEquals(await roll(), was);
  await page.evaluate("document.querySelector('#bars-redo').click()");
  assertEquals(await roll(), is);
}

for (const [name, inThis] of browsers) {
  Deno.test(`In ${name}, a page opened from disk answers on the beat, is heard, changes bars, keeps what was played, and reaches no network`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await inThis(`file://${await writePage(folder)}`, async (page) => {
        await page.until("globalThis.duetPage");
        assertEquals(await page.evaluate("document.querySelector('#problem').textContent"), "");
        await page.evaluate("document.querySelector('#tab-duet').click()");
        await page.evaluate(PLUG_IN);
        // Without a sound device Firefox starts no sound: the page says so, and plays on.
        const said = "/No sound/.test(document.querySelector('#problem').textContent)";
        await page.until(`duetPage.sound.isRunning || ${said}`);
        const isHeard = await page.evaluate<boolean>("duetPage.sound.isRunning");
        if (name === "Chromium") assert(isHeard);
        await page.evaluate("duetPage.duet.correct({ beatsPerMinute: 107 })"); // tapped before
        await play(page, CALL, 110);
        await page.until(
          "duetPage.duet.turn === 'model' && duetPage.duet.showing.planned.length > 0",
        );
        const { step, origin, key } = await page.evaluate<
          { step: number; origin: number; key: string }
        >("({ ...duetPage.duet.pulse, key: duetPage.duet.key })");
        assertAlmostEquals(110 * step / 15, 1, 0.03);
        assertEquals(key, "C major");
        const from = await page.evaluate<number>("duetPage.duet.span.from");
        const beats = (from - origin) / (4 * step);
        assertAlmostEquals(beats, Math.round(beats), 1e-6);
        if (isHeard) await page.until("duetPage.sound.peak > 0.01");
        await page.until("duetPage.duet.turn === 'person'");
        assertEquals(await page.evaluate("duetPage.duet.history.session.answers.length"), 1);
        const blocked = await page.evaluate(
          `new Promise((r) => { addEventListener("securitypolicyviolation", () => r("blocked")); ` +
            `fetch("http://127.0.0.1:9/").catch(() => setTimeout(() => r("failed"), 1000)); })`,
        );
        assertEquals(blocked, "blocked");
        // The answer's recipe makes the same bytes outside of the page.
        const [recipe, midi] = await page.evaluate<[string, string]>(`(async () => {
          const files = await duetPage.files();
          const base64 = (bytes) => btoa(Array.from(bytes, (c) => String.fromCharCode(c)).join(""));
          return [base64(files["answer-1.json"]), base64(files["answer-1.mid"])];
        })()`);
        await makesAgain(Uint8Array.fromBase64(recipe), Uint8Array.fromBase64(midi));
        if (name === "Chromium") return; // by tests of its own
        await page.evaluate("document.querySelector('#tab-bars').click()");
        await areBarsMadeAnew(page);
        // WebKit's driver loses a script that runs while a page is loaded again.
        if (name === "Firefox") await areSessionsKept(page, await page.hide());
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

/** Nothing has moved by itself since the page was opened, and each control has a name. */
async function isOrderly(page: ChromiumPage): Promise<void> {
  const moved = await page.evaluate(`new Promise((resolve) => {
    const add = (list) => resolve(list.getEntries().reduce((sum, { hadRecentInput, value }) =>
      hadRecentInput ? sum : sum + value, 0));
    new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(0), 300);
  })`);
  assertAlmostEquals(Number(moved), 0, 0.005);
  const controls = await page.controls();
  assert(controls.length > 20);
  assertEquals(controls.filter(({ name }) => name === ""), []);
}

Deno.test({
  name: "Bars that are chosen with the keys are made anew, undone and done again",
  ignore: chromium === undefined,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      await inBrowser(chromium!, `file://${await writePage(folder)}`, async (page) => {
        await page.until(
          "globalThis.duetPage && document.querySelectorAll('#bars .bar').length === 16",
        );
        await isOrderly(page);
        await areBarsMadeAnew(page);
        await page.evaluate(`document.querySelector("#tab-bars").dispatchEvent(
          new KeyboardEvent("keydown", { key: "ArrowLeft" }))`);
        assertEquals(await page.evaluate("document.activeElement.id"), "tab-duet");
        await isOrderly(page);
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
