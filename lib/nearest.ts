// deno-lint-ignore no-import-prefix -- found from anywhere, whatever import map the importing program has
import { closest, distance } from "npm:fastest-levenshtein@1.0.16";

/** Maximum edit distance between a misspelt name and the known name that was probably meant. */
const FARTHEST = 3;

/** Hint at the known name nearest to a misspelt one: `; did you mean "minutes"?`, or empty. */
export function nearestHint(
  name: string,
  known: readonly string[],
  shown: (name: string) => string = (name) => `"${name}"`,
): string {
  if (known.length === 0) return "";
  const nearest = closest(name, known);
  return distance(name, nearest) <= FARTHEST ? `; did you mean ${shown(nearest)}?` : "";
}
