/**
 * Partition point of a sorted sequence, found by binary search.
 * @param count length of the sequence
 * @param isBefore whether the element at this index lies before the point; monotonic, true then false
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
