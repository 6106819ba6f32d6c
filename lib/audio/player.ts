import { basename } from "node:path";
import { ONE_AT_A_TIME } from "../show/one_at_a_time.ts";
import { type Displayed, JUPYTER_DISPLAY } from "../show/summary.ts";
import { durationText, escapeMarkup, visible } from "../show/text.ts";
import { loadSound } from "./samples.ts";
import { readWav, type Wav } from "./wav.ts";

/** Options for embedding a WAV file in a cell. */
export interface PlayerOptions {
  /** Duration to embed, in seconds from the beginning; the last one fades out. Default: all. */
  readonly seconds?: number;
  /** Bit rate of the MP3 in kbit/s: 16 to 160. Default 64. Below 32 the sample rate is halved or less. */
  readonly kilobits?: 16 | 24 | 32 | 40 | 48 | 64 | 80 | 96 | 112 | 128 | 160;
  /** Title. Default: the file's name. */
  readonly title?: string;
}

/** Progress callback of the encoder, with the completed share, 0 to 1. */
type OnEncoded = (share: number) => Promise<void> | void;

const FADE_SECONDS = 1, ENCODED_SECONDS = 2;
const SAMPLE_RATE = 44_100;

/**
 * Audio player for a cell: the page contains the music itself as MP3 in mono (8 kB a second), so
 * that the notebook plays anywhere without the WAV file beside it.
 * @param file path of a WAV file that `listen` made
 * @throws {Error} if it is none, or if the MP3 encoder is missing and cannot be fetched
 */
export async function player(file: string, options: PlayerOptions = {}): Promise<Displayed> {
  const { seconds = Infinity } = options;
  const { mp3, length } = await soundOf(file, options);
  const shortened = length > seconds
    ? ` (the first ${durationText(seconds)} of ${durationText(length)})`
    : "";
  const title = `${options.title ?? basename(file)}${shortened}`;
  return {
    [JUPYTER_DISPLAY]: () => ({
      "text/html":
        `<figure style="margin:0.5em 0"><figcaption>${escapeMarkup(title)}</figcaption>` +
        `<audio controls preload="metadata" style="width:100%;max-width:40em" ` +
        `src="data:audio/mpeg;base64,${mp3.toBase64()}"></audio></figure>${ONE_AT_A_TIME}`,
      "text/plain": `Sound: ${visible(title)}, ${durationText(Math.min(seconds, length))}`,
    }),
  };
}

/**
 * Encodes a WAV file's first `seconds` as MP3 in mono.
 * @returns the MP3, and the duration of the whole file in seconds
 * @throws {Error} if it is none, or if the MP3 encoder is missing and cannot be fetched
 */
export async function soundOf(
  file: string,
  { seconds = Infinity, kilobits = 64 }: PlayerOptions = {},
  onEncoded?: OnEncoded,
): Promise<{ readonly mp3: Uint8Array; readonly length: number }> {
  const wav = readWav(await Deno.readFile(file));
  if (wav.sampleRate !== SAMPLE_RATE) {
    throw new Error(
      `Cannot play ${wav.sampleRate} samples a second in a cell; needed ${SAMPLE_RATE}`,
    );
  }
  const mp3 = await encodeMp3(excerpt(wav, seconds), wav.sampleRate, kilobits, onEncoded);
  return { mp3, length: wav.frames / wav.sampleRate };
}

/** Mean of the channels over the first `seconds`, -1 to 1; faded out where it is cut off. */
export function excerpt(wav: Wav, seconds: number): Float32Array {
  const { channels, sampleRate, samples } = wav;
  const frames = Math.min(wav.frames, Math.round(seconds * sampleRate));
  const fade = frames < wav.frames ? Math.min(frames, FADE_SECONDS * sampleRate) : 0;
  return Float32Array.from({ length: frames }, (_, frame) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) {
      sum += samples[frame * channels + channel]!;
    }
    return sum / channels / 32768 * (fade > 0 ? Math.min(1, (frames - frame) / fade) : 1);
  });
}

/**
 * Encodes samples from -1 to 1 as MP3.
 * @throws {Error} if the MP3 encoder is missing and cannot be fetched
 */
export async function encodeMp3(
  mono: Float32Array,
  sampleRate: number,
  kilobits: NonNullable<PlayerOptions["kilobits"]>,
  onEncoded?: OnEncoded,
): Promise<Uint8Array> {
  const { createMp3Encoder } = await loadSound<typeof import("wasm-media-encoders")>(
    "wasm-media-encoders",
  );
  const encoder = await createMp3Encoder();
  encoder.configure({ channels: 1, sampleRate, bitrate: kilobits });
  const parts: Uint8Array[] = [];
  const block = ENCODED_SECONDS * sampleRate;
  for (let at = 0; at < mono.length; at += block) {
    parts.push(encoder.encode([mono.subarray(at, at + block)]).slice()); // reused buffer
    await onEncoded?.(Math.min(1, (at + block) / mono.length));
  }
  parts.push(encoder.finalize().slice());
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}
