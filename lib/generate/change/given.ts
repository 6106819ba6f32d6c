import { ENDS, FREE, OFF, STAYS, STRUCK } from "../../model/model.ts";
import { type Frame, isHeld, pitchOf } from "../../tokens/frame.ts";
import type { Grid } from "../../tokens/piece.ts";
import type { PlacedMusic, PlacedNote } from "../../tokens/placed.ts";

/** Which notes of some bars are made anew; all others are given. */
export type Scope =
  | { readonly kind: "all" }
  /** Those of this pitch and above. */
  | { readonly kind: "above"; readonly pitch: number }
  /** Those below this pitch. */
  | { readonly kind: "below"; readonly pitch: number }
  /** Those of a track, numbered from 0. */
  | { readonly kind: "track"; readonly track: number }
  /** A share of them, 0 to 1, beat by beat, in the order that a seed decides. */
  | { readonly kind: "share"; readonly distance: number; readonly seed: number }
  /** All below the top line, which is given. */
  | { readonly kind: "melody" }
  /** What is to stand above the file's notes, which are all given. */
  | { readonly kind: "accompaniment" };

/** Between which pitches new notes may lie in a frame: the lowest, and the first that is too high. */
export type Room = (frame: number) => readonly [lowest: number, end: number];

/** Semitones that a track's new notes may go beyond what it has. */
const TRACK_MARGIN = 3;

/** Where new notes of a scope may lie. */
export function room(scope: Scope, placed: PlacedMusic, kept: readonly Frame[]): Room {
  switch (scope.kind) {
    case "above":
      return () => [scope.pitch, 128];
    case "below":
      return () => [0, scope.pitch];
    case "track": {
      const pitches = placed.notes.filter(({ note }) => note.track === scope.track)
        .map(({ pitch }) => pitch);
      const lowest = pitches.reduce((a, b) => Math.min(a, b), 127);
      const highest = pitches.reduce((a, b) => Math.max(a, b), 0);
      return () => [lowest - TRACK_MARGIN, highest + TRACK_MARGIN + 1];
    }
    case "melody": {
      const tops = filledIn(kept.map((frame) => frame.length > 0 ? pitchOf(frame.at(-1)!) : -1));
      return (frame) => [0, tops[frame]!];
    }
    case "accompaniment": {
      const tops = filledIn(kept.map((frame) => frame.length > 0 ? pitchOf(frame.at(-1)!) : -1));
      return (frame) => [tops[frame]! + 1, 128];
    }
    default:
      return () => [0, 128];
  }
}

/** Pitches with those of silent frames (−1) taken from before, or at the beginning from after. */
function filledIn(pitches: readonly number[]): number[] {
  let last = pitches.find((pitch) => pitch >= 0) ?? 60;
  return pitches.map((pitch) => last = pitch >= 0 ? pitch : last);
}

/** Per frame of a gap, what is given by the notes that stay and by the room of the new ones. */
export function givensOf(
  frames: readonly Frame[],
  from: number,
  end: number,
  room: Room,
  { attacks }: Grid,
): Uint8Array[] {
  return frames.slice(from, end).map((frame, index) => {
    const given = new Uint8Array(128).fill(OFF), [lowest, above] = room(from + index);
    given.fill(0, Math.max(0, lowest), Math.min(128, above));
    for (const code of frames[from + index - 1] ?? []) {
      const pitch = pitchOf(code); // where it ends, it must not seem to go on
      if (given[pitch] !== OFF) given[pitch] = attacks ? ENDS : OFF;
    }
    for (const code of frame) given[pitchOf(code)] = attacks && isHeld(code) ? STAYS : STRUCK;
    return given;
  });
}

/**
 * Of the notes that go, the highest of each step cannot come back there: the plan of a single line says
 * so much of it that it would mostly be the same again.
 */
export function barTops(
  givens: readonly Uint8Array[],
  goes: ReadonlySet<PlacedNote>,
  from: number,
): (readonly [frame: number, pitch: number])[] {
  const tops = new Map<number, number>();
  for (const { start, pitch } of goes) {
    tops.set(start - from, Math.max(pitch, tops.get(start - from) ?? 0));
  }
  return [...tops].filter(([frame, pitch]) => {
    const given = givens[frame]!, isFree = given[pitch] === FREE || given[pitch] === ENDS;
    if (isFree) given[pitch] = OFF;
    return isFree;
  });
}
