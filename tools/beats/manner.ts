import { gaussian, type Random } from "../../lib/random.ts";
import { median } from "../../lib/numbers.ts";
import type { Score } from "./score.ts";

/** Parameters of a performance, sampled for each one. Times in seconds. */
export interface Manner {
  /** Quarter notes per second, on average. */
  readonly speed: number;
  /** Amount of tempo variation: 0 plays to a click track. */
  readonly freedom: number;
  /**
   * Depth of a phrase's tempo arch, and of the ritardando at its end, in logarithms of beat
   * lengths.
   */
  readonly arch: number;
  readonly ritard: number;
  /** Standard deviations of the tempo's random walk per beat, and of each position in the bar. */
  readonly walk: number;
  readonly agogic: number;
  /** Probabilities that a phrase has a different tempo, and that it ends with a pause. */
  readonly sections: number;
  readonly pauses: number;
  /** Swing ratio, the position of the middle of a beat: 0.5 straight, 0.67 swing. */
  readonly swing: number;
  /** Standard deviations of onsets: of all simultaneous notes together, and of each note. */
  readonly eventJitter: number;
  readonly noteJitter: number;
  /** Lead of the melody, and lag of the other hand. */
  readonly lead: number;
  readonly lag: number;
  /** Share of arpeggiated chords, and their note on the beat: 0 first, 1 last. */
  readonly rolls: number;
  readonly anchor: number;
  /** Ratio of sounding to written duration, for several regions of the piece. */
  readonly articulation: readonly number[];
  /** Share of notes held by the pedal, and the quarter notes between its lifts. */
  readonly pedal: number;
  readonly lifts: number;
  /** Velocities: whether constant; mean; amounts of accents, melody emphasis, swells and noise. */
  readonly flat: boolean;
  readonly loud: number;
  readonly accent: number;
  readonly melody: number;
  readonly swell: number;
  readonly swells: number;
  readonly swellPhase: number;
  readonly uneven: number;
  /**
   * Shares of notes missed and invented by a transcription, and standard deviation of its onsets.
   */
  readonly missed: number;
  readonly invented: number;
  readonly heard: number;
}

/** Typical number of onsets per second, and the spread of tempos in logarithms. */
const ONSETS_PER_SECOND = 5, TEMPO_SPREAD = 0.3;

/** Range of the beat period in seconds. */
const LEAST_PERIOD = 0.2, MOST_PERIOD = 1.8;

/** Uniformly distributed random number between two limits. */
export function uniform(random: Random, low: number, high: number): number {
  return low + (high - low) * random.next();
}

/** Samples the parameters of a score's performance. */
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

/** Tempo between the file's and one suggested by its density, with a countable beat. */
function speedOf({ notes, beats, quartersPerSecond }: Score, random: Random): number {
  const onsets = [...new Set(notes.map(({ start }) => start))];
  const apart = median(onsets.slice(1).map((start, i) => start - onsets[i]!)) ?? 1;
  const dense = ONSETS_PER_SECOND * Math.max(0.05, apart);
  const speed = Math.sqrt(quartersPerSecond * dense) * Math.exp(TEMPO_SPREAD * gaussian(random));
  const beat = median(beats.slice(1).map(({ at }, i) => at - beats[i]!.at)) ?? 1;
  return Math.min(beat / LEAST_PERIOD, Math.max(beat / MOST_PERIOD, speed));
}
