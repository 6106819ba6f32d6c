import type { Random } from "../random.ts";
import { list, number, optional, text, whole } from "../store/shape.ts";
import { rulesInForce, type SamplingRule } from "./rules.ts";

/** Sampling parameters in a recipe. */
export const samplingShape = {
  temperature: number(1e-6, 1e6),
  topK: whole(0),
  topP: number(1e-9, 1),
  rules: optional(list(text(100), 100)),
};

/** Requested sampling parameters; missing ones have their defaults. */
export interface SamplingWishes {
  /**
   * Temperature, above 0: below 1 favours likely choices, above 1 rare ones; 1 leaves the
   * distribution as it is. Default 0.9; without a form 1.
   */
  readonly temperature?: number;
  /** Top-k: only the K likeliest choices are sampled from; 0: all. Default 0. */
  readonly topK?: number;
  /**
   * Top-p: only the likeliest choices with this total probability, above 0, at most 1; 1: all.
   * Default 0.97; without a form 1.
   */
  readonly topP?: number;
  /** Disabled sampling rules, by name, or `all`; see `SAMPLING_RULES`. */
  readonly without?: readonly string[];
}

/** Sampling parameters for the next frame. */
export interface Sampling extends Required<Omit<SamplingWishes, "without">> {
  /** Sampling rules applied besides the model's probabilities; default: none. */
  readonly rules?: readonly SamplingRule[];
}

/** Maximum weight of a model's own style: half as far again as the adapted weights. */
export const MOST_STYLE = 1.5;

/**
 * Default sampling parameters: without a plan, those of the unchanged model; with a plan, a lower
 * temperature and top-p, since music sampled at temperature 1 without top-p was told apart from its
 * corpus more easily.
 */
export const samplingDefaults = {
  free: { temperature: 1, topK: 0, topP: 1 },
  planned: { temperature: 0.9, topK: 0, topP: 0.97 },
} as const;

/**
 * Sampling parameters with defaults filled in.
 * @throws {Error} if a rule to be switched off is unknown
 */
export function samplingOf(wishes: SamplingWishes, how: keyof typeof samplingDefaults): Sampling {
  const usual = samplingDefaults[how];
  const rules = rulesInForce(wishes.without ?? [], how === "planned");
  const names = Object.keys(usual) as (keyof typeof usual)[];
  const asked = names.map((name) => [name, wishes[name] ?? usual[name]]);
  return { ...usual, ...Object.fromEntries(asked), rules };
}

/**
 * Log-weight relative to the likeliest choice below which a choice is never sampled: random numbers
 * have 32 bits, so that 2^-53 is out of reach, and thousands of exponentials need not be computed.
 */
const LEAST_LOG_WEIGHT = -53 * Math.LN2;

/**
 * Samples an index from softmax(logits / temperature), restricted to the `topK` likeliest and to
 * the likeliest whose probabilities add up to `topP` (nucleus sampling: Holtzman et al. 2019, arXiv
 * 1904.09751). For networks that give all logits at once; the pitchwise network chooses pitch by
 * pitch, each choice changing the next one's logits, so its sampler is part of its kernel.
 * @param logits any finite numbers or −Infinity; not changed
 * @param excluded an index that must not be sampled, if there is another one
 * @throws {RangeError} if no index has a probability above 0
 */
export function drawIndex(
  logits: Float32Array,
  { temperature, topK, topP }: Sampling,
  random: Random,
  excluded?: number,
): number {
  let most = -Infinity;
  for (let i = 0; i < logits.length; i++) {
    if (i !== excluded && logits[i]! > most) most = logits[i]!;
  }
  if (!Number.isFinite(most)) {
    if (excluded !== undefined && Number.isFinite(logits[excluded])) return excluded;
    throw new RangeError(`Cannot sample from ${logits.length} choices: all have probability 0`);
  }
  const weights = new Float64Array(logits.length);
  const least = most + temperature * LEAST_LOG_WEIGHT;
  for (let i = 0; i < logits.length; i++) {
    if (logits[i]! >= least && i !== excluded) {
      weights[i] = Math.exp((logits[i]! - most) / temperature);
    }
  }
  if (topK > 0 || topP < 1) keepLikeliest(weights, topK > 0 ? topK : weights.length, topP);
  let total = 0;
  for (const weight of weights) total += weight;
  let left = random.next() * total;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    last = i;
    left -= weights[i]!;
    if (left < 0) return i;
  }
  return last; // rounding may leave a remainder beyond the sum
}

/**
 * Top-k and top-p filter: sets all but the likeliest weights to 0; of equal ones, the first are
 * kept.
 */
function keepLikeliest(weights: Float64Array, topK: number, topP: number): void {
  const order = Array.from(weights.keys()).filter((i) => weights[i]! > 0)
    .sort((a, b) => weights[b]! - weights[a]! || a - b);
  const total = order.reduce((sum, i) => sum + weights[i]!, 0);
  let kept = 0, sum = 0;
  while (kept < order.length && kept < topK && (kept === 0 || sum < topP * total)) {
    sum += weights[order[kept++]!]!;
  }
  for (const i of order.slice(kept)) weights[i] = 0;
}
