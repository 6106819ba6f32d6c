import { encodeMp3 } from "../../lib/audio/player.ts";
import { pageEncoder } from "../../lib/audio/encoder.ts";
import type { PageContent } from "../../lib/page/page.ts";
import type { BrowserPage } from "../notebooks/browser.ts";
import { basePageModel, type Beats } from "./support.ts";

/** Contents of a page with the base model, whose piano is one hum, which is there at once. */
export async function contentOf(pieces: PageContent["pieces"] = []): Promise<PageContent> {
  const hum = Float32Array.from(
    { length: 44_100 },
    (_, i) => 0.5 * Math.sin(i / 25) * (1 - i / 44_100),
  );
  return {
    model: await basePageModel(),
    piano: new Map([[60, await encodeMp3(hum, 44_100, 64)]]),
    credit: "nobody",
    encoder: await pageEncoder(),
    pieces,
  };
}

/** Plugs a MIDI keyboard into a page. */
export const PLUG_IN = `(() => {
  globalThis.keyboard = { name: "test", onmidimessage: null };
  const access = { inputs: new Map([["test", keyboard]]) };
  Object.defineProperty(navigator, "requestMIDIAccess", { value: () => Promise.resolve(access), configurable: true });
  duetPage.sound.start();
  return duetPage.midi();
})()`;

/** MIDI messages of a phrase, each with its time in seconds. */
export function keyEvents(
  phrase: Beats,
  beatsPerMinute: number,
  late: (index: number) => number,
): [seconds: number, ...bytes: number[]][] {
  const beat = 60 / beatsPerMinute;
  return phrase.flatMap(([at, length, pitch], index): [number, ...number[]][] => {
    const by = late(index);
    return [
      [beat * at + by, 0x90, pitch, 80],
      [beat * (at + 0.9 * length) + by, 0x80, pitch, 0],
    ];
  }).sort(([a], [b]) => a - b);
}

/**
 * Each of two tabs of one page keeps its music; the next page takes over what a closed one has left.
 * @param page has been played on
 */
export async function areSessionsKept(page: BrowserPage, other: BrowserPage): Promise<void> {
  const played = "duetPage.duet.history.session.notes.length";
  const notes = await page.evaluate<number>(played);
  // The other tab, of the same page, has music of its own.
  await other.until("globalThis.duetPage");
  await other.evaluate(`(() => {
    const { duet } = duetPage;
    duet.press(60, 80, 5);
    duet.release(60, 6);
    duet.pause(); // unanswered
  })()`);
  const kept = `new Promise((resolve) => {
    indexedDB.open("duet").onsuccess = ({ target: { result } }) => {
      const all = result.transaction("sessions").objectStore("sessions").getAll();
      all.onsuccess = () => resolve(all.result.map(({ notes }) => notes.length).sort((a, b) => a - b));
    };
  })`;
  const areKept = async (...counts: number[]) =>
    await page.until(
      `(${kept}.then((all) => globalThis.all = all.join()), globalThis.all === "${counts}")`,
    );
  const openAgain = async (one: BrowserPage, count: number) => {
    await one.evaluate("(globalThis.duetPage = undefined, location.reload())");
    await one.until(`globalThis.duetPage && ${played} === ${count}`);
  };
  await areKept(1, notes);
  await openAgain(page, notes);
  await openAgain(other, 1);
  // Once it is closed, its music is the next page's.
  await other.evaluate("void setTimeout(() => location.href = 'about:blank')");
  await other.until("location.href === 'about:blank'");
  await openAgain(page, notes + 1);
  await areKept(notes + 1);
}
