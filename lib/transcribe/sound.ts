import { decoderFor, type SoundBlock } from "./decoders.ts";
import { HEARD_RATE, resampler } from "./resample.ts";

/** Maximum duration of a recording in seconds, which bounds time and memory. */
export const MOST_SECONDS = 60 * 60;

/** Maximum size of a file: an hour in studio formats. */
const MOST_BYTES = 2 ** 31;

/** Range of valid sample rates in Hz. */
const LEAST_RATE = 4_000, MOST_RATE = 384_000;

const PART_BYTES = 1 << 20;

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
  const buffer = new Uint8Array(PART_BYTES);
  const first = await file.read(buffer) ?? 0;
  const decoder = await decoderFor(buffer.subarray(0, first));
  const collected = collector(most);
  try {
    for (let count: number | null = first, done = 0; count; count = await file.read(buffer)) {
      collected.add(await decoder.decode(buffer.slice(0, count)));
      await onPart(Math.min(1, (done += count) / size));
    }
    collected.add(await decoder.decode());
  } finally {
    decoder.free();
  }
  return collected.finish();
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
    if (length > most * HEARD_RATE) {
      throw new Error(
        `it lasts more than ${Math.round(most / 60)} minutes, the limit: cut it into pieces`,
      );
    }
  };
  return {
    add({ channels, sampleRate }: SoundBlock): void {
      const [first] = channels;
      if (!first || first.length === 0) return;
      if (!convert) {
        if (!(sampleRate >= LEAST_RATE && sampleRate <= MOST_RATE)) {
          throw new Error(`it has ${sampleRate} samples per second, which no recording has`);
        }
        convert = resampler(rate = sampleRate);
      }
      if (sampleRate !== rate) throw new Error("its sample rate changes on the way");
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
