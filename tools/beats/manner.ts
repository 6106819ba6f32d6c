import { gaussian, type Random } from "../../lib/random.ts";
import { median } from "../../lib/numbers.ts";
import type { Score } from "./score.ts";

/** How a performance is played; drawn anew for each. Times in seconds. */
export interface Manner {
  /** Quarter notes per second, on average. */
  readonly speed: number;
  /** How much of the tempo curve there is: 0 plays to a click. */
  readonly freedom: number;
  /** Depth of a phrase's arch, and slowing at its end, in logarithms of beat lengths. */
  readonly arch: number;
  readonly ritard: number;
  /** Deviation of the walk of the tempo from beat to beat, and of each place in the bar. */
  readonly walk: number;
  readonly agogic: number;
  /** Chance that a phrase has another tempo, and that it ends in a pause. */
  readonly sections: number;
  readonly pauses: number;
  /** Where the middle of a beat is played: 0.5 straight, 0.67 swing. */
  readonly swing: number;
  /** Deviation of onsets, all of a moment together and each note. */
  readonly eventJitter: number;
  readonly noteJitter: number;
  /** How far the melody is ahead, and the other hand behind. */
  readonly lead: number;
  readonly lag: number;
  /** Share of chords that are spread, and which of their notes is on the beat: 0 first, 1 last. */
  readonly rolls: number;
  readonly anchor: number;
  /** Sounding over written length, for some regions of the piece. */
  readonly articulation: readonly number[];
  /** Share of notes that the pedal holds, and the quarter notes between its lifts. */
  readonly pedal: number;
  readonly lifts: number;
  /** Velocities: all the same; mean; of accents, the melody, swells and chance. */
  readonly flat: boolean;
  readonly loud: number;
  readonly accent: number;
  readonly melody: number;
  readonly swell: number;
  readonly swells: number;
  readonly swellPhase: number;
  readonly uneven: number;
  /** Shares of notes that a transcription misses and invents, and deviation of what it hears. */
  readonly missed: number;
  readonly invented: number;
  readonly heard: number;
}

/** Onsets per second that players like, and how far tempi lie apart, in logarithms. */
const ONSETS_PER_SECOND = 5, TEMPO_SPREAD = 0.3;

/** Seconds between beats, from least to most. */
const LEAST_PERIOD = 0.2, MOST_PERIOD = 1.8;

/** A number between two. */
export function uniform(random: Random, low: number, high: number): number {
  return low + (high - low) * random.next();
}

/** Draws how a score is played. */
export function mannerOf(score: Score, random: Random): Manner {
  const u = (low: number, high: number) => uniform(random, low, high);
  const chance = (share: number) => random.next() < share;
  const freedom = [0, 0.3, 0.6, 1, 1, 1.3][random.below(6)]!;
  const tight = freedom === 0 ? 0.6 : 1, faulty = chance(0.4);
  return {
    speed: speedOf(score, random),
    freedom,
    ...{ arch: u(0, 0.14), ritard: u(0, 0.5), walk: u(0.01, 0.06), agogic: u(0, 0.04) },
    ...{ sections: chance(0.3) ? 0.25 : 0.03, pauses: freedom === 0 ? 0 : u(0, 0.12) * u(0, 1) },
    swing: chance(0.06) ? u(0.54, 0.68) : 0.5,
    ...{ eventJitter: tight * u(0.002, 0.014), noteJitter: tight * u(0.001, 0.01) },
    ...{ lead: u(0, 0.02), lag: gaussian(random) * 0.008 },
    ...{ rolls: chance(0.5) ? u(0, 0.2) : 0, anchor: chance(0.5) ? 0 : 1 },
    articulation: Array.from({ length: 5 }, () => chance(0.6) ? u(0.85, 1.12) : u(0.3, 0.85)),
    ...{ pedal: chance(0.3) ? u(0.3, 1) : 0, lifts: [1, 2, 4][random.below(3)]! },
    ...{ flat: chance(0.12), loud: u(45, 85), accent: u(-2, 12), melody: u(0, 18) },
    ...{ swell: u(0, 15), swells: u(1, 8), swellPhase: u(0, 6.3), uneven: u(2, 10) },
    ...{ missed: faulty ? u(0, 0.06) : 0, invented: faulty ? u(0, 0.04) : 0 },
    heard: faulty ? u(0, 0.01) : 0,
  };
}

/** A tempo between what the file says and what its density asks for, with beats that one can count. */
function speedOf({ notes, beats, quartersPerSecond }: Score, random: Random): number {
  const onsets = [...new Set(notes.map(({ start }) => start))];
  const apart = median(onsets.slice(1).map((start, i) => start - onsets[i]!)) ?? 1;
  const dense = ONSETS_PER_SECOND * Math.max(0.05, apart);
  const speed = Math.sqrt(quartersPerSecond * dense) * Math.exp(TEMPO_SPREAD * gaussian(random));
  const beat = median(beats.slice(1).map(({ at }, i) => at - beats[i]!.at)) ?? 1;
  return Math.min(beat / LEAST_PERIOD, Math.max(beat / MOST_PERIOD, speed));
}
