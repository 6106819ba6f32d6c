import type { SpessaSynthProcessor } from "spessasynth_core";
import type { Part } from "../midi/music.ts";
import { attempt, readFileUpTo } from "../store/files.ts";
import { type Block, render, type TimedEvent } from "./render.ts";
import { pianoSynthesizer, soundFontSynthesizer } from "./synthesizer.ts";

/** The largest pianos that are given away have half of this; all of it is held in memory. */
const MOST_SOUNDFONT_BYTES = 2 ** 31;

/**
 * What plays some parts: the recorded piano, or with a SoundFont the instruments that they ask for.
 * @param soundFont path of an SF2, SF3 or DLS file
 * @param signal ends the reading of recordings, which takes seconds
 * @returns plays the parts' events, block by block
 * @throws {Error} if the recordings or the SoundFont cannot be read
 */
export async function instrumentsFor(
  parts: readonly Part[],
  soundFont: string | undefined,
  signal: AbortSignal | undefined,
): Promise<(events: readonly TimedEvent[]) => Iterable<Block>> {
  if (soundFont === undefined) {
    const piano = await pianoSynthesizer(parts.flatMap((part) => part.notes), signal);
    const channelOf = assignChannels(parts, piano, () => 0);
    return (events) => render(events, piano, channelOf);
  }
  const synthesizer = await attempt(
    `use the SoundFont ${soundFont}`,
    async () => soundFontSynthesizer(await readFileUpTo(soundFont, MOST_SOUNDFONT_BYTES)),
  );
  const channelOf = assignChannels(parts, synthesizer, ({ program }) => program);
  return (events) => playedOn(soundFont, render(events, synthesizer, channelOf));
}

/** The sound; a SoundFont's samples are looked at when they are first played. */
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

/** Each part gets a channel of its own as long as there are any, so that pedals stay apart. */
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
