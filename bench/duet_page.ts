/**
 * Measures the page in Chromium: its size, the times until its keyboard can be played and its model
 * can answer, in a browser that has just started and in one that runs, the memory of its process,
 * the time for four bars made anew, the wait from each hand-over to the first bar of its answer, and
 * the number of late notes; those of a bar that was put off by a beat are not late.
 * `deno run -P=test bench/duet_page.ts [PHRASES] [--quiet]`: phrases at 90, 112 and 120 bpm with
 * 20 ms of jitter are played in real time on a simulated MIDI keyboard; every second one is handed
 * over by the left pedal, just after its last key. Meanwhile both of two cores are busy: two endless
 * loops run beside, of the browser's own priority.
 * @module
 */
import { join } from "node:path";
import { pageFor } from "../lib/phases/duet.ts";
import { Random } from "../lib/random.ts";
import { findChromium, inBrowser } from "../tests/notebooks/browser.ts";
import { keyEvents, PLUG_IN } from "../tests/page/browser_support.ts";
import { noteAt, songOf } from "../tests/midi/song.ts";
import { CALL } from "../tests/page/support.ts";

const TEMPOS = [90, 112, 120], JITTER = 0.02, LEFT_PEDAL = 67, BUSY = 2;
const MEBIBYTE = 2 ** 20;
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
  const midi = songOf(
    Array.from({ length: 64 }, (_, beat) => noteAt([60, 64, 67, 72][beat % 4]!, beat, 1)),
  );
  const html = await pageFor({ model: "base" }, [{ name: "song.mid", midi }], {});
  await Deno.writeTextFile(file, html);
  await inBrowser(chromium, `file://${file}`, async (page) => {
    const size = (html.length / 1e6).toFixed(2);
    for (const how of ["just started", "running", "running", "running"]) {
      await page.until("globalThis.duetPage");
      const { playable, readyAfter } = await page.evaluate<Record<string, number>>(
        "({ playable: duetPage.playable, readyAfter: duetPage.readyAfter })",
      );
      console.log(
        `page ${size} MB, browser ${how}: playable after ${playable!.toFixed(0)} ms, ` +
          `model ready after ${readyAfter!.toFixed(0)} ms; load ${Deno.loadavg()[0]!.toFixed(1)}`,
      );
      await page.evaluate("(globalThis.duetPage = undefined, location.reload())");
    }
    await page.until("globalThis.duetPage");
    await page.evaluate(`(() => {
      const bar = document.querySelector('[data-bar="5"]');
      bar.focus();
      bar.click();
      for (let by = 0; by < 3; by++) {
        document.activeElement.dispatchEvent(
          new KeyboardEvent("keydown", { key: "ArrowRight", shiftKey: true, bubbles: true }));
      }
      document.querySelector("#bars-fill").click();
    })()`);
    const status = "document.querySelector('#bars-status').textContent";
    await page.until(`/made anew in/.test(${status})`);
    console.log(await page.evaluate<string>(status));
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
    console.log(
      `memory of the page's process: ${(await memoryOfPage() / MEBIBYTE).toFixed(0)} MiB`,
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

/** Proportional set size of the largest page's process that this one has started, in bytes. */
async function memoryOfPage(): Promise<number> {
  const text = async (command: string, ...args: string[]) =>
    new TextDecoder().decode((await new Deno.Command(command, { args }).output()).stdout);
  const processes = (await text("ps", "-eo", "pid=,ppid=,args=")).split("\n").map((line) => {
    const [, pid, parent, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return { pid: Number(pid), parent: Number(parent), command };
  });
  const own = new Set([Deno.pid]);
  for (let size = 0; size < own.size;) {
    size = own.size;
    for (const { pid, parent } of processes) if (own.has(parent)) own.add(pid);
  }
  const pages = processes.filter(({ pid, command }) =>
    own.has(pid) && command.includes("--type=renderer")
  );
  const sizes = await Promise.all(pages.map(async ({ pid }) => {
    const [, kibibytes] = /^Pss:\s+(\d+) kB/m.exec(
      await text("cat", `/proc/${pid}/smaps_rollup`),
    ) ?? [];
    return 1024 * Number(kibibytes ?? 0);
  }));
  return Math.max(0, ...sizes);
}
