import type { ByPitch } from "../model/model.ts";
import type { Frame } from "../tokens/frame.ts";
import type { Framed, Grid, Metre } from "../tokens/piece.ts";
import { framesAt, type Pulse, pulseOf, refined, signatureOf } from "./pulse.ts";
import type { PlayedNote } from "../midi/music.ts";
import type { TempoPrior } from "./rhythm.ts";

/** A phrase as played, with known properties. */
export interface PlayedPhrase {
  /** At least one. */
  readonly notes: readonly PlayedNote[];
  /** The pulse where it is known. */
  readonly pulse?: Pulse | undefined;
  /** The pulse of its first notes, to be refined; otherwise it is estimated from the prior. */
  readonly near?: Pulse | undefined;
  readonly prior: TempoPrior;
  /** Steps per bar where they are known. */
  readonly stepsPerBar?: number | undefined;
  /** Earliest start of an answer, in seconds. */
  readonly earliest: number;
  /** Whether an answer must start on a bar line. */
  readonly onBar: boolean;
  /** Music of both players before the phrase. */
  readonly before: Framed;
}

/** A phrase on the grid. */
export interface HeardPhrase {
  readonly pulse: Pulse;
  /** Start of the answer in seconds: on a beat, or the bar line after it. */
  readonly due: number;
  /** The preceding music, and the phrase up to the answer; its last bar may be short. */
  readonly past: Framed;
  /** Number of the last bars that form the phrase. */
  readonly phraseBars: number;
}

/**
 * Estimates the pulse of a phrase, quantises it to the grid, and schedules its answer.
 * @param breathe is called between the steps of an estimate
 */
export async function heardPhrase(
  { notes, prior, stepsPerBar, earliest, onBar, before, pulse: known, near }: PlayedPhrase,
  model: ByPitch,
  grid: Grid,
  breathe?: () => Promise<void>,
): Promise<HeardPhrase> {
  const pulse = known ??
    (near
      ? refined(near, notes)
      : await pulseOf(notes, prior, { model, grid, stepsPerBar, breathe }));
  const { step, origin, stepsPerBar: bar } = pulse;
  const due = onBar ? lineAt(pulse, earliest) : beatAt(pulse, earliest);
  const steps = Math.round((due - origin) / step);
  const frames: Frame[] = framesAt(notes, pulse, grid.attacks).slice(0, steps);
  while (frames.length < steps) frames.push([]);
  const from = before.frames.length, short = steps % bar;
  const metres: Metre[] = [
    ...before.metres.filter(({ frame }) => frame < from),
    ...steps >= bar ? [{ frame: from, ...metreOf(pulse) }] : [],
    ...short > 0 ? [{ frame: from + steps - short, stepsPerBar: short, phase: 0 }] : [],
  ];
  return {
    pulse,
    due,
    past: { frames: [...before.frames, ...frames], metres },
    phraseBars: Math.ceil(steps / bar),
  };
}

/** Metre of whole bars; its time signature where that is not the usual one of its length. */
export function metreOf(pulse: Pulse): Omit<Metre, "frame"> {
  const signature = signatureOf(pulse), { stepsPerBar } = pulse;
  return { stepsPerBar, phase: 0, ...(signature[1] === 8 ? { signature } : {}) };
}

/** First bar line at or after a given time, at least a bar after the beginning. */
function lineAt({ step, origin, stepsPerBar }: Pulse, earliest: number): number {
  const bars = Math.ceil((earliest - origin) / step / stepsPerBar - 1e-6);
  return origin + Math.max(1, bars) * stepsPerBar * step;
}

/** First beat at or after a given time; the bar line where that is at most a beat later. */
export function beatAt(pulse: Pulse, earliest: number): number {
  const { step, origin, stepsPerBeat } = pulse;
  const beats = Math.ceil((earliest - origin) / step / stepsPerBeat - 1e-6);
  const beat = origin + Math.max(1, beats) * stepsPerBeat * step, line = lineAt(pulse, beat);
  return line - beat <= stepsPerBeat * step * 1.01 ? line : beat;
}

/** The music before an answer, and the first steps of the answer; its last bar may be short. */
export function withAnswer(
  past: Framed,
  answer: Framed["frames"],
  pulse: Pulse,
  steps: number,
): Framed {
  const heard = answer.slice(0, Math.max(0, steps)), from = past.frames.length;
  const { stepsPerBar: bar } = pulse;
  const short = heard.length % bar;
  return {
    frames: [...past.frames, ...heard],
    metres: [
      ...past.metres,
      ...heard.length >= bar ? [{ frame: from, ...metreOf(pulse) }] : [],
      ...short > 0 ? [{ frame: from + heard.length - short, stepsPerBar: short, phase: 0 }] : [],
    ],
  };
}
