/** MIDI files with very much of one thing. */
import { chunk, end, file, off, on, tempo } from "./bytes.ts";

/** A file of so many tracks without an event. */
export function empty(tracks: number): Uint8Array {
  return file({}, ...new Array<number[]>(tracks).fill(chunk("MTrk", end())));
}

/** A file in which so many notes on one key sound at once. */
export function crowd(notes: number): Uint8Array {
  return file({}, chunk("MTrk", [...repeat(notes, on(0, 60)), ...repeat(notes, off(0, 60))]));
}

/** A file of so many notes on one key that have no end. */
export function stuck(notes: number): Uint8Array {
  return file({}, chunk("MTrk", repeat(notes, on(1, 60))));
}

/** A file of so many tempos and a note. */
export function slowing(tempos: number): Uint8Array {
  return file({}, chunk("MTrk", [...repeat(tempos, tempo(1, 500_001)), ...on(0, 60)]));
}

function repeat(times: number, bytes: number[]): number[] {
  return Array.from({ length: times }, () => bytes).flat();
}
