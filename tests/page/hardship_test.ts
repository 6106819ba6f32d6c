/** The duet in a page that is hidden, closed by mistake, or in a browser that leaves it waiting. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { join } from "node:path";
import { duetPage } from "../../lib/page/page.ts";
import {
  type BrowserPage,
  type ChromiumPage,
  findChromium,
  inBrowser,
} from "../notebooks/browser.ts";
import { areSessionsKept, contentOf, keyEvents } from "./browser_support.ts";
import { CALL } from "./support.ts";

const chromium = await findChromium();

/** Opens a page with a first script of its own. */
async function inPage(script: string, work: (page: ChromiumPage) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const html = await duetPage(await contentOf()), path = join(folder, "duet.html");
    await Deno.writeTextFile(path, html.replace("<style>", `<script>${script}</script><style>`));
    await inBrowser(chromium!, `file://${path}`, async (page) => {
      await page.until("globalThis.duetPage");
      await work(page);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Plays a phrase at 110 bpm that has just ended, and waits for the end of its answer. */
async function isAnswered(page: BrowserPage): Promise<void> {
  await page.evaluate(`(() => {
    const { duet } = duetPage, events = ${JSON.stringify(keyEvents(CALL, 110, () => 0))};
    duet.correct({ beatsPerMinute: 110 });
    const from = performance.now() / 1000 - events.at(-1)[0];
    for (const [at, status, pitch] of events) {
      if (status === 0x90) duet.press(pitch, 80, from + at);
      else duet.release(pitch, from + at);
    }
  })()`);
  await page.until("duetPage.duet.history.session.answers.length === 1");
}

Deno.test({
  name:
    "A browser that leaves storage, MIDI and sound waiting for ever keeps nothing from going on",
  ignore: chromium === undefined,
  fn: () =>
    inPage(
      `const never = () => new Promise(() => {});
      indexedDB.open = () => ({});
      navigator.requestMIDIAccess = never;
      AudioContext.prototype.resume = never;
      OfflineAudioContext.prototype.decodeAudioData = never;
      globalThis.requestAnimationFrame = () => 0;`,
      async (page) => {
        await page.evaluate("duetPage.sound.start()");
        await isAnswered(page);
        const files = await page.evaluate("duetPage.files().then(Object.keys)");
        assertEquals(files, ["duet.mid", "answer-1.mid", "answer-1.json"]);
        const said = await page.evaluate<string>("document.querySelector('#problem').textContent");
        assert(said.startsWith("Saved without an MP3"), said);
      },
    ),
});

Deno.test({
  name: "A long session is rendered part by part, and notes sound on from one part into the next",
  ignore: chromium === undefined,
  fn: () =>
    inPage("", async (page) => {
      await page.evaluate("duetPage.sound.ready");
      const [seconds, step, after, peak] = await page.evaluate<[number, number, number, number]>(
        `(async () => {
          const note = { who: "person", pitch: 60, velocity: 100 }, parts = [];
          const notes = [{ ...note, start: 29.5, end: 30.4 }, { ...note, start: 29, end: 29.9 }];
          for await (const [left] of duetPage.sound.render(notes)) parts.push(left);
          const most = (wave) => wave.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
          const [one, two] = parts, step = Math.abs(two[0] - one.at(-1));
          return [(one.length + two.length) / 44100, step, most(two.subarray(0, 4410)), most(one)];
        })()`,
      );
      assertAlmostEquals(seconds, 31.4, 1e-3);
      assert(after > 0.2 * peak && after < peak, `${after} of ${peak}`);
      assert(step < 0.2 * peak, `${step} of ${peak}`); // the hum's own slope
    }),
});

Deno.test({
  name: "Behind another tab the duet plays on; each tab keeps its music, which the next page finds",
  ignore: chromium === undefined,
  fn: () =>
    inPage("", async (page) => {
      const other = await page.hide();
      await isAnswered(page);
      assertEquals(await page.evaluate("duetPage.duet.late"), 0);
      await areSessionsKept(page, other);
    }),
});
