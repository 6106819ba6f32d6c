/** What a person does at the piano in a real browser, with a MIDI keyboard that is simulated. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { join } from "node:path";
import { duetPage } from "../../lib/page/page.ts";
import { type BrowserPage, findChromium, inBrowser } from "../notebooks/browser.ts";
import { noteAt, songOf } from "../midi/song.ts";
import { encodeMp3 } from "../../lib/audio/player.ts";
import { pageEncoder } from "../../lib/audio/encoder.ts";
import { basePageModel, type Beats, CALL, makesAgain } from "./support.ts";

const chromium = await findChromium();
if (chromium === undefined) console.log("No duet is played: there is no Chromium");

/** A page whose piano is one hum, which is there at once. */
async function writePage(folder: string): Promise<string> {
  const hum = Float32Array.from(
    { length: 44_100 },
    (_, i) => 0.5 * Math.sin(i / 25) * (1 - i / 44_100),
  );
  const midi = songOf(
    Array.from(
      { length: 64 },
      (_, beat) => noteAt([60, 64, 67, 72][beat % 4]! + (beat >> 4) % 3, beat, 1),
    ),
    { beatsPerMinute: 120 },
  );
  const path = join(folder, "duet.html");
  await Deno.writeTextFile(
    path,
    await duetPage({
      model: await basePageModel(),
      piano: new Map([[60, await encodeMp3(hum, 44_100, 64)]]),
      credit: "nobody",
      encoder: await pageEncoder(),
      pieces: [{ name: "song.mid", midi }],
    }),
  );
  return path;
}

/** Plugs a MIDI keyboard into a page. */
const PLUG_IN = `(() => {
  globalThis.keyboard = { name: "test", onmidimessage: null };
  const access = { inputs: new Map([["test", keyboard]]) };
  Object.defineProperty(navigator, "requestMIDIAccess", { value: () => Promise.resolve(access), configurable: true });
  duetPage.sound.start();
  return duetPage.midi();
})()`;

/** Plays a phrase on it that has just ended: each event comes with the time at which it happened. */
function play(page: BrowserPage, phrase: Beats, bpm: number): Promise<void> {
  const events = phrase.flatMap(([at, length, pitch], i) => {
    const late = [0.01, -0.015, 0.02, 0][i % 4]!;
    return [
      [60 / bpm * at + late, 0x90, pitch, 80],
      [60 / bpm * (at + 0.9 * length) + late, 0x80, pitch, 0],
    ];
  }).sort(([a], [b]) => a! - b!);
  return page.evaluate(`(() => {
    const events = ${JSON.stringify(events)}, from = performance.now() - 1000 * events.at(-1)[0];
    for (const [at, ...data] of events) {
      keyboard.onmidimessage({ data: Uint8Array.from(data), timeStamp: from + 1000 * at });
    }
  })()`);
}

Deno.test({
  name: "A page opened from disk answers on the beat, is heard, and reaches no network",
  ignore: chromium === undefined,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      await inBrowser(chromium!, `file://${await writePage(folder)}`, async (page) => {
        await page.until("globalThis.duetPage");
        assertEquals(await page.evaluate("document.querySelector('#problem').textContent"), "");
        await page.evaluate("document.querySelector('#tab-duet').click()");
        await page.evaluate(PLUG_IN);
        await page.until("duetPage.sound.isRunning");
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
        await page.until("duetPage.sound.peak > 0.01");
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
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

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
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
