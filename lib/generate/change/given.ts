import { ENDS, FREE, OFF, STAYS, STRUCK } from "../../model/model.ts";
import { type Frame, isHeld, pitchOf } from "../../tokens/frame.ts";
import type { Grid } from "../../tokens/piece.ts";
import type { PlacedNote } from "../../tokens/placed.ts";
import type { Room } from "./scope.ts";

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
