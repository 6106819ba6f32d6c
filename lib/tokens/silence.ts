import { countBefore } from "../search.ts";
import type { GridNote } from "./grid.ts";
import type { Metre } from "./piece.ts";

/** Longest silence between notes that is kept, in bars. */
export const LONGEST_SILENCE_BARS = 4;

/** Mapping of file steps from `from` on to frames: the step minus `from` plus `to`. */
interface Move {
  readonly from: number;
  readonly to: number;
}

/**
 * Moves the first note to step 0 and shortens long silences.
 * @param notes by start, at least one
 * @param longest steps of the longest silence kept after a given step
 */
export function cutSilences<Note extends GridNote>(
  notes: readonly Note[],
  longest: (step: number) => number,
): { kept: Note[]; moves: Move[]; cutSteps: number } {
  let offset = notes[0]!.start, end = offset, cutSteps = 0;
  const moves: Move[] = [{ from: offset, to: 0 }];
  const kept = notes.map((note) => {
    const surplus = note.start - end - longest(end);
    if (surplus > 0) {
      offset += surplus;
      cutSteps += surplus;
      moves.push({ from: note.start, to: note.start - offset });
    }
    end = Math.max(end, note.end);
    return { ...note, start: note.start - offset, end: note.end - offset };
  });
  return { kept, moves, cutSteps };
}

/** File step of each frame. @param moves at least one, the first to frame 0 */
export function stepsOfFrames(frames: number, moves: readonly Move[]): Int32Array {
  let at = 0;
  return Int32Array.from({ length: frames }, (_, frame) => {
    while (at + 1 < moves.length && moves[at + 1]!.to <= frame) at++;
    return frame - moves[at]!.to + moves[at]!.from;
  });
}

/** Index of the metre in force at a step; 0 before the first. */
export function indexAt(metres: readonly Metre[], step: number): number {
  return Math.max(0, countBefore(metres.length, (i) => metres[i]!.frame <= step) - 1);
}

/**
 * Metres converted from file steps to frames: one entry where the metre changes, and one where a
 * cut shifts the bars.
 */
export function metresAfter(file: readonly Metre[], moves: readonly Move[]): Metre[] {
  const metres: Metre[] = [];
  for (const [index, move] of moves.entries()) {
    const until = moves[index + 1]?.from ?? Infinity;
    const inForce = indexAt(file, move.from);
    for (let at = inForce; at < file.length; at++) {
      const { upbeat, ...metre } = file[at]!, { stepsPerBar } = metre;
      if (at > inForce && metre.frame >= until) break;
      const step = at === inForce ? move.from : metre.frame; // notes may begin before the first metre
      const since = step - metre.frame + metre.phase;
      metres.push({
        ...metre,
        frame: step - move.from + move.to,
        phase: since - Math.floor(since / stepsPerBar + 1e-9) * stepsPerBar,
        ...(upbeat && index === 0 && since < stepsPerBar ? { upbeat } : {}),
      });
    }
  }
  return metres;
}
