import type { Note, PlayedNote, TimedNote } from "../midi/music.ts";
import { type Frame, HELD, isHeld, pitchOf } from "./frame.ts";

/** A note quantised to the grid, from its onset step to the first step in which it no longer sounds. */
export type GridNote = TimedNote;

/**
 * Encodes notes as frames, from step 0 to the last end. Where notes of one pitch overlap, the pitch
 * is struck at each onset and sounds until the last of their ends.
 * @param notes in any order
 * @param attacks whether to distinguish struck from held notes; if not, every code is a bare pitch
 */
export function encodeFrames(notes: readonly GridNote[], attacks: boolean): Frame[] {
  const sorted = notes.toSorted((a, b) => a.start - b.start);
  const length = notes.reduce((end, note) => Math.max(end, note.end), 0);
  const ends = new Int32Array(128); // per pitch, the step at which it falls silent
  const struckAt = new Int32Array(128).fill(-1);
  const frames: Frame[] = [];
  let sounding: number[] = []; // pitches, ascending
  let next = 0;
  for (let step = 0; step < length; step++) {
    const struck: number[] = [];
    for (let note = sorted[next]; note && note.start <= step; note = sorted[++next]) {
      const { pitch, end } = note;
      if (ends[pitch]! <= step) struck.push(pitch);
      ends[pitch] = Math.max(ends[pitch]!, end);
      struckAt[pitch] = step;
    }
    sounding = sounding.filter((pitch) => ends[pitch]! > step);
    for (const pitch of struck) if (!sounding.includes(pitch)) sounding.push(pitch);
    if (struck.length > 0) sounding.sort((a, b) => a - b);
    frames.push(
      sounding.map((pitch) => attacks && struckAt[pitch] !== step ? pitch + HELD : pitch),
    );
  }
  return frames;
}

/**
 * Decodes frames to notes, by start, then pitch: the inverse of {@linkcode encodeFrames} for notes
 * that do not overlap on one pitch. Without attacks, a pitch that sounds in neighbouring frames is
 * one note. A held code whose pitch did not sound before is struck.
 */
export function decodeFrames(frames: readonly Frame[], attacks: boolean): GridNote[] {
  const notes: { pitch: number; start: number; end: number }[] = [];
  const last = new Int32Array(128); // per pitch, one more than the index of its latest note
  for (let step = 0; step < frames.length; step++) {
    for (const code of frames[step]!) {
      const pitch = pitchOf(code), note = notes[last[pitch]! - 1];
      const sounds = note?.end === step;
      if (sounds && (!attacks || isHeld(code))) note.end = step + 1;
      else last[pitch] = notes.push({ pitch, start: step, end: step + 1 });
    }
  }
  return notes;
}

/**
 * Reduces frames to a melody: only the highest pitch of each. A pitch that becomes the highest
 * while it is held counts as struck, since it was not heard before.
 */
export function keepMelody(frames: readonly Frame[]): Frame[] {
  let before: number | undefined;
  return frames.map((frame) => {
    const top = frame.at(-1);
    if (top === undefined) {
      before = undefined;
      return [];
    }
    const pitch = pitchOf(top);
    const code = isHeld(top) && pitch !== before ? pitch : top;
    before = pitch;
    return [code];
  });
}

/** Time in beats within which onsets of a pitch count as one: nobody strikes a key so fast. */
const AT_ONCE_BEATS = 1 / 24;

/** Number of notes struck at once with another one of their pitch. */
export function doubledNotes(notes: readonly Note[], ticksPerBeat: number): number {
  const last = new Float64Array(128).fill(-Infinity); // per pitch, the last onset that counted
  let doubled = 0;
  for (const { pitch, startTicks } of notes.toSorted((a, b) => a.startTicks - b.startTicks)) {
    if (startTicks - last[pitch]! <= AT_ONCE_BEATS * ticksPerBeat) doubled++;
    else last[pitch] = startTicks;
  }
  return doubled;
}

/** Merges notes of a pitch in one step, keeping the loudest. */
export function struckOnce<N extends PlayedNote>(notes: readonly N[]): N[] {
  const loudest = new Map<number, N>();
  for (const note of notes) {
    const key = note.start * 128 + note.pitch, before = loudest.get(key);
    if (!before || before.velocity < note.velocity) loudest.set(key, note);
  }
  return [...loudest.values()].sort((a, b) => a.start - b.start || a.pitch - b.pitch);
}
