/**
 * Measures the duet in a real browser, both cores busy with other work: the wait from each hand-over to
 * the first bar of its answer, and late notes. `deno run -P=test bench/duet_page.ts [PHRASES] [--quiet]`:
 * phrases at 90, 112 and 120 bpm with 20 ms of jitter are played in real time on a simulated MIDI keyboard;
 * every second one is handed over by the left pedal, just after its last key.
 * @module
 */
import { join } from "node:path";
import { duetPage } from "../lib/page/page.ts";
import { Random } from "../lib/random.ts";
import { findChromium, inBrowser } from "../tests/notebooks/browser.ts";
import { contentOf, keyEvents, PLUG_IN } from "../tests/page/browser_support.ts";
import { CALL } from "../tests/page/support.ts";

const TEMPOS = [90, 112, 120], JITTER = 0.02, LEFT_PEDAL = 67, BUSY = 2;
const count = Number(Deno.args.find((word) => /^\d+$/.test(word)) ?? 10);
const chromium = await findChromium();
if (!chromium) throw new Error("Cannot measure the page: there is no Chromium");
const folder = await Deno.makeTempDir();
const others = Deno.args.includes("--quiet") ? [] : Array.from(
  { length: BUSY },
  () => new Deno.Command(Deno.execPath(), { args: ["eval", "for (;;);"] }).spawn(),
);
try {
  const file = join(folder, "duet.html");
  await Deno.writeTextFile(file, await duetPage(await contentOf()));
  await inBrowser(chromium, `file://${file}`, async (page) => {
    await page.until("globalThis.duetPage");
    await page.evaluate("document.querySelector('#tab-duet').click()");
    await page.evaluate(PLUG_IN);
    await page.until("duetPage.sound.isRunning");
    const random = new Random(7), leads: number[] = [];
    for (let phrase = 0; phrase < count; phrase++) {
      const bpm = TEMPOS[phrase % TEMPOS.length]!, isPedal = phrase % 2 === 1;
      const moved = CALL.map(([at, length, pitch]) => [at, length, pitch + phrase % 5] as const);
      const events = keyEvents(moved, bpm, () => JITTER * (2 * random.next() - 1) * Math.sqrt(3));
      if (isPedal) events.push([events.at(-1)![0] + 0.05, 0xb0, LEFT_PEDAL, 127]);
      await page.evaluate(`(async () => {
        const from = performance.now() + 50;
        for (const [at, ...data] of ${JSON.stringify(events)}) {
          const time = from + 1000 * at, left = time - performance.now();
          if (left > 0) await new Promise((done) => setTimeout(done, left));
          keyboard.onmidimessage({ data: Uint8Array.from(data), timeStamp: Math.min(time, performance.now()) });
        }
      })()`);
      await page.until(`duetPage.duet.waits.length > ${phrase}`);
      leads.push(await page.evaluate("1000 * duetPage.duet.span.from - performance.now()"));
      await page.until("duetPage.duet.turn === 'person'");
    }
    const { waits, late } = await page.evaluate<{ waits: number[]; late: number }>(
      "({ waits: duetPage.duet.waits, late: duetPage.duet.late })",
    );
    const sorted = waits.toSorted((a, b) => a - b);
    const quantile = (share: number) =>
      sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(0);
    console.log(
      `${count} phrases: first bar ${quantile(0.5)} ms after the hand-over (median), ` +
        `${quantile(0.95)} ms (p95), ${late} notes late; load ${Deno.loadavg()[0]!.toFixed(1)}`,
    );
    console.log(`waits: ${waits.map((wait) => wait.toFixed(0)).join(" ")}`);
  });
} finally {
  for (const other of others) {
    other.kill();
    await other.status;
  }
  await Deno.remove(folder, { recursive: true });
}
