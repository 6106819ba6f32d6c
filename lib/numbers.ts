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

/** Jaccard index of two sets: shared elements over all elements, 0 to 1; 1 for two empty ones. */
export function jaccard<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  const all = a.union(b).size;
  return all === 0 ? 1 : a.intersection(b).size / all;
}

/**
 * Jaccard index of two ascending arrays without repeated elements, for comparing many pairs; 0 for
 * two empty ones.
 */
export function jaccardOfSorted(a: Int32Array, b: Int32Array): number {
  let i = 0, j = 0, common = 0;
  while (i < a.length && j < b.length) {
    if (a[i]! === b[j]!) {
      common++;
      i++;
      j++;
    } else if (a[i]! < b[j]!) i++;
    else j++;
  }
  return common / Math.max(1, a.length + b.length - common);
}

/** Concatenation of byte arrays. */
export function concatenated(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
