import { encodeFrames, type GridNote } from "../../lib/tokens/grid.ts";
import type { Framed, Grid } from "../../lib/tokens/piece.ts";
import { bassOf, type Chord, chordTones } from "../../lib/tokens/chord.ts";
import { parseChord } from "../../lib/tokens/chord_symbol.ts";

/** Four steps a beat. */
export const GRID: Grid = { unit: "beat", steps: 4, attacks: true };

/** Ways to play a chord for a number of steps. */
export const TEXTURES = {
  block: (pitches: readonly number[], steps: number): GridNote[] =>
    pitches.map((pitch) => ({ pitch, start: 0, end: steps })),
  broken: (pitches: readonly number[], steps: number): GridNote[] =>
    Array.from({ length: steps / 2 }, (_, at) => {
      const pitch = pitches[[0, 2, 1, 2][at % 4]! % pitches.length]!;
      return { pitch, start: 2 * at, end: 2 * at + 2 };
    }),
};

/** Pitches of a chord: its bass below middle C, its other notes above each other. */
export function voiced(chord: Chord): number[] {
  const lowest = 36 + bassOf(chord),
    others = chordTones(chord).filter((one) => one !== bassOf(chord));
  return [lowest, ...others.map((one) => 60 + one)];
}

/** Chords, one a bar of four beats, as a piece. */
export function played(
  symbols: string,
  texture: keyof typeof TEXTURES = "block",
  transpose: number = 0,
): Framed {
  const bars = symbols.split(" ").map(parseChord);
  const notes = bars.flatMap((chord, bar) =>
    TEXTURES[texture](voiced(chord), 16).map(({ pitch, start, end }) => ({
      pitch: pitch + transpose,
      start: start + 16 * bar,
      end: end + 16 * bar,
    }))
  );
  return {
    frames: encodeFrames(notes, true),
    metres: [{ frame: 0, stepsPerBar: 16, phase: 0 }],
  };
}
