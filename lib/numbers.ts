/** Sum of the values, added in order. */
export function sum(values: ArrayLike<number>): number {
  let all = 0;
  for (let i = 0; i < values.length; i++) all += values[i]!;
  return all;
}

/** Arithmetic mean. @param ofNone result for an empty list */
export function mean(values: ArrayLike<number>, ofNone = NaN): number {
  return values.length > 0 ? sum(values) / values.length : ofNone;
}

/** Population standard deviation. @param ofNone result for an empty list */
export function deviation(values: readonly number[], ofNone = NaN): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2), ofNone));
}

/** Quantile: the element below which a share (0 to 1) of the others lies; undefined for an empty list. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))];
}

/** Median, the higher of the two middle elements where there are two; undefined for an empty list. */
export function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** The share of two sets' elements that both have (Jaccard index), 0 to 1; 1 of two empty ones. */
export function jaccard<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  const all = a.union(b).size;
  return all === 0 ? 1 : a.intersection(b).size / all;
}
