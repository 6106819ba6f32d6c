import type { Frame } from "./frame.ts";

/** A piece of music on the grid. */
export interface Piece {
  /** Path of the MIDI file, relative to the folder that was read. */
  readonly name: string;
  /** One frame per step, in order. */
  readonly frames: readonly Frame[];
  /** Metre changes in order of `frame`; empty where the grid follows seconds, not beats. */
  readonly metres: readonly {
    /** First frame of the metre; 0 for the first entry of a piece. */
    readonly frame: number;
    /** Steps in a bar, at least 1, not always whole (a 3/8 bar at 1 step per beat has 1.5). */
    readonly stepsPerBar: number;
    /** Steps since the last bar line at `frame`, 0 (included) to `stepsPerBar` (excluded). */
    readonly phase: number;
    /** Time signature of the bars; where unknown, {@linkcode usualSignature} of their length. */
    readonly signature?: readonly [numerator: number, denominator: number];
    /**
     * Whether the first bar is an upbeat, however little it lacks, because the file writes it as
     * one.
     */
    readonly upbeat?: boolean;
  }[];
}

/** Music on the grid, without a name. */
export type Framed = Pick<Piece, "frames" | "metres">;

/** A metre that holds from a frame on, with the length of its bars in steps. */
export type Metre = Piece["metres"][number];

/** The time grid of frames. Fixed by the corpus; everything later reads it from there. */
export interface Grid {
  /** `beat`: a beat is a quarter note, whatever the tempo; `second`: frames of equal duration. */
  readonly unit: "beat" | "second";
  /** Steps per beat or frames per second, above 0. */
  readonly steps: number;
  /** Whether frames distinguish struck notes from held ones. */
  readonly attacks: boolean;
}
