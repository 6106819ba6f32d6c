import { ENDS, FREE, OFF, STAYS, STRUCK } from "../../model/model.ts";
import { type Frame, isHeld, pitchOf } from "../../tokens/frame.ts";
import type { Grid } from "../../tokens/piece.ts";
import type { PlacedNote } from "../../tokens/placed.ts";
import type { Room } from "./scope.ts";

/**
 * Constraints per frame of a gap, from the notes that stay and the allowed range of the new ones.
 */
export function constraintsOf(
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
      const pitch = pitchOf(code); // at its end, it must not seem to continue
      if (given[pitch] !== OFF) given[pitch] = attacks ? ENDS : OFF;
    }
    for (const code of frame) given[pitchOf(code)] = attacks && isHeld(code) ? STAYS : STRUCK;
    return given;
  });
}

/**
 * The highest removed note of each step, which must not return there: in a single voice, the plan
 * is so specific that mostly the same notes would be sampled again.
 */
export function barTops(
  constraints: readonly Uint8Array[],
  goes: ReadonlySet<PlacedNote>,
  from: number,
): (readonly [frame: number, pitch: number])[] {
  const tops = new Map<number, number>();
  for (const { start, pitch } of goes) {
    tops.set(start - from, Math.max(pitch, tops.get(start - from) ?? 0));
  }
  return [...tops].filter(([frame, pitch]) => {
    const given = constraints[frame]!, isFree = given[pitch] === FREE || given[pitch] === ENDS;
    if (isFree) given[pitch] = OFF;
    return isFree;
  });
}
