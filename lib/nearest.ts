// deno-lint-ignore no-import-prefix -- found from anywhere, whatever import map the importing program has
import { closest, distance } from "npm:fastest-levenshtein@1.0.16";

/**
 * Maximum edit distance between a misspelt name and the known name that was probably meant, for a
 * name of this many characters: half of them, and no more than three.
 */
const farthest = (letters: number) => Math.min(3, Math.floor(letters / 2));

/** Hint at the known name nearest to a misspelt one: `; did you mean "minutes"?`, or empty. */
export function nearestHint(
  name: string,
  known: readonly string[],
  shown: (name: string) => string = (name) => `"${name}"`,
): string {
  if (known.length === 0) return "";
  const nearest = closest(name, known), { length } = name.replace(/^-+/, "");
  return distance(name, nearest) <= farthest(length) ? `; did you mean ${shown(nearest)}?` : "";
}
