import { type Signature, usualSignature } from "../midi/metre.ts";
import type { ByPitch } from "../model/model.ts";
import { sum } from "../numbers.ts";
import type { Frame } from "../tokens/frame.ts";
import { encodeFrames, type GridNote } from "../tokens/grid.ts";
import type { Grid } from "../tokens/piece.ts";
import type { PlayedNote } from "../midi/music.ts";
import { pulseNear, pulsesOf, type TempoPrior } from "./rhythm.ts";

/** Positions of the steps and bar lines in a performance. */
export interface Pulse {
  /** Duration of a grid step in seconds. */
  readonly step: number;
  /** Start of its first bar, in seconds. */
  readonly origin: number;
  /** Steps in a bar, and in a beat: three eighths in 6/8. */
  readonly stepsPerBar: number;
  readonly stepsPerBeat: number;
  /** Steps in a quarter note. */
  readonly stepsPerQuarter: number;
}

/** Bar lengths considered, in quarter notes. */
const BARS = [4, 3] as const;

/**
 * Weight of the model's log-likelihood, and compensation for each frame, without which slow tempos
 * would seem likelier: the fewer frames, the fewer of them have a cost.
 */
const MODEL_WEIGHT = 0.026, FRAME_WEIGHT = 0.072;

/** Most frames judged by a model at the fastest pulse, from the beginning of a phrase. */
const JUDGED_FRAMES = 96;

/** Pulses whose rhythm is this much less likely than the best one's, in nats, are not judged. */
const HOPELESS = 1.5;

/**
 * The pulse of a performance. Of those that suit its rhythm, the one for which a model finds the
 * music likeliest (its notes, and their positions in the bar): half and double tempo differ in
 * little else. All are judged by the same seconds of music.
 * @param notes in any order, at least one
 * @param options.stepsPerBar where the metre is known
 * @param options.breathe is called between the parts of the work
 */
export async function pulseOf(
  notes: readonly PlayedNote[],
  prior: TempoPrior,
  { model, grid, stepsPerBar, breathe }: {
    readonly model: ByPitch;
    readonly grid: Grid;
    readonly stepsPerBar?: number | undefined;
    readonly breathe?: (() => Promise<void>) | undefined;
  },
): Promise<Pulse> {
  const three = 3 * grid.steps, isKnown = stepsPerBar !== undefined;
  const beat = isKnown && stepsPerBar !== three ? 1 : undefined;
  const all = pulsesOf(notes, prior, grid.steps, beat);
  const pulses = all.filter(({ score }) => score >= all[0]!.score - HOPELESS);
  const seconds = JUDGED_FRAMES * Math.min(...pulses.map(({ step }) => step));
  let best: { readonly pulse: Pulse; readonly weight: number } | undefined;
  for (const { step, origin, score, quartersPerBeat } of pulses) {
    await breathe?.();
    const isHalved = prior.isTapped && quartersPerBeat === 1.5;
    const bars = isKnown ? [stepsPerBar] : isHalved ? [three] : BARS.map((q) => q * grid.steps);
    const frames = framesAt(notes, { step, origin }, grid.attacks)
      .slice(0, Math.max(2, Math.round(seconds / step)));
    while (frames.length < 2) frames.push([]);
    const losses = model.judge(
      bars.map((stepsPerBar) => {
        return { name: "", frames, metres: [{ frame: 0, stepsPerBar, phase: 0 }] };
      }),
      1,
    );
    for (const [at, nats] of losses.entries()) {
      const weight = score + MODEL_WEIGHT * sum(nats) + FRAME_WEIGHT * nats.length;
      if (best && weight <= best.weight) continue;
      const stepsPerBeat = quartersPerBeat * grid.steps;
      const pulse = { step, origin, stepsPerBar: bars[at]!, stepsPerBeat };
      best = { pulse: { ...pulse, stepsPerQuarter: grid.steps }, weight };
    }
  }
  const { pulse } = best!;
  if (prior.isTapped) return pulse; // its beats are the tapped ones
  return { ...pulse, stepsPerBeat: (isCompound(notes, pulse) ? 1.5 : 1) * grid.steps };
}

/**
 * Whether bars of three quarters are halved (6/8) rather than in three (3/4): more and longer notes
 * begin in the middle than on the second and third quarter.
 */
function isCompound(
  notes: readonly PlayedNote[],
  { step, origin, stepsPerBar, stepsPerQuarter }: Omit<Pulse, "stepsPerBeat">,
): boolean {
  if (stepsPerBar !== 3 * stepsPerQuarter) return false;
  const seconds = new Float64Array(stepsPerBar);
  for (const { start, end } of notes) {
    const at = Math.round((start - origin) / step) % stepsPerBar;
    if (at >= 0) seconds[at]! += end - start;
  }
  return seconds[stepsPerBar / 2]! > seconds[stepsPerQuarter]! + seconds[2 * stepsPerQuarter]!;
}

/** A pulse fitted to more notes than it was estimated from, with the same metre. */
export function refined(pulse: Pulse, notes: readonly PlayedNote[]): Pulse {
  const { stepsPerQuarter, stepsPerBeat } = pulse;
  const quartersPerBeat = stepsPerBeat > stepsPerQuarter ? 1.5 : 1;
  const { step, origin } = pulseNear(notes, 60 / (pulse.step * stepsPerQuarter), {
    quartersPerBeat,
    stepsPerQuarter,
  });
  return { ...pulse, step, origin };
}

/** Time signature of a pulse. */
export function signatureOf(
  { stepsPerBar, stepsPerBeat, stepsPerQuarter }: Pick<
    Pulse,
    "stepsPerBar" | "stepsPerBeat" | "stepsPerQuarter"
  >,
): Signature {
  const quarters = stepsPerBar / stepsPerQuarter;
  return stepsPerBeat > stepsPerQuarter ? [2 * quarters, 8] : usualSignature(quarters);
}

/** The performed notes quantised to the steps of a pulse, from its origin on. */
export function framesAt(
  notes: readonly PlayedNote[],
  { step, origin }: Pick<Pulse, "step" | "origin">,
  attacks: boolean,
): Frame[] {
  const placed = notes.map(({ pitch, start, end }): GridNote => {
    const from = Math.max(0, Math.round((start - origin) / step));
    return { pitch, start: from, end: Math.max(from + 1, Math.round((end - origin) / step)) };
  });
  return encodeFrames(placed, attacks);
}

/** A metronome's pulse with the nearest bar line before a phrase. */
export function alignedTo(pulse: Pulse, first: number): Pulse {
  const bar = pulse.step * pulse.stepsPerBar;
  const bars = Math.floor((first - pulse.origin) / bar + 0.2);
  return { ...pulse, origin: pulse.origin + bars * bar };
}
