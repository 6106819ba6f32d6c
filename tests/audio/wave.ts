import { wavHeader } from "../../lib/audio/wav.ts";
import { sha256 } from "../../lib/store/files.ts";

/** A WAV file of these samples, -32,768 to 32,767, at 44.1 kHz. */
export function waveOf(samples: Iterable<number>, channels: number): Uint8Array {
  const integers = Int16Array.from(samples), bytes = new Uint8Array(integers.buffer);
  const format = { sampleRate: 44_100, channels, frames: integers.length / channels };
  return new Uint8Array([...wavHeader(format, sha256(bytes)), ...bytes]);
}
