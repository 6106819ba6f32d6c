import { evidenceIn, findKey, halvesOf, lastBassIn } from "../tokens/find_key.ts";
import { keyName } from "../tokens/key.ts";
import { pitchName } from "./notes.ts";
import type { Heard } from "./sounding.ts";

/** Name of the key of a piece: `A minor`. */
export function keyOf({ notes, bars, seconds }: Heard): string {
  if (notes.length === 0) return "no key";
  const halves = halvesOf(bars.map((start, bar) => ({ start, end: bars[bar + 1] ?? seconds })));
  return keyName(findKey(evidenceIn(notes, halves), { lastBass: lastBassIn(notes, halves) }));
}

/** A trait that distinguishes variants: its measure and the names of its extremes. */
interface Trait {
  readonly of: (heard: Heard) => number;
  readonly most: (value: number) => string;
  readonly least: (value: number) => string;
}

const TRAITS: readonly Trait[] = [
  {
    of: ({ notes, seconds }) => notes.length / seconds,
    most: (value) => `the busiest (${value.toFixed(1)} notes a second)`,
    least: (value) => `the calmest (${value.toFixed(1)} notes a second)`,
  },
  {
    of: ({ notes }) => notes.length / new Set(notes.map(({ start }) => start.toFixed(2))).size,
    most: (value) => `the fullest chords (${value.toFixed(1)} notes struck at once)`,
    least: (value) => `the barest (${value.toFixed(1)} notes struck at once)`,
  },
  {
    of: ({ notes }) => notes.reduce((sum, { start, end }) => sum + end - start, 0) / notes.length,
    most: (value) => `the longest notes (${value.toFixed(1)} s on average)`,
    least: (value) => `the shortest notes (${value.toFixed(1)} s on average)`,
  },
  {
    of: ({ notes }) => notes.reduce((top, { pitch }) => Math.max(top, pitch), 0),
    most: (value) => `climbs highest (${pitchName(value)})`,
    least: (value) => `stays lowest (no higher than ${pitchName(value)})`,
  },
  {
    of: ({ notes }) => notes.reduce((low, { pitch }) => Math.min(low, pitch), 127),
    most: (value) => `keeps off the bass (nothing below ${pitchName(value)})`,
    least: (value) => `reaches deepest (${pitchName(value)})`,
  },
];

/**
 * Distinguishing traits of each variant in one line: its key, and the two traits in which it
 * differs most from the others.
 */
export function characters(variants: readonly Heard[]): string[] {
  const measured = TRAITS.map((trait) => {
    const values = variants.map(trait.of);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = Math.sqrt(
      values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length,
    );
    return { trait, values, mean, spread };
  });
  return variants.map((heard, at) => {
    if (heard.notes.length === 0) return "nothing but silence";
    const special = measured.flatMap(({ trait, values, mean, spread }) => {
      const value = values[at]!;
      const others = values.filter((_, index) => index !== at);
      const words = others.every((other) => other < value)
        ? trait.most(value)
        : others.every((other) => other > value)
        ? trait.least(value)
        : undefined;
      const far = spread > 0 ? Math.abs(value - mean) / spread : 0;
      const audible = Math.abs(value - mean) >= 0.04 * mean;
      return words === undefined || others.length === 0 || !audible ? [] : [{ words, far }];
    });
    const most = special.sort((a, b) => b.far - a.far).slice(0, 2).map(({ words }) => words);
    return [keyOf(heard), ...most].join(" · ");
  });
}
