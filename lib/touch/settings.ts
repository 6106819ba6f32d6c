import type { Grid, Metre } from "../tokens/piece.ts";
import type { TouchStyle } from "./learn.ts";

/** Settings of an expressive performance. */
export interface TouchSettings {
  /** Time grid of the notes. */
  readonly grid: Grid;
  /** Metres in the steps of the notes, see `Piece.metres`. */
  readonly metres: readonly Metre[];
  /** Tick of a step; steps are equally long. */
  readonly ticksAt: (step: number) => number;
  /** Tempo in quarter notes per minute, and ticks per quarter note. */
  readonly beatsPerMinute: number;
  readonly ticksPerBeat: number;
  /** Mean velocity, 1 to 127. */
  readonly velocity: number;
  /** Strength: 0 as typed, 1 in full, up to 2 exaggerated. */
  readonly strength: number;
  /** Style learned from the corpus; without it, loudness follows lib/touch/rules.ts. */
  readonly style?: TouchStyle;
  /** Whether the sustain pedal is used. */
  readonly pedal: boolean;
}
