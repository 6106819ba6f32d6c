import type { CorpusStyle } from "../corpus/corpus.ts";
import { writeMidi } from "../midi/write.ts";
import type { Frame } from "../tokens/frame.ts";
import { decodeFrames } from "../tokens/grid.ts";
import type { Grid } from "../tokens/piece.ts";

/** How long one step of a grid is in a MIDI file, and at what tempo. */
export interface StepTiming {
  readonly ticksPerStep: number;
  readonly ticksPerBeat: number;
  readonly beatsPerMinute: number;
}

/** Ticks in a beat are the multiple of the grid's steps that is nearest above this. */
const LEAST_TICKS_PER_BEAT = 480;

/**
 * Timing that gives a corpus its own tempo back: on a grid in beats its median tempo; on one in
 * seconds, 120 beats per minute with half the frames of a second in a beat.
 */
export function stepTiming(grid: Grid, beatsPerMinute: number): StepTiming {
  const stepsPerBeat = grid.unit === "beat" ? grid.steps : grid.steps / 2;
  const ticksPerStep = 2 * Math.ceil(LEAST_TICKS_PER_BEAT / stepsPerBeat / 2); // even: half a step per beat may be left
  return {
    ticksPerStep,
    ticksPerBeat: ticksPerStep * stepsPerBeat,
    beatsPerMinute: grid.unit === "beat" ? beatsPerMinute : 120,
  };
}

/** Seconds that one frame lasts. */
export function secondsPerFrame(grid: Grid, beatsPerMinute: number): number {
  return grid.unit === "beat" ? 60 / beatsPerMinute / grid.steps : 1 / grid.steps;
}

/**
 * Frames as a MIDI file: one piano track in the corpus's tempo and metre, held notes as one note.
 * Rests before the first note are left out, so that the music starts at once.
 * @param velocity of every note, 1 to 127
 * @param name of the piece, written into the file
 */
export function framesToMidi(
  frames: readonly Frame[],
  { tokenize: { grid }, beatsPerMinute, timeSignature }: CorpusStyle,
  velocity: number,
  name: string,
): Uint8Array {
  const first = Math.max(0, frames.findIndex((frame) => frame.length > 0));
  const music = frames.slice(first);
  const { ticksPerStep, ...timing } = stepTiming(grid, beatsPerMinute);
  const [numerator, denominator] = timeSignature;
  return writeMidi({
    ...timing,
    notes: decodeFrames(music, grid.attacks).map(({ pitch, start, end }) => ({
      pitch,
      velocity,
      startTicks: start * ticksPerStep,
      endTicks: end * ticksPerStep,
    })),
    timeSignature: { numerator, denominator },
    name,
    endTicks: music.length * ticksPerStep,
  });
}
