/**
 * Least-recently-used cache with a limit on the total size of its values.
 * @param mostBytes limit of the total size; a value that is larger is not kept
 * @param bytesOf size of a value
 * @returns gives the value of a key, made anew if it is not kept
 */
export function recentlyUsed<Value>(
  mostBytes: number,
  bytesOf: (value: Value) => number,
): (key: string, make: () => Promise<Value>) => Promise<Value> {
  const kept = new Map<string, Value>(); // in the order of their last use
  let bytes = 0;
  return async (key, make) => {
    const known = kept.get(key), value = known ?? await make();
    if (kept.delete(key)) bytes -= bytesOf(value);
    kept.set(key, value);
    bytes += bytesOf(value);
    for (const [oldest, its] of kept) {
      if (bytes <= mostBytes) break;
      kept.delete(oldest);
      bytes -= bytesOf(its);
    }
    return value;
  };
}
