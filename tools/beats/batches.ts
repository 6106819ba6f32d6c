import { eventsOf } from "../../lib/beats/events.ts";
import { beatFeatures, INPUTS } from "../../lib/beats/features.ts";
import type { Random } from "../../lib/random.ts";
import { countBefore } from "../../lib/search.ts";
import { type Performance, play } from "./play.ts";
import type { KnownPassage } from "./scale.ts";
import type { Score } from "./score.ts";

/** Events per training passage. */
export const PASSAGE = 256;

/** Maximum number of passages per performance, and how often each is used. */
const MOST_PASSAGES = 8, USES = 3;

/** Minimum number of beats of a performance. */
const LEAST_BEATS = 8;

/** Maximum distance of a beat from its event, in seconds. */
const NEAR = 0.06;

/** Training examples: inputs of the network for each event, and their targets. */
export interface Examples extends KnownPassage {
  /** [events, INPUTS]. */
  readonly rows: Float32Array;
  /** 1 where there is a beat, and where a bar begins. */
  readonly beat: Uint8Array;
  readonly downbeat: Uint8Array;
  /** Seconds between beats. */
  readonly period: Float32Array;
}

/** Training examples of a performance. */
export function examplesOf({ notes, beats }: Performance): Examples {
  const events = eventsOf(notes), { size, time } = events;
  const beat = new Uint8Array(size), downbeat = new Uint8Array(size);
  for (const { time: at, place } of beats) {
    let i = countBefore(size, (k) => time[k]! < at);
    if (i > 0 && (i === size || at - time[i - 1]! < time[i]! - at)) i--;
    if (Math.abs(time[i]! - at) > NEAR) continue;
    beat[i] = 1;
    if (place === 0) downbeat[i] = 1;
  }
  const period = new Float32Array(size), known = new Uint8Array(size);
  const gapAt = (k: number) => {
    const i = Math.min(beats.length - 2, Math.max(0, k));
    return beats[i + 1]!.time - beats[i]!.time;
  };
  for (let i = 0, k = 0; i < size; i++) {
    while (k + 1 < beats.length && beats[k + 1]!.time <= time[i]! + NEAR) k++;
    period[i] = Math.max(0.05, 0.25 * gapAt(k - 1) + 0.5 * gapAt(k) + 0.25 * gapAt(k + 1));
    known[i] = time[i]! > beats[0]!.time - 1 && time[i]! < beats.at(-1)!.time + 1 ? 1 : 0;
  }
  return { rows: beatFeatures(events), beat, downbeat, period, known };
}

/**
 * Endless sequence of passages of {@linkcode PASSAGE} events from random scores, each in a new
 * performance.
 */
export function* passages(
  scores: readonly Score[],
  random: Random,
  weightOf: (score: Score) => number,
): Generator<Examples> {
  const sums: number[] = [];
  scores.forEach((score, i) => sums.push((sums[i - 1] ?? 0) + weightOf(score)));
  const pool: { examples: Examples; left: number }[] = [];
  while (true) {
    while (pool.length < 256) {
      const at = random.next() * sums.at(-1)!;
      const score = scores[countBefore(sums.length, (i) => sums[i]! <= at)]!;
      const performance = play(excerpt(score, random), random);
      if (performance.beats.length < LEAST_BEATS) continue;
      const all = examplesOf(performance), size = all.beat.length;
      const first = size > 2 * PASSAGE ? random.below(PASSAGE) : 0;
      for (
        let from = first, n = 0;
        n < MOST_PASSAGES && (from === first || from + PASSAGE <= size);
        n++
      ) {
        pool.push({ examples: passageOf(all, from), left: USES });
        from += PASSAGE;
      }
    }
    const index = random.below(pool.length), taken = pool[index]!;
    yield taken.examples;
    if (--taken.left === 0) {
      pool[index] = pool.at(-1)!;
      pool.pop();
    }
  }
}

/**
 * Excerpt of a score with a limited number of notes, starting at a bar line, so that performing it
 * is quick.
 */
export function excerpt(score: Score, random: Random, most = 3000): Score {
  const { notes, beats } = score;
  if (notes.length <= most) return score;
  const start = notes[random.below(notes.length - most)]!.start;
  const from = beats.findLast(({ at, place }) => at <= start && place === 0)?.at ?? beats[0]!.at;
  const some = notes.filter(({ start }) => start >= from - 1e-6).slice(0, most);
  const end = some.at(-1)!.start;
  return {
    ...score,
    notes: some.map((note) => ({
      ...note,
      start: Math.max(0, note.start - from),
      end: note.end - from,
    })),
    beats: beats.filter(({ at }) => at >= from && at <= end).map((beat) => ({
      ...beat,
      at: beat.at - from,
    })),
  };
}

function passageOf(all: Examples, from: number): Examples {
  const to = Math.min(all.beat.length, from + PASSAGE);
  const part = <T extends Uint8Array | Float32Array>(
    values: T,
    width: number,
    into: T,
  ): T => {
    into.set(values.subarray(from * width, to * width));
    return into;
  };
  return {
    rows: part(all.rows, INPUTS, new Float32Array(PASSAGE * INPUTS)),
    beat: part(all.beat, 1, new Uint8Array(PASSAGE)),
    downbeat: part(all.downbeat, 1, new Uint8Array(PASSAGE)),
    period: part(all.period, 1, new Float32Array(PASSAGE).fill(1)),
    known: part(all.known, 1, new Uint8Array(PASSAGE)),
  };
}
