import type { Frame } from "./frame.ts";

/** A piece of music on the grid. */
export interface Piece {
  /** Where it came from: the path of the MIDI file, relative to the folder that was read. */
  readonly name: string;
  /** One frame per step, in order. */
  readonly frames: readonly Frame[];
  /** Metre changes in order of `frame`; empty where the grid follows seconds, not beats. */
  readonly metres: readonly {
    /** The first frame that this metre holds for; the first entry of a piece has 0. */
    readonly frame: number;
    /** Steps in a bar, at least 1, not always whole (a 3/8 bar at 1 step per beat has 1.5). */
    readonly stepsPerBar: number;
    /** Steps since the last bar line at `frame`, 0 (included) to `stepsPerBar` (excluded). */
    readonly phase: number;
    /** What the bars are written in; where it is not known, {@linkcode usualSignature} of their length. */
    readonly signature?: readonly [numerator: number, denominator: number];
    /** Whether the first bar is an upbeat however little it lacks, since the file writes it as one. */
    readonly upbeat?: boolean;
  }[];
}

/** Music on the grid, whatever it is called. */
export type Framed = Pick<Piece, "frames" | "metres">;

/** From a frame on, a bar has so many steps. */
export type Metre = Piece["metres"][number];

/** How time is cut into frames. Fixed by the corpus; everything later reads it from there. */
export interface Grid {
  /** `beat`: a beat is a quarter note, whatever the tempo; `second`: frames of equal duration. */
  readonly unit: "beat" | "second";
  /** Steps per beat or frames per second, above 0. */
  readonly steps: number;
  /** Whether frames tell struck notes from held ones. */
  readonly attacks: boolean;
}
