/**
 * Damaged recordings: WAV, MP3, FLAC and Ogg Vorbis.
 * @module
 */
import { createMp3Encoder } from "wasm-media-encoders";
import { waveOf } from "../../tests/audio/wave.ts";
import { FLAC, OGG_VORBIS } from "../../tests/transcribe/tones.ts";
import { decodeSound } from "../../lib/transcribe/sound.ts";
import { Random } from "../../lib/random.ts";
import type { FuzzInput } from "./inputs.ts";
import { type FuzzTarget, isReason } from "./target.ts";

/** File extension of kept failures. */
export const ending = "sound";

/** Limit on the duration in seconds: damaged headers may state any. */
const MOST_SECONDS = 2;

/** A small recording in each format. */
export async function goodFiles(): Promise<Uint8Array[]> {
  const tone = Float32Array.from({ length: 3000 }, (_, i) => Math.sin(i / 3) / 2);
  const encoder = await createMp3Encoder();
  encoder.configure({ sampleRate: 16_000, channels: 1, bitrate: 32 });
  const mp3 = [...encoder.encode([tone]).slice(), ...encoder.finalize().slice()];
  const wave = waveOf(Int16Array.from(tone, (value) => 32_767 * value), 1);
  return [wave, new Uint8Array(mp3), FLAC, OGG_VORBIS];
}

/**
 * Makes damaged file number `index`: bytes changed in its header or anywhere; of some, the end cut
 * off or a part repeated.
 */
export function makeInput(seed: number, index: number, good: readonly Uint8Array[]): FuzzInput {
  const random = new Random(seed * 2 ** 32 + index), which = index % good.length;
  const bytes = good[which]!.slice(), end = random.below(3) ? 24 : 0;
  for (let left = 1 + random.below(6); left > 0; left--) {
    bytes[random.below(end || bytes.length)] = random.below(256);
  }
  const at = random.below(bytes.length);
  const changed = [
    bytes,
    bytes.slice(0, at),
    new Uint8Array([...bytes.subarray(0, at), ...bytes.subarray(at >> 1)]),
  ][Math.max(0, random.below(6) - 3)]!;
  return { kind: ["wav", "mp3", "flac", "ogg"][which]!, bytes: changed };
}

/**
 * Fuzz targets that decode a recording in parts, which must give sound within the limit, or be
 * refused with a reason.
 */
export const fuzzTargets: readonly FuzzTarget[] = [{
  name: "sound",
  async check({ bytes }) {
    let sound;
    try {
      const parts = [bytes.subarray(0, 1000), bytes.subarray(1000)].filter(({ length }) => length);
      sound = await decodeSound(parts, bytes.length, MOST_SECONDS);
    } catch (error) {
      if (isReason(error)) return "skipped";
      throw error;
    }
    if (!(sound.seconds <= MOST_SECONDS && sound.level >= 0 && sound.level <= 1)) {
      throw new Error(`no sound: ${sound.seconds} seconds of level ${sound.level}`);
    }
    return "used";
  },
}];
