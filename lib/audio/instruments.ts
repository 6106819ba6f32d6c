import type { SpessaSynthProcessor } from "spessasynth_core";
import type { Part } from "../midi/music.ts";
import { attempt, readFileUpTo } from "../store/files.ts";
import { type Block, playedKeys, render, type TimedEvent } from "./render.ts";
import { pianoSynthesizer, soundFontSynthesizer } from "./synthesizer.ts";

/**
 * Maximum size of a SoundFont, which is held in memory; the largest free pianos have half of this.
 */
const MOST_SOUNDFONT_BYTES = 2 ** 31;

/**
 * Plays some parts on the recorded piano, or on the instruments of a SoundFont.
 * @param events of the parts
 * @param soundFont path of an SF2, SF3 or DLS file
 * @param signal aborts the reading of recordings, which takes seconds
 * @returns the sound, rendered block by block
 * @throws {Error} if the recordings or the SoundFont cannot be read
 */
export async function playedBy(
  parts: readonly Part[],
  events: readonly TimedEvent[],
  soundFont: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Iterable<Block>> {
  if (soundFont === undefined) {
    const piano = await pianoSynthesizer(playedKeys(events), signal);
    return render(events, piano, assignChannels(parts, piano, () => 0));
  }
  const synthesizer = await attempt(
    `use the SoundFont ${soundFont}`,
    async () => soundFontSynthesizer(await readFileUpTo(soundFont, MOST_SOUNDFONT_BYTES)),
  );
  const channelOf = assignChannels(parts, synthesizer, ({ program }) => program);
  return playedOn(soundFont, render(events, synthesizer, channelOf));
}

/** Blocks rendered with a SoundFont, whose samples are read when they are first played. */
function* playedOn(soundFont: string, blocks: Iterable<Block>): Generator<Block> {
  try {
    yield* blocks;
  } catch (cause) {
    throw new Error(
      `Cannot use the SoundFont ${soundFont}: it is damaged, so that it cannot be played`,
      { cause },
    );
  }
}

const DRUM_CHANNEL = 9;

/**
 * Assigns each part a channel of its own as long as there are any, so that pedals stay separate.
 */
function assignChannels(
  parts: readonly Part[],
  synthesizer: SpessaSynthProcessor,
  programOf: (part: Part) => number,
): (part: number) => number {
  const pitched = [...synthesizer.midiChannels.keys()].filter((channel) =>
    channel !== DRUM_CHANNEL
  );
  const channels = parts.map((part, index) => {
    const channel = part.drum ? DRUM_CHANNEL : pitched[index % pitched.length]!;
    synthesizer.programChange(channel, programOf(part));
    return channel;
  });
  return (part) => channels[part]!;
}
