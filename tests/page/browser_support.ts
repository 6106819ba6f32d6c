import { encodeMp3 } from "../../lib/audio/player.ts";
import { pageEncoder } from "../../lib/audio/encoder.ts";
import type { PageContent } from "../../lib/page/page.ts";
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
