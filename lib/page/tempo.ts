import { alignedTo, type Pulse } from "./pulse.ts";
import type { PlayedNote } from "../midi/music.ts";
import type { TempoPrior } from "./rhythm.ts";

/** Usual tempo of music, in quarter notes per minute. */
const USUAL = 100;

/** Spread of a tempo estimate before the first phrase, after one, and after a correction. */
const SPREAD = { first: 0.25, later: 0.08, corrected: 0.05 } as const;

/** Range of corrected tempos, per minute. */
const SLOWEST = 30, FASTEST = 260;

/** A correction of the tempo: by a factor, or to the beats per minute that a person tapped. */
export type TempoCorrection = { readonly times: number } | { readonly beatsPerMinute: number };

/** Pulse of a metronome: the tempo and the metre that a duet shows, unless another one was chosen. */
export function metronomeFor(
  { beatsPerMinute, pulse, settings }: {
    readonly beatsPerMinute: number;
    readonly pulse: Pulse | undefined;
    readonly settings: { readonly stepsPerBar?: number | undefined };
  },
  origin: number,
  stepsPerQuarter: number,
): Pulse {
  const stepsPerBar = settings.stepsPerBar ?? pulse?.stepsPerBar ?? 4 * stepsPerQuarter;
  const stepsPerBeat = stepsPerBar === pulse?.stepsPerBar ? pulse.stepsPerBeat : stepsPerQuarter;
  const step = 60 / beatsPerMinute / stepsPerBeat;
  return { step, origin, stepsPerBar, stepsPerBeat, stepsPerQuarter };
}

/** Tempo expected of the next phrase. */
export class Tempo {
  /** Pulse of a metronome that is switched on; none after a correction, until it begins anew. */
  metronome: Pulse | undefined;
  #prior: TempoPrior;

  /** @param ofCorpus tempo of the model's music, near which people play, but not only */
  constructor(ofCorpus: number) {
    this.#prior = { beatsPerMinute: Math.sqrt(USUAL * ofCorpus), spread: SPREAD.first };
  }

  /** Pulse of a phrase where it is known, with the nearest bar line before its first note. */
  knownFor(notes: readonly PlayedNote[]): Pulse | undefined {
    return this.metronome && alignedTo(this.metronome, notes[0]!.start);
  }

  get prior(): TempoPrior {
    return this.#prior;
  }

  correct(to: TempoCorrection): void {
    const { beatsPerMinute: before, isTapped = false } = this.#prior;
    const asked = "times" in to ? before * to.times : to.beatsPerMinute;
    this.#prior = {
      beatsPerMinute: Math.max(SLOWEST, Math.min(FASTEST, asked)),
      spread: SPREAD.corrected,
      isTapped: isTapped || "beatsPerMinute" in to,
    };
    this.metronome = undefined;
  }

  /** Adopts the tempo of an answered phrase. */
  adopt({ step, stepsPerQuarter }: Pulse): void {
    this.#prior = { beatsPerMinute: 60 / (step * stepsPerQuarter), spread: SPREAD.later };
  }

  /** Widens the estimate: the answer was interrupted at once. */
  doubt(): void {
    this.#prior = { ...this.#prior, spread: SPREAD.first };
  }
}
