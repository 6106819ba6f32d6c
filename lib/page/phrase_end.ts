import type { Hands } from "./hands.ts";
import type { HeardPhrase } from "./phrase.ts";

/** Silence that ends a phrase: a beat, limited to this range in seconds. */
const PAUSE = { least: 0.35, most: 1.2, unknown: 0.4 } as const;

/** Pauses of silence needed under a held pedal. */
const PEDAL_PAUSES = 3;

/** Shortest delay of an answer after a hand-over, in seconds. */
export const SOONEST = 0.06;

/**
 * Least bars of a phrase, and age of its last note as a share of a bar, for it to end at a bar
 * line.
 */
const FULL_PHRASE = { bars: 2, share: 0.35 } as const;

/** Silence in seconds that ends a phrase with a given beat. */
export function pauseOf(beat: number | undefined): number {
  if (beat === undefined) return PAUSE.unknown;
  return Math.max(PAUSE.least, Math.min(PAUSE.most, beat));
}

/** Whether a phrase is over: nothing has sounded for a pause, or longer under a held pedal. */
export function isOver(hands: Hands, beat: number | undefined, now: number): boolean {
  const pause = pauseOf(beat);
  return hands.isUp && now >= hands.lastOff + (hands.isSilent ? pause : PEDAL_PAUSES * pause);
}

/** Whether a phrase has just filled its bars. */
export function isFull(
  { due, pulse: { step, stepsPerBar, origin } }: Pick<HeardPhrase, "due" | "pulse">,
  hands: Hands,
  now: number,
): boolean {
  const bar = step * stepsPerBar;
  return now >= due - 2 * SOONEST && now < due - SOONEST / 3 &&
    due - origin > (FULL_PHRASE.bars - 0.5) * bar &&
    due - hands.lastOnset >= FULL_PHRASE.share * bar;
}
