/** The sum, added from the first to the last. */
export function sum(values: ArrayLike<number>): number {
  let all = 0;
  for (let i = 0; i < values.length; i++) all += values[i]!;
  return all;
}

/** The mean. @param ofNone what the mean of no numbers is */
export function mean(values: ArrayLike<number>, ofNone = NaN): number {
  return values.length > 0 ? sum(values) / values.length : ofNone;
}

/** The standard deviation. @param ofNone what that of no numbers is */
export function deviation(values: readonly number[], ofNone = NaN): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2), ofNone));
}

/** The number below which a share of the others lies: one of them; undefined of none. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))];
}

/** The number in the middle, of an even number of them the higher one; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** The share of two sets' elements that both have (Jaccard index), 0 to 1; 1 of two empty ones. */
export function jaccard<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  const all = a.union(b).size;
  return all === 0 ? 1 : a.intersection(b).size / all;
}
