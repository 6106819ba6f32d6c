import type { Excerpt } from "./excerpt.ts";
import { TEXTURE_FEATURES, textureFeatures } from "./texture.ts";
import { HARMONY_FEATURES, harmonyFeatures } from "./harmony.ts";
import { LINE_FEATURES, lineFeatures } from "./line.ts";
import { RHYTHM_FEATURES, rhythmFeatures } from "./rhythm.ts";

/** Features of an excerpt with their descriptions. */
export const FEATURES = {
  ...LINE_FEATURES,
  ...RHYTHM_FEATURES,
  ...HARMONY_FEATURES,
  ...TEXTURE_FEATURES,
} as const;

/** Name of a feature. */
export type FeatureName = keyof typeof FEATURES;

/** Names of all features, in the order of {@linkcode featuresOf}. */
export const FEATURE_NAMES = Object.keys(FEATURES) as FeatureName[];

/** Feature values of an excerpt, in the order of {@linkcode FEATURE_NAMES}; NaN where undefined. */
export function featuresOf(excerpt: Excerpt): Float64Array {
  const values = Object.assign(
    lineFeatures(excerpt),
    rhythmFeatures(excerpt),
    harmonyFeatures(excerpt),
    textureFeatures(excerpt),
  );
  const row = new Float64Array(FEATURE_NAMES.length);
  for (const [at, name] of FEATURE_NAMES.entries()) {
    row[at] = Number.isFinite(values[name]) ? values[name] : NaN;
  }
  return row;
}
