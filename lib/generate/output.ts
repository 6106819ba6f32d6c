import type { CorpusStyle } from "../corpus/corpus.ts";
import { quartersIn, type Signature, usualSignature } from "../midi/metre.ts";
import { writeMidi } from "../midi/write.ts";
import { barsOf, stepsPerBeat } from "../tokens/bars.ts";
import { slice } from "../tokens/excerpt.ts";
import { decodeFrames } from "../tokens/grid.ts";
import type { Framed, Grid } from "../tokens/piece.ts";
import { applyTouch } from "../touch/perform.ts";

/** Length of one step of a grid in a MIDI file, and the tempo. */
interface StepTiming {
  readonly ticksPerStep: number;
  readonly ticksPerBeat: number;
  readonly beatsPerMinute: number;
}

/**
 * Lower bound of the ticks per beat, which are the nearest multiple of the grid's steps above it.
 */
const LEAST_TICKS_PER_BEAT = 480;

/**
 * Timing that restores a corpus's tempo: on a grid in beats its median tempo; on one in seconds,
 * 120 beats per minute with half a second's frames in each beat.
 */
export function stepTiming(grid: Grid, beatsPerMinute: number): StepTiming {
  const steps = stepsPerBeat(grid);
  const ticksPerStep = 2 * Math.ceil(LEAST_TICKS_PER_BEAT / steps / 2); // even: half a step per beat may be left
  return {
    ticksPerStep,
    ticksPerBeat: ticksPerStep * steps,
    beatsPerMinute: grid.unit === "beat" ? beatsPerMinute : 120,
  };
}

/** Duration of one frame in seconds. */
export function secondsPerFrame(grid: Grid, beatsPerMinute: number): number {
  return grid.unit === "beat" ? 60 / beatsPerMinute / grid.steps : 1 / grid.steps;
}

/** Settings for writing a piece. */
interface Writing {
  /** Grid of the frames. */
  readonly grid: Grid;
  /** Tempo; 120 on a grid in seconds. */
  readonly beatsPerMinute: number;
  /** The corpus's time signature, used for metres of its length. */
  readonly timeSignature: readonly [numerator: number, denominator: number];
  /** Mean velocity of the notes, 1 to 127. */
  readonly velocity: number;
  /** Expressiveness of the performance, see {@linkcode applyTouch}. Default 0: as typed. */
  readonly touch?: number;
  /** The corpus's style: its performance model, and whether its pedal lengthens notes. */
  readonly style?: Pick<CorpusStyle, "touch" | "tokenize">;
  /** Chord symbols by the frame on which they begin. Default: none. */
  readonly chords?: readonly { readonly frame: number; readonly symbol: string }[];
  /** Name of the piece, written to the file. */
  readonly name: string;
}

/**
 * A piece as a MIDI file: one piano track, its own metres, each held note as one note. Bars of rest
 * before the first note are left out.
 */
export function pieceToMidi(
  piece: Framed,
  { grid, beatsPerMinute, timeSignature, velocity, touch = 0, style, chords = [], name }: Writing,
): Uint8Array {
  const { frames, phase, metres } = fromFirstBar(piece, grid);
  const first = piece.frames.length - frames.length;
  const { ticksPerStep, ...timing } = stepTiming(grid, beatsPerMinute);
  const ticksAt = (step: number) => Math.round((step + phase) * ticksPerStep);
  const signatures = metres.map(({ frame, stepsPerBar, signature }, index) => {
    const [numerator, denominator] = signature ??
      signatureOf(stepsPerBar / grid.steps, timeSignature);
    return { ticks: index === 0 ? 0 : ticksAt(frame), numerator, denominator };
  });
  const [numerator, denominator] = timeSignature;
  const { tempos, ...played } = applyTouch(decodeFrames(frames, grid.attacks), {
    ...timing,
    grid,
    metres: metres.map((metre, index) => index === 0 ? { ...metre, phase } : metre),
    ticksAt,
    velocity,
    strength: touch,
    style: style?.touch,
    pedal: !style?.tokenize.pedal, // where it lengthens notes, it would change how the file is read
  });
  return writeMidi({
    ...timing,
    ...played,
    tempoChanges: tempos,
    timeSignature: signatures[0] ?? { numerator, denominator },
    timeSignatureChanges: signatures.slice(1),
    chords: chords.filter(({ frame }) => frame >= first)
      .map(({ frame, symbol }) => ({ ticks: ticksAt(frame - first), symbol })),
    name,
    endTicks: ticksAt(frames.length),
  });
}

/**
 * The music from its first bar with notes on, and the steps of that bar before its first frame: an
 * upbeat is written as such, preceded by rests, so that bar lines fall where they belong.
 */
function fromFirstBar(
  piece: Framed,
  grid: Grid,
): Framed & { readonly phase: number } {
  const { frames, metres } = piece;
  const first = Math.max(0, frames.findIndex((frame) => frame.length > 0));
  if (metres.length === 0 || grid.unit !== "beat") {
    return { frames: frames.slice(first), phase: 0, metres: [] };
  }
  const bar = barsOf(metres, frames.length, grid).findLast(({ start }) => start <= first)!;
  return { ...slice(piece, bar.start), phase: bar.phase };
}

/** Time signature for a metre of so many beats: the corpus's, or else the usual one. */
function signatureOf(beats: number, corpus: Signature): Signature {
  return Math.abs(beats - quartersIn(corpus)) < 1e-9 ? corpus : usualSignature(beats);
}
