import { type Decoder, decoderFor, type SoundBlock } from "./decoders.ts";
import { MOST_PAGE_BYTES, oggSeconds } from "../audio/ogg.ts";
import { HEARD_RATE, resampler } from "./resample.ts";

/** Maximum duration of a recording in seconds, which bounds time and memory. */
export const MOST_SECONDS = 60 * 60;

/** Maximum size of a file: an hour in studio formats. */
const MOST_BYTES = 2 ** 31;

/** Range of valid sample rates in Hz. */
const LEAST_RATE = 4_000, MOST_RATE = 384_000;

/**
 * Bytes decoded at a time. Compressed silence is some 30,000 times smaller than its samples, which
 * a decoder returns all at once.
 */
const PART_BYTES = 1 << 13;

/** Maximum number of channels. */
const MOST_CHANNELS = 32;

/** Audio for the transcriber: one channel, {@linkcode HEARD_RATE} samples per second. */
export interface Sound {
  /** Samples, -32,768 to 32,767. */
  readonly samples: Int16Array;
  readonly seconds: number;
  /** Root mean square, 0 to 1. */
  readonly level: number;
}

/**
 * Decodes a recording (WAV, MP3, FLAC, Ogg Vorbis) in parts.
 * @param onPart called after each part with the share of the file read so far, 0 to 1
 * @param most maximum duration in seconds
 * @throws {Error} with the reason why it cannot be read, fit to follow "skipped: "
 */
export async function readSound(
  path: string,
  onPart: (share: number) => Promise<void> = async () => {},
  most: number = MOST_SECONDS,
): Promise<Sound> {
  const { size, isFile } = await Deno.stat(path);
  if (!isFile) throw new Error("it is no regular file");
  if (size > MOST_BYTES) throw new Error(`it has ${size} bytes, more than ${MOST_BYTES}`);
  using file = await Deno.open(path);
  if (await statedByOgg(file, size) > most) throw tooLong(most);
  return await decodeSound(partsOf(file, size, onPart), size, most);
}

/** Duration in seconds that an Ogg file states in its first and last pages; 0 for other files. */
async function statedByOgg(file: Deno.FsFile, size: number): Promise<number> {
  const bytesFrom = async (at: number) => {
    const bytes = new Uint8Array(Math.min(MOST_PAGE_BYTES, size - at));
    await file.seek(at, Deno.SeekMode.Start);
    let read = 0;
    for (let count; read < bytes.length && (count = await file.read(bytes.subarray(read)));) {
      read += count;
    }
    return bytes.subarray(0, read);
  };
  const seconds = oggSeconds(
    await bytesFrom(0),
    await bytesFrom(Math.max(0, size - MOST_PAGE_BYTES)),
  );
  await file.seek(0, Deno.SeekMode.Start);
  return seconds;
}

async function* partsOf(
  file: Deno.FsFile,
  size: number,
  onPart: (share: number) => Promise<void>,
): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(PART_BYTES);
  for (let done = 0, count; (count = await file.read(buffer));) {
    yield buffer.slice(0, count);
    await onPart(Math.min(1, (done += count) / size));
  }
}

/**
 * Decodes a recording from its bytes in parts.
 * @param size of the whole file in bytes
 * @param most maximum duration in seconds, by its header where it states one
 * @throws {Error} with the reason why it cannot be read, fit to follow "skipped: "
 */
export async function decodeSound(
  parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  size: number,
  most: number = MOST_SECONDS,
): Promise<Sound> {
  const collected = collector(most);
  let decoder: Decoder | undefined;
  try {
    for await (const part of parts) {
      decoder ??= await decoderFor(part, size);
      collected.add(await decoder.decode(part));
      if (decoder.statedSeconds() > most) throw tooLong(most);
    }
    decoder ??= await decoderFor(new Uint8Array(0), size);
    if (decoder.padding) collected.add(await decoder.decode(decoder.padding));
    collected.add(await decoder.decode());
  } finally {
    decoder?.free();
  }
  return collected.finish();
}

function tooLong(most: number): Error {
  return new Error(
    `it lasts more than ${Math.round(most / 60)} minutes, the limit: cut it into pieces`,
  );
}

/** Creates a sink that mixes channels, converts the rate, and counts samples. */
function collector(most: number) {
  const blocks: Int16Array[] = [];
  let rate = 0, length = 0, squares = 0;
  let convert: ReturnType<typeof resampler> | undefined;
  const keep = (heard: Float32Array) => {
    const block = new Int16Array(heard.length);
    heard.forEach((value, i) => {
      const clipped = Math.min(1, Math.max(-1, value));
      squares += clipped * clipped;
      block[i] = Math.round(32_767 * clipped);
    });
    blocks.push(block);
    length += block.length;
    if (length > most * HEARD_RATE) throw tooLong(most);
  };
  return {
    add({ channels, sampleRate }: SoundBlock): void {
      const [first] = channels;
      if (!first || first.length === 0) return;
      if (channels.length > MOST_CHANNELS) {
        throw new Error(`it has ${channels.length} channels, more than ${MOST_CHANNELS}`);
      }
      if (!convert) {
        if (!(sampleRate >= LEAST_RATE && sampleRate <= MOST_RATE)) {
          throw new Error(`it has ${sampleRate} samples per second, which no recording has`);
        }
        convert = resampler(rate = sampleRate);
      }
      if (sampleRate !== rate) throw new Error("its sample rate changes within it");
      const mixed = new Float32Array(first.length);
      for (const channel of channels) {
        for (let i = 0; i < mixed.length; i++) {
          const value = channel[i]!;
          mixed[i]! += Number.isFinite(value) ? value / channels.length : 0;
        }
      }
      keep(convert(mixed));
    },
    finish(): Sound {
      if (convert) keep(convert());
      const samples = new Int16Array(length);
      let at = 0;
      for (const block of blocks) {
        samples.set(block, at);
        at += block.length;
      }
      return {
        samples,
        seconds: length / HEARD_RATE,
        level: Math.sqrt(squares / Math.max(1, length)),
      };
    },
  };
}
