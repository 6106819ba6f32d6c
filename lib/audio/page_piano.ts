import { encodeMp3 } from "./player.ts";
import { LAYERS, recordedNotes } from "./samples.ts";

/** Every third key of the piano is recorded; above the highest of these strings sound for a moment only. */
const LOWEST = 21, HIGHEST = 105, EVERY = 3;

/** Seconds of a recording that a page holds, half as many from here up. */
const SECONDS = 4, SHORT_FROM = 85;

/** The end of a recording, as a share of it, over which it fades. */
const FADE = 0.35;

/**
 * A small piano for a page: one layer of the recorded one, a few seconds of each string.
 * @returns per MIDI key number, its sound as MP3
 * @throws {Error} if the recordings are not there and cannot be fetched
 */
export async function pagePiano(
  onNote?: (done: number, total: number) => Promise<void> | void,
): Promise<Map<number, Uint8Array>> {
  const pitches: number[] = [];
  for (let pitch = LOWEST; pitch <= HIGHEST; pitch += EVERY) pitches.push(pitch);
  const layer = LAYERS.find(({ gain }) => gain === 1)!;
  const piano = new Map<number, Uint8Array>();
  for (const pitch of pitches) {
    const [note] = await recordedNotes(layer, [pitch]);
    const { left, right, sampleRate } = note!;
    const seconds = pitch < SHORT_FROM ? SECONDS : SECONDS / 2;
    const length = Math.min(left.length, Math.round(sampleRate * seconds)), fade = FADE * length;
    const mono = Float32Array.from(
      { length },
      (_, at) => (left[at]! + right[at]!) / 2 * Math.min(1, (length - at) / fade),
    );
    piano.set(pitch, await encodeMp3(mono, sampleRate, 64));
    await onNote?.(piano.size, pitches.length);
  }
  return piano;
}
