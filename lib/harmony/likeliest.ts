import { sum } from "../numbers.ts";
import { likeliestPath } from "../viterbi.ts";
import type { ChordBeat, Heard } from "./evidence.ts";
import {
  BASS_LOGS,
  chordLogsIn,
  classLogsIn,
  FOUND_CHORDS,
  MOVE_LOGS,
  NEUTRAL_MOVE_LOG,
  NO_CHORD_LOG,
} from "./priors.ts";

/** State of no chord; those before it are {@linkcode FOUND_CHORDS}. */
export const NO_CHORD: number = FOUND_CHORDS.length;

const STATES = NO_CHORD + 1;

/** Probability of a chord change on a beat of each metrical weight. */
const CHANGES = [0.04, 0.14, 0.3, 0.55];

/** Weights of the likelihoods of notes and basses: those of one beat are not independent. */
const CLASS_WEIGHT = 3.5, BASS_WEIGHT = 0.6;

/** Exponent by which the evidence of a beat grows with how much sounds in it. */
const LOUDNESS = 0.65;

/** Penalties in nats for a chord in a beat without notes, and for no chord in one with notes. */
const SILENT_CHORD = 1, SOUNDING_NONE = 6;

/**
 * Finds the likeliest state of each beat.
 * @param weights metrical ones
 * @param keys places among `KEYS`
 */
export function likeliestStates(
  heard: readonly Heard[],
  weights: readonly ChordBeat["weight"][],
  keys: readonly number[],
): number[] {
  return likeliestPath(weights.length, STATES, (before, at, { scores, from }) => {
    const key = keys[at]!, own = likelihoods(heard[at]!, key), usual = chordLogsIn(key);
    const changes = at === 0 ? 1 : CHANGES[weights[at]!]!;
    const change = Math.log(changes), stay = Math.log(1 - changes);
    const leaders = leadersByRoot(before);
    for (let state = 0; state < STATES; state++) {
      let best = before[state]! + stay, choice = state;
      for (let root = 0; root < leaders.length; root++) {
        const leader = leaders[root]!;
        if (leader === state && at > 0) continue;
        const move = leader === NO_CHORD || state === NO_CHORD
          ? NEUTRAL_MOVE_LOG
          : MOVE_LOGS[(state - root + 12) % 12]!;
        const reached = before[leader]! + change + (at > 0 ? move : 0) +
          (usual[state] ?? NO_CHORD_LOG);
        if (reached <= best) continue;
        best = reached;
        choice = leader;
      }
      scores[state] = own[state]! + best;
      from[state] = choice;
    }
  });
}

/** Best state of each of the twelve roots, and the state without a chord. */
function leadersByRoot(scores: Float64Array): Int16Array {
  const leaders = new Int16Array(13);
  for (let root = 0; root < 12; root++) {
    leaders[root] = root;
    for (let state = root; state < NO_CHORD; state += 12) {
      if (scores[state]! > scores[leaders[root]!]!) leaders[root] = state;
    }
  }
  leaders[12] = NO_CHORD;
  return leaders;
}

/** Weighted log-likelihood of a beat's evidence in each state. */
function likelihoods({ classes, bass }: Heard, key: number): Float64Array<ArrayBuffer> {
  const all = sum(classes), logs = new Float64Array(STATES).fill(-SILENT_CHORD);
  logs[NO_CHORD] = 0;
  if (all === 0) return logs;
  const weight = CLASS_WEIGHT * all ** (LOUDNESS - 1);
  const classLogs = classLogsIn(key);
  let best = -Infinity;
  for (let state = 0; state < NO_CHORD; state++) {
    const own = classLogs[state]!;
    let fit = 0;
    for (let one = 0; one < 12; one++) fit += classes[one]! * own[one]!;
    logs[state] = weight * fit +
      (bass === undefined ? 0 : BASS_WEIGHT * BASS_LOGS[state]![bass % 12]!);
    best = Math.max(best, logs[state]!);
  }
  logs[NO_CHORD] = best - SOUNDING_NONE;
  return logs;
}
