import type { Grid, Metre } from "../tokens/piece.ts";
import type { TouchStyle } from "./learn.ts";

/** Where notes are performed, and how. */
export interface TouchSettings {
  /** The notes' grid. */
  readonly grid: Grid;
  /** See `Piece.metres`; of the notes' steps. */
  readonly metres: readonly Metre[];
  /** Ticks at a step; steps are equally long. */
  readonly ticksAt: (step: number) => number;
  /** Quarter notes per minute, and ticks in one. */
  readonly beatsPerMinute: number;
  readonly ticksPerBeat: number;
  /** Mean velocity, 1 to 127. */
  readonly velocity: number;
  /** 0: as typed; 1: in full; up to 2: overdone. */
  readonly strength: number;
  /** What was learned of the corpus; without it, loudness follows lib/touch/rules.ts. */
  readonly style?: TouchStyle;
  /** Whether the sustain pedal is used. */
  readonly pedal: boolean;
}
