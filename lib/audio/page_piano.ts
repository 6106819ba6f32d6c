import { encodeMp3 } from "./player.ts";
import { LAYERS, recordedNote } from "./samples.ts";

/** Every third key of the piano is recorded; strings above the highest one ring only briefly. */
const LOWEST = 21, HIGHEST = 105, EVERY = 3;

/** Duration in seconds of a recording in a page; from key `SHORT_FROM` up, half of it. */
const SECONDS = 4, SHORT_FROM = 85;

/** Share of a recording over which its end fades out. */
const FADE = 0.35;

/**
 * A small piano for a page: one dynamic layer of the recorded one, a few seconds of each string.
 * @returns MP3 audio per MIDI key number
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
    const seconds = pitch < SHORT_FROM ? SECONDS : SECONDS / 2;
    const { left, right, sampleRate } = await recordedNote(layer, pitch, seconds);
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
