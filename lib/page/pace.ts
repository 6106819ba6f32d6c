/** Effort of an answer: plans made, of which one is kept, and bars sampled for each kept one. */
export interface Effort {
  readonly plans: number;
  readonly candidates: number;
}

/** Efforts, the largest first. */
const EFFORTS: readonly Effort[] = [
  { plans: 3, candidates: 8 },
  { plans: 2, candidates: 4 },
  { plans: 1, candidates: 2 },
];

/** Fillings of bars made anew: fewer than in `generate`, as a person waits. */
export const MOST_FILLINGS = 16;
const LEAST_FILLINGS = 8;

/** Seconds for each plan or candidate that are expected before any is measured. */
const EXPECTED = 0.006;

/** Weight of the newest measurement in the mean. */
const NEWEST = 0.5;

/** Speed of the machine, to which the effort of answers and of bars made anew is adapted. */
export class Pace {
  /** Seconds for a plan, or a candidate of one bar, which take about the same time. */
  #each = EXPECTED;

  /** Records the time in which a number of plans and candidates of bars were sampled. */
  record(count: number, seconds: number): void {
    this.#each += NEWEST * (seconds / count - this.#each);
  }

  /** The largest effort by which a first bar is expected within a time; otherwise the least. */
  effortWithin(seconds: number): Effort {
    const isPossible = ({ plans, candidates }: Effort) =>
      (plans + candidates) * this.#each <= seconds;
    return EFFORTS.find(isPossible) ?? EFFORTS.at(-1)!;
  }

  /** The number of fillings of some bars that are expected within a time; at least eight. */
  fillingsWithin(seconds: number, bars: number): number {
    const possible = Math.floor(seconds / this.#each / bars);
    return Math.max(LEAST_FILLINGS, Math.min(MOST_FILLINGS, possible));
  }
}
