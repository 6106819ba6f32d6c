import { mean } from "../numbers.ts";
import { likeliestPath } from "../viterbi.ts";
import type { Salience } from "./salience.ts";

/** Result of a bar search. */
interface FoundBars {
  /** Whether each beat begins a bar. */
  readonly downbeat: readonly boolean[];
  /** Beats in the bar of each beat. */
  readonly inBar: readonly number[];
}

/** Bar lengths considered, in beats. */
const BAR_LENGTHS = [2, 3, 4] as const;

/** Window of two-beat bars judged together, and the fewest needed. */
const JOINED = 32, LEAST_JOINED = 4;

/** Parameters of the bar search: log-likelihood ratios and weights. */
const barCosts = {
  /** Change of the bar length. */
  change: 6,
  /** Bar line out of sequence. */
  skip: 6.5,
  /** Downbeat odds where there is no event. */
  silent: -0.7,
  /** Advantage of every other bar line from which bars of two are joined. */
  join: 0.15,
  /** Factor and offset applied to the log odds of downbeats. */
  scale: 1.2,
  offset: 0.7,
};

/**
 * Finds the downbeats with a hidden Markov model whose states are positions in bars of two, three
 * and four beats. The observation is the odds of a downbeat given that there is a beat.
 * @param beatsInBar fixes the number of beats in a bar
 */
export function findBars(
  events: readonly number[],
  { beat, downbeat: downbeats }: Salience,
  beatsInBar?: number,
): FoundBars {
  const lengths = beatsInBar === undefined ? BAR_LENGTHS : [beatsInBar];
  const states = lengths.flatMap((m) =>
    Array.from({ length: m }, (_, place) => [m, place] as const)
  );
  const lasts = states.flatMap(([m, place], i) => place === m - 1 ? [i] : []);
  const path = likeliestPath(events.length, states.length, (before, t, { scores, from }) => {
    const event = events[t]!,
      odds = barCosts.scale *
        (event < 0
          ? barCosts.silent
          : oddsGiven(downbeats[event]!, beat[event]!) + barCosts.offset);
    const end = lasts.reduce((a, b) => before[b]! > before[a]! ? b : a);
    const any = before.indexOf(Math.max(...before));
    states.forEach(([m, place], i) => {
      let source = place > 0 ? i - 1 : i + m - 1, value = before[source]!;
      if (t === 0) source = i, value = before[i]!;
      else if (place === 0) {
        if (before[end]! - barCosts.change > value) {
          source = end, value = before[end]! - barCosts.change;
        }
        if (before[any]! - barCosts.skip > value) {
          source = any, value = before[any]! - barCosts.skip;
        }
      }
      from[i] = source;
      scores[i] = value + (place === 0 ? odds : 0);
    });
  });
  const downbeat = path.map((s) => states[s]![1] === 0), inBar = path.map((s) => states[s]![0]);
  if (beatsInBar === undefined) {
    const strength = events.map((event) =>
      event < 0 ? barCosts.silent : oddsGiven(downbeats[event]!, beat[event]!)
    );
    joinPairs(downbeat, inBar, strength);
  }
  return { downbeat, inBar };
}

/**
 * Joins two-beat bars to four-beat bars, several at a time, where every other bar line is stronger
 * than those between.
 */
function joinPairs(downbeat: boolean[], inBar: number[], strength: readonly number[]): void {
  const isShort = (i: number) => inBar[i] === 2;
  for (let from = 0, to: number; from < inBar.length; from = to) {
    for (to = from + 1; to < inBar.length && isShort(to) === isShort(from);) to++;
    if (!isShort(from)) continue;
    const lines: number[] = [];
    for (let i = from; i < to; i++) if (downbeat[i]) lines.push(i);
    for (let first = 0; first < lines.length; first += JOINED) {
      const some = lines.slice(first, first + JOINED);
      const [even, odd] = [0, 1].map((side) =>
        mean(some.filter((_, k) => k % 2 === side).map((line) => strength[line]!), 0)
      );
      if (some.length < LEAST_JOINED || Math.abs(even! - odd!) < barCosts.join) continue;
      some.forEach((line, k) => downbeat[line] = (k % 2 === 0) === even! > odd!);
      for (let i = some[0]!; i < (lines[first + JOINED] ?? to); i++) inBar[i] = 4;
    }
  }
}

/** Log odds of a downbeat given a beat, from the log odds of both. */
function oddsGiven(downbeat: number, beat: number): number {
  const share = Math.min(0.97, Math.max(1e-4, (1 + Math.exp(-beat)) / (1 + Math.exp(-downbeat))));
  return Math.log(share / (1 - share));
}
