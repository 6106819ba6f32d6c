import { type Frame, isHeld, pitchOf } from "../tokens/frame.ts";
import type { Grid } from "../tokens/piece.ts";
import type { Combinations, TrainingMusic } from "./training.ts";

const OFF = 0, HELD_ON = 1, STRUCK = 2;

/**
 * Counts of off, held and struck for each pitch, conditional on whether it sounded in the frame
 * before: `pitches` × 2 × 3 counts, `counts[(pitch * 2 + soundedBefore) * 3 + state]` with the
 * states 0 off, 1 held, 2 struck (without attacks: sounds).
 */
type PitchCounts = readonly number[];

/**
 * Frame model with independent pitches. The probability of a frame is the product over all pitches;
 * the probabilities of all frames of the keyboard, given any previous frame, sum to one.
 */
export interface IndependentPitches {
  /** ln P(frame | previous frame), nats; −Infinity if a pitch is held that did not sound before. */
  logProbability(frame: Frame, previous: Frame): number;
  /** ln P(rest | previous frame), nats. */
  logProbabilityOfRest(previous: Frame): number;
  /** Odds of each code (0 to 255) relative to the rest, written into `odds`. */
  odds(previous: Frame, odds: Float64Array): void;
}

/**
 * Counts the pitch transitions from frame to frame in the training music.
 * @param pitches size of the keyboard; 128 except in tests
 */
export function countPitches(
  music: TrainingMusic,
  { pitches = 128 }: { pitches?: number } = {},
): PitchCounts {
  const counts = new Array<number>(pitches * 6).fill(0);
  // Count sounding pitches and all pairs of frames; the remainder is off.
  let pairs = 0;
  const soundedBefore = new Float64Array(pitches);
  for (const { offset, length } of music.pieces) {
    for (let position = offset + 1; position < offset + length; position++) {
      pairs++;
      const previous = music.vocabulary.frame(music.ids[position - 1]!);
      for (const code of previous) soundedBefore[pitchOf(code)]!++;
      for (const code of music.vocabulary.frame(music.ids[position]!)) {
        const pitch = pitchOf(code);
        counts[(pitch * 2 + sounds(previous, pitch)) * 3 + (isHeld(code) ? HELD_ON : STRUCK)]!++;
      }
    }
  }
  for (let pitch = 0; pitch < pitches; pitch++) {
    for (let before = 0; before < 2; before++) {
      const cell = (pitch * 2 + before) * 3;
      const all = before === 1 ? soundedBefore[pitch]! : pairs - soundedBefore[pitch]!;
      counts[cell] = all - counts[cell + HELD_ON]! - counts[cell + STRUCK]!;
    }
  }
  return counts;
}

/**
 * Independent pitches conditional on whether each sounded in the frame before: add-one estimates
 * (Laplace) over the possible states (held only after sounding, and only with attacks).
 */
export function pitchTransitions(counts: PitchCounts, grid: Grid): IndependentPitches {
  const logs = new Float64Array(counts.length);
  for (let cell = 0; cell < counts.length; cell += 3) {
    const held = grid.attacks && cell % 6 === 3;
    const all = counts[cell]! + (held ? counts[cell + HELD_ON]! : 0) + counts[cell + STRUCK]!;
    for (let state = 0; state < 3; state++) {
      logs[cell + state] = state === HELD_ON && !held
        ? -Infinity
        : Math.log((counts[cell + state]! + 1) / (all + (held ? 3 : 2)));
    }
  }
  return independentPitches(logs);
}

/**
 * Independent pitches with their marginal frequencies in the training music: add-one estimates of
 * off, held and struck. A pitch that did not sound in the previous frame cannot be held: off and
 * struck are then rescaled to sum to one.
 */
export function pitchFrequencies(counts: PitchCounts, grid: Grid): IndependentPitches {
  const logs = new Float64Array(counts.length);
  for (let cell = 0; cell < counts.length; cell += 6) {
    const states = [0, 1, 2].map((state) => counts[cell + state]! + counts[cell + 3 + state]! + 1);
    if (!grid.attacks) states[HELD_ON] = 0;
    for (let before = 0; before < 2; before++) {
      if (before === 0) logs[cell + HELD_ON] = -Infinity;
      const all = states[OFF]! + states[STRUCK]! + (before === 1 ? states[HELD_ON]! : 0);
      for (let state = 0; state < 3; state++) {
        if (before === 0 && state === HELD_ON) continue;
        logs[cell + before * 3 + state] = Math.log(states[state]! / all);
      }
    }
  }
  return independentPitches(logs);
}

function independentPitches(logs: Float64Array): IndependentPitches {
  const pitches = logs.length / 6;
  let restAfterRest = 0;
  for (let pitch = 0; pitch < pitches; pitch++) restAfterRest += logs[pitch * 6 + OFF]!;

  function logProbabilityOfRest(previous: Frame): number {
    let sum = restAfterRest;
    for (const code of previous) {
      const cell = pitchOf(code) * 6;
      sum += logs[cell + 3 + OFF]! - logs[cell + OFF]!;
    }
    return sum;
  }

  return {
    logProbabilityOfRest,
    logProbability(frame, previous) {
      let sum = logProbabilityOfRest(previous);
      for (const code of frame) {
        const pitch = pitchOf(code);
        const cell = (pitch * 2 + sounds(previous, pitch)) * 3;
        sum += logs[cell + (isHeld(code) ? HELD_ON : STRUCK)]! - logs[cell + OFF]!;
      }
      return sum;
    },
    odds(previous, odds) {
      for (let pitch = 0; pitch < pitches; pitch++) {
        const cell = (pitch * 2 + sounds(previous, pitch)) * 3;
        odds[pitch] = Math.exp(logs[cell + STRUCK]! - logs[cell + OFF]!);
        odds[pitch + 128] = Math.exp(logs[cell + HELD_ON]! - logs[cell + OFF]!);
      }
    },
  };
}

/** Whether the pitch sounds in the frame, struck or held: 1 or 0. */
function sounds(frame: Frame, pitch: number): 0 | 1 {
  for (const code of frame) if (pitchOf(code) === pitch) return 1;
  return 0;
}

/**
 * Total probability of all known combinations under independent pitches, for any previous frame.
 * The combinations form a tree (each one's parent lacks its highest note), so that one
 * multiplication per node suffices.
 */
export function knownMass(
  vocabulary: Combinations,
  pitches: IndependentPitches,
): (previous: Frame) => number {
  const children: Map<number, number>[] = [new Map()];
  const parents = [0], codes = [0], ends = [0];
  for (let id = 0; id < vocabulary.size; id++) {
    let node = 0;
    for (const code of vocabulary.frame(id)) {
      let child = children[node]!.get(code);
      if (child === undefined) {
        child = children.length;
        children.push(new Map());
        parents.push(node);
        codes.push(code);
        ends.push(0);
        children[node]!.set(code, child);
      }
      node = child;
    }
    ends[node] = 1;
  }
  const parent = Int32Array.from(parents), code = Uint8Array.from(codes);
  const end = Uint8Array.from(ends);
  const weight = new Float64Array(parent.length);
  const odds = new Float64Array(256);
  const masses = new Map<string, number>();
  return (previous) => {
    const key = String.fromCharCode(...previous);
    const known = masses.get(key);
    if (known !== undefined) return known;
    pitches.odds(previous, odds);
    weight[0] = Math.exp(pitches.logProbabilityOfRest(previous));
    let mass = end[0] === 1 ? weight[0] : 0;
    for (let node = 1; node < weight.length; node++) {
      const here = weight[parent[node]!]! * odds[code[node]!]!;
      weight[node] = here;
      if (end[node] === 1) mass += here;
    }
    masses.set(key, mass);
    return mass;
  };
}
