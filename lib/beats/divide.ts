import { fewestChanges } from "../viterbi.ts";

/** A division of a beat into equal parts, and its cost: the log-likelihood of simpler ones. */
interface Division {
  readonly parts: number;
  readonly cost: number;
}

/** Divisions of beats in two, and of beats in three (compound metres). */
const SIMPLE: readonly Division[] = [
  { parts: 1, cost: 0 },
  { parts: 2, cost: 0.3 },
  { parts: 4, cost: 0.8 },
  { parts: 3, cost: 1.6 },
  { parts: 8, cost: 3 },
  { parts: 6, cost: 3 },
];
const COMPOUND: readonly Division[] = [
  { parts: 1, cost: 0 },
  { parts: 3, cost: 0.3 },
  { parts: 6, cost: 1.2 },
  { parts: 2, cost: 2.5 },
  { parts: 4, cost: 3 },
  { parts: 12, cost: 3.5 },
];

/** Deviation of onsets from their positions: seconds, and share of the beat. */
const SECONDS = 0.02, SHARE = 0.03;

/** Cost of two onsets on one position, and of a change from division by two to one by three. */
const MERGED = 2.5, CHANGED = 1;

/**
 * Quantises onsets to positions in beats: the division of each beat is the most likely one for all
 * its onsets together, given the spread of players' timing, the higher frequency of simple
 * divisions, and the similarity of neighbouring beats.
 * @param onsets in beats, ascending
 * @param secondsAt seconds of a beat's number, fractional
 * @param steps steps in a beat: only divisions of this number are considered
 * @param compound whether beats have three parts
 * @returns the step of each onset, counted from beat 0
 */
export function quantise(
  onsets: readonly number[],
  secondsAt: (beat: number) => number,
  steps: number,
  compound: boolean,
): number[] {
  if (onsets.length === 0) return [];
  const all = (compound ? COMPOUND : SIMPLE).filter(({ parts }) => steps % parts === 0);
  const first = Math.floor(onsets[0]!) - 1, last = Math.ceil(onsets.at(-1)!) + 1;
  const inBeat: number[][] = Array.from({ length: last - first }, () => []);
  // an onset just before a beat may belong to either; its place decides below
  for (const onset of onsets) inBeat[Math.floor(onset) - first]!.push(onset - Math.floor(onset));
  const likelihoods = inBeat.map((places, i) => {
    const seconds = Math.max(1e-3, secondsAt(first + i + 1) - secondsAt(first + i));
    const deviation = Math.hypot(SECONDS / seconds, SHARE);
    return all.map(({ parts, cost }) => {
      let sum = places.length === 0 ? 0 : -cost, before = -1;
      for (const place of places) {
        const at = Math.round(place * parts);
        sum -= 0.5 * ((place - at / parts) / deviation) ** 2;
        if (at === before) sum -= MERGED;
        before = at;
      }
      return sum;
    });
  });
  const isTernary = (k: number) => all[k]!.parts % 3 === 0;
  const isPlain = (k: number) => all[k]!.parts === 1;
  const path = fewestChanges(
    likelihoods,
    (a, b) => isPlain(a) || isPlain(b) || isTernary(a) === isTernary(b) ? 0 : CHANGED,
  );
  return onsets.map((onset) => {
    const beat = Math.floor(onset), { parts } = all[path[beat - first]!]!;
    return Math.round((beat + Math.round((onset - beat) * parts) / parts) * steps);
  });
}
