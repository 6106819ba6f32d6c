import type { Excerpt } from "./excerpt.ts";
import { FULLNESS_FEATURES, fullnessFeatures } from "./fullness.ts";
import { HARMONY_FEATURES, harmonyFeatures } from "./harmony.ts";
import { LINE_FEATURES, lineFeatures } from "./line.ts";
import { RHYTHM_FEATURES, rhythmFeatures } from "./rhythm.ts";

/** Features of an excerpt with their descriptions. */
export const FEATURES = {
  ...LINE_FEATURES,
  ...RHYTHM_FEATURES,
  ...HARMONY_FEATURES,
  ...FULLNESS_FEATURES,
} as const;

/** Name of a feature. */
export type FeatureName = keyof typeof FEATURES;

/** Names of all features, in the order of {@linkcode featuresOf}. */
export const FEATURE_NAMES = Object.keys(FEATURES) as FeatureName[];

/** Feature values of an excerpt, in the order of {@linkcode FEATURE_NAMES}; NaN where undefined. */
export function featuresOf(excerpt: Excerpt): Float64Array {
  const values = {
    ...lineFeatures(excerpt),
    ...rhythmFeatures(excerpt),
    ...harmonyFeatures(excerpt),
    ...fullnessFeatures(excerpt),
  };
  return Float64Array.from(FEATURE_NAMES, (name) => {
    const value = values[name];
    return Number.isFinite(value) ? value : NaN;
  });
}
