/**
 * How many things come before the first that is beyond: a binary search.
 * @param count of all things, in order
 * @param isBefore whether the thing with this index comes before; false for all after one that does not
 */
export function countBefore(count: number, isBefore: (index: number) => boolean): number {
  let low = 0, high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
