import { mean } from "../numbers.ts";
import type { Salience } from "./network.ts";

/** Bars of beats. */
export interface FoundBars {
  /** Whether each beat begins a bar. */
  readonly downbeat: readonly boolean[];
  /** Beats in the bar of each beat. */
  readonly inBar: readonly number[];
}

/** Beats that a bar may have. */
const BAR_LENGTHS = [2, 3, 4] as const;

/** Bars of two beats that are looked at together, and how many there must be at least. */
const JOINED = 16, LEAST_JOINED = 4;

/** Log likelihood ratios of a search for bars, and how much each opinion counts. */
export const barCosts = {
  /** Bars of another length than the last. */
  change: 6,
  /** A bar line out of turn. */
  skip: 5,
  /** A bar line without an event. */
  silent: -0.7,
  /** Bars of two are joined where every other bar line is likelier by this. */
  join: 0.15,
  /** How much the odds of downbeats count, and what is added to them. */
  scale: 1.2,
  offset: 0.4,
};

/**
 * Which beats begin bars, by a hidden Markov model whose states are places in bars of two, three and
 * four beats. What counts is the odds of a downbeat given that there is a beat.
 * @param beatsInBar settles how many beats a bar has
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
  const back = new Uint8Array(events.length * states.length);
  let score = states.map(() => 0);
  events.forEach((event, t) => {
    const odds = barCosts.scale *
      (event < 0 ? barCosts.silent : oddsGiven(downbeats[event]!, beat[event]!) + barCosts.offset);
    const end = lasts.reduce((a, b) => score[b]! > score[a]! ? b : a);
    const any = score.indexOf(Math.max(...score));
    score = states.map(([m, place], i) => {
      let source = place > 0 ? i - 1 : i + m - 1, value = score[source]!;
      if (t === 0) source = i, value = score[i]!;
      else if (place === 0) {
        if (score[end]! - barCosts.change > value) {
          source = end, value = score[end]! - barCosts.change;
        }
        if (score[any]! - barCosts.skip > value) source = any, value = score[any]! - barCosts.skip;
      }
      back[t * states.length + i] = source;
      return value + (place === 0 ? odds : 0);
    });
  });
  const best = Math.max(...score), path: number[] = [];
  for (let t = events.length - 1, s = score.indexOf(best); t >= 0; t--) {
    path.unshift(s);
    s = back[t * states.length + s]!;
  }
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
 * Joins bars of two beats to bars of four, some at a time, where every other bar line is stronger than
 * those between.
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

/** Log odds of a downbeat given a beat, by the log odds of both. */
function oddsGiven(downbeat: number, beat: number): number {
  const share = Math.min(0.97, Math.max(1e-4, (1 + Math.exp(-beat)) / (1 + Math.exp(-downbeat))));
  return Math.log(share / (1 - share));
}
