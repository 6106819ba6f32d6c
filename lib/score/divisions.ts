import { mean } from "../numbers.ts";
import { type Swing, swungDivision } from "./timing.ts";

/**
 * Equal parts of a beat on which notes can begin, or the parts of two voices with a division each.
 */
type Division = readonly number[];

/** Divisions of a plain beat, simplest first; of several exact ones the first is used. */
const PLAIN: readonly Division[] = [
  ...[[1], [2], [4], [3], [8], [6], [4, 3], [5], [4, 6], [8, 3], [7]],
];

/** Divisions of a plain beat used only where no simpler one is near. */
const FINE_PLAIN: readonly Division[] = [
  ...[[8, 6], [16], [12], [4, 5], [9], [10], [8, 5], [3, 5], [32], [24], [14], [20], [16, 6], [15]],
  ...[[10, 12], [12, 16], [16, 24], [8, 10]],
];

/** Divisions of a dotted beat: eighths are thirds of it. */
const DOTTED: readonly Division[] = [
  ...[[1], [3], [2], [6], [4], [12], [9], [6, 4], [6, 9], [5], [7]],
];

/** Divisions of a dotted beat used only where no simpler one is near. */
const FINE_DOTTED: readonly Division[] = [
  ...[[12, 9], [8], [24], [18], [15], [10], [14], [12, 18], [21], [27], [48], [36], [24, 9]],
  ...[[12, 15], [24, 18], [30], [45]],
];

/** Candidates for notes played off the beat, and the gain in beats that each division needs. */
const FREE = {
  plain: [[4, 0], [3, 0.02], [8, 0.03], [6, 0.04], [16, 0.08], [5, 0.08], [7, 0.1], [12, 0.1]],
  dotted: [[6, 0], [12, 0.03], [4, 0.03], [9, 0.04], [18, 0.08], [24, 0.08], [5, 0.08], [7, 0.1]],
} as const;

/**
 * Greatest probability that onsets between the quarters of a beat are on a division by chance if it
 * is to be chosen: in general, and where its parts are shorter than a player intends.
 */
const CHANCE = 0.1, RARE_CHANCE = 0.01;

/** Shortest part of a beat that a player intends, in seconds; and parts for each onset in a beat. */
const SHORTEST_SECONDS = 0.07, PARTS_FOR_EACH = 4 / 3;

/** Fewest onsets played in a quintuplet or septuplet. */
const LEAST_OF_ODD = 3;

/** Tolerance in beats around a step: the usual deviation of a player. */
const FITS = 1 / 42;

/** Cost in beats of merging two separate onsets. */
const TOGETHER = 0.3;

/** The beat to be divided. */
export interface Beat {
  /** Length in quarter notes. */
  readonly length: number;
  /** Whether it has three parts. */
  readonly isDotted: boolean;
  /** Tolerance in quarter notes for a note written exactly. */
  readonly exact: number;
  /** Half a tick, in quarter notes. */
  readonly resolution: number;
  /** Length in seconds. */
  readonly seconds: number;
  /** Whether the music is typed, at least for the most part. */
  readonly isTyped: boolean;
  /** Whether the notes around it were played: they meet a division by chance. */
  readonly isPlayed: boolean;
  /** Swing of its notes, if any. */
  readonly swing?: Swing | undefined;
  /** Quarter notes between onsets from which they are separate, not one chord. */
  readonly apart: number;
}

/**
 * The division of a beat: the simplest one with all onsets exactly on it, in two voices if need be;
 * otherwise the one that moves them least and keeps apart the separate onsets, among those that a
 * player can intend.
 * @param onsets of one hand, in quarter notes from the beginning of the beat
 */
export function divisionOf(onsets: readonly number[], beat: Beat): Division {
  const { length, isDotted, exact, resolution, isTyped, isPlayed, swing, apart } = beat;
  const places = onsets.map((onset) => onset / length);
  const between = places.filter((place) => distance(place, [isDotted ? 6 : 4]) * length > exact);
  const exactly = (divisions: readonly Division[], isFine: boolean) =>
    divisions.find((division) => {
      const finest = Math.max(...division), most = Math.min(exact, length / (4 * finest));
      const off = Math.max(...places.map((place) => distance(place, division) * length));
      if (off > most) return false;
      if (between.length === 0 || !isPlayed) return true;
      const chance = (2 * (off + resolution) * finest / length) ** between.length;
      const isQuick = isFine && beat.seconds < finest * SHORTEST_SECONDS;
      return chance <= (isQuick ? RARE_CHANCE : CHANCE);
    });
  const sorted = [...onsets].sort((a, b) => a - b);
  const most = Math.max(
    beat.seconds / SHORTEST_SECONDS,
    PARTS_FOR_EACH * onsets.length,
    isDotted ? 6 : 4,
  );
  const free = FREE[isDotted ? "dotted" : "plain"].filter(([steps]) =>
    !isPlayed || steps <= most && (onsets.length >= LEAST_OF_ODD || ![5, 7].includes(steps))
  ).map(([steps, cost]) => {
    const off = places.map((place) => distance(place, [steps]) * length);
    const at = (onset: number) => Math.round(onset / length * steps);
    const merged = sorted.slice(1).filter((onset, i) =>
      onset - sorted[i]! > apart && at(onset) === at(sorted[i]!)
    ).length;
    return {
      steps,
      isNear: merged === 0 && Math.max(...off) < Math.min(FITS, length / (5 * steps)),
      error: cost + mean(off) + TOGETHER * merged,
    };
  });
  const near = free.find(({ isNear }) => isNear);
  const swung = swing && !isDotted ? swungDivision(places, swing) : undefined;
  if (swung !== undefined) return [swung];
  return exactly(isDotted ? DOTTED : PLAIN, false) ?? (near && [near.steps]) ??
    (isTyped ? exactly(isDotted ? FINE_DOTTED : FINE_PLAIN, true) : undefined) ??
    [free.reduce((a, b) => b.error < a.error ? b : a).steps];
}

function distance(place: number, division: Division): number {
  return Math.min(...division.map((steps) => Math.abs(place - Math.round(place * steps) / steps)));
}

/** Position of an onset in a beat, 0 to 1, and its division. */
export function placeIn(
  place: number,
  division: Division,
): { readonly place: number; readonly division: number } {
  const options = division.map((steps) => ({
    place: Math.round(place * steps) / steps,
    division: steps,
  }));
  const best = options.reduce((a, b) =>
    Math.abs(b.place - place) < Math.abs(a.place - place) - 1e-9 ? b : a
  );
  const isShared = options.every((other) => Math.abs(other.place - best.place) < 1e-9);
  return options.length > 1 && isShared || best.place % 1 === 0 ? { ...best, division: 1 } : best;
}
