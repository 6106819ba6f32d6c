import type { ByPitch } from "../../model/model.ts";
import type { Sampling } from "../../model/sampling.ts";
import { sum } from "../../numbers.ts";
import { Random, seedAt } from "../../random.ts";
import type { Frame } from "../../tokens/frame.ts";
import type { Metre } from "../../tokens/piece.ts";
import type { Plan } from "../../tokens/plan.ts";

/** A hypothesis for a stretch: the model's context before it. */
export interface Hypothesis {
  /** The frames before the stretch. */
  readonly before: readonly Frame[];
  /** Metres and plan, from the first of these frames on. */
  readonly metres: readonly Metre[];
  readonly plan: Plan;
  /** Constraints per frame of the stretch and MIDI pitch: see `ByPitch`. */
  readonly constraints: readonly Uint8Array[];
}

/** A stretch of music to be filled between the music before and after it. */
export interface Stretch {
  /** Hypotheses, at least one. */
  readonly hypotheses: readonly Hypothesis[];
  /** The frames before the stretch, with metres from their first one on. */
  readonly before: readonly Frame[];
  readonly metres: readonly Metre[];
  /** The frames after the stretch, whose likelihood is measured. */
  readonly after: readonly Frame[];
}

/** One filling of a stretch. */
export interface Filling {
  readonly frames: readonly Frame[];
  /** Index of its hypothesis. */
  readonly hypothesis: number;
  /** ln of the probability of the constraints, per frame of the stretch. */
  readonly logWeights: readonly number[];
  /** ln of the likelihood of the continuation: the frames after the stretch, given the filling. */
  readonly continuation: number;
}

/** Settings of the particle filter. */
export interface Drawing {
  /** Number of particles, at least 1. */
  readonly particles: number;
  readonly sampling: Sampling;
  readonly seed: number;
  /** Called after each frame with the number of frames done. */
  readonly onFrame?: (done: number, total: number) => Promise<void> | void;
}

/** Particles are resampled when the effective sample size falls below this share. */
const LEAST_EFFECTIVE = 0.5;

/** A particle in progress: the frames before the stretch, then its own. */
interface Particle {
  readonly frames: Frame[];
  readonly hypothesis: number;
  /** ln of the probability of the constraints, per frame of the stretch. */
  readonly logWeights: number[];
  /** Log-weight since the last resampling. */
  readonly logWeight: number;
}

/** Shares of a stretch after which its end is sampled again, for the best fillings so far. */
const AGAIN_FROM = [0, 0.5, 0.75];

/** Fillings whose end is sampled again. */
const BEST = 6;

/**
 * Fills a stretch many times at once, from left to right, with a particle filter (Gordon, Salmond
 * and Smith 1993). Each particle is weighted by the model's probability of the constraints, and
 * particles are resampled where few of them carry the weight. Then each gets the likelihood of the
 * continuation, and the ends of the best are sampled again.
 * @returns all fillings, best first
 */
export async function fillStretch(
  model: ByPitch,
  stretch: Stretch,
  { particles: count, sampling, seed, onFrame }: Drawing,
): Promise<Filling[]> {
  const { hypotheses, after } = stretch, random = new Random(seed);
  const { length } = hypotheses[0]!.constraints;
  const randoms = Array.from({ length: count }, (_, index) => new Random(seedAt(seed, index + 1)));
  const starts = AGAIN_FROM.map((share) => Math.round(share * length))
    .slice(0, after.length > 0 && count >= 2 * BEST ? AGAIN_FROM.length : 1);
  const total = sum(starts.map((from) => length - from));
  let fillings: Filling[] = [], done = 0;
  for (const from of starts) {
    let particles = randoms.map((_, index): Particle => {
      const best = fillings[index % BEST],
        hypothesis = best?.hypothesis ?? index % hypotheses.length;
      const frames = [...hypotheses[hypothesis]!.before, ...best?.frames.slice(0, from) ?? []];
      const logWeights = best?.logWeights.slice(0, from) ?? [];
      return { frames, hypothesis, logWeights, logWeight: 0 };
    });
    for (let at = from; at < length; at++) {
      particles = advanced(model, particles, hypotheses, at, sampling, randoms);
      if (effectiveShare(particles) < LEAST_EFFECTIVE) particles = chosenAnew(particles, random);
      await onFrame?.(++done, total);
    }
    const made = fillingsOf(model, particles, stretch);
    fillings = [...fillings, ...made].sort((a, b) => scoreOf(b) - scoreOf(a));
  }
  return fillings;
}

/**
 * ln of the probability of all constraints in and after a filling, over the same frames for all
 * fillings.
 */
export function scoreOf({ logWeights, continuation }: Filling): number {
  return sum(logWeights) + continuation;
}

/** Particles extended by one frame. @param at its index in the stretch */
function advanced(
  model: ByPitch,
  particles: readonly Particle[],
  hypotheses: readonly Hypothesis[],
  at: number,
  sampling: Sampling,
  randoms: readonly Random[],
): Particle[] {
  const { frames: next, logWeights } = model.next(
    particles.map(({ frames, hypothesis }) => {
      const { metres, plan } = hypotheses[hypothesis]!;
      return { name: "", frames, metres, plan };
    }),
    sampling,
    randoms,
    particles.map(({ hypothesis }) => hypotheses[hypothesis]!.constraints[at]!),
  );
  return particles.map((particle, index) => {
    particle.frames.push(next[index]!);
    particle.logWeights.push(logWeights[index]!);
    return { ...particle, logWeight: particle.logWeight + logWeights[index]! };
  });
}

/** Fillings of finished particles, with the likelihood of the continuation. */
function fillingsOf(
  model: ByPitch,
  particles: readonly Particle[],
  { hypotheses, before, metres, after }: Stretch,
): Filling[] {
  const made = particles.map(({ frames, hypothesis, logWeights }) => ({
    frames: frames.slice(hypotheses[hypothesis]!.before.length),
    hypothesis,
    logWeights,
  }));
  const from = before.length + hypotheses[0]!.constraints.length;
  const continuation = after.length === 0 || from === 0 ? [] : model.judge(
    made.map(({ frames }) => ({ name: "", frames: [...before, ...frames, ...after], metres })),
    from,
  );
  return made.map((one, index) => ({
    ...one,
    continuation: sum(continuation[index] ?? []),
  }));
}

/** Normalised weights, with sum 1. */
function weightsOf(particles: readonly Particle[]): number[] {
  const most = Math.max(...particles.map(({ logWeight }) => logWeight));
  const weights = particles.map(({ logWeight }) => Math.exp(logWeight - most));
  const all = sum(weights);
  return weights.map((weight) => weight / all);
}

/** The effective sample size (Kong, Liu and Wong 1994) as a share, above 0, at most 1. */
function effectiveShare(particles: readonly Particle[]): number {
  const squares = sum(weightsOf(particles).map((weight) => weight * weight));
  return 1 / squares / particles.length;
}

/**
 * Systematic resampling: as many particles, of equal weight, each chosen in proportion to its
 * weight.
 */
function chosenAnew(particles: readonly Particle[], random: Random): Particle[] {
  const weights = weightsOf(particles), offset = random.next();
  const chosen: Particle[] = [];
  let sum = 0;
  for (const [index, weight] of weights.entries()) {
    sum += weight * particles.length;
    while (chosen.length + offset < sum && chosen.length < particles.length) {
      chosen.push(copyOf(particles[index]!));
    }
  }
  while (chosen.length < particles.length) { // rounding may leave the last place free
    chosen.push(copyOf(particles[weights.indexOf(Math.max(...weights))]!));
  }
  return chosen;
}

/** An independent copy of a particle, with the equal weight after resampling. */
function copyOf({ frames, hypothesis, logWeights }: Particle): Particle {
  return { frames: [...frames], hypothesis, logWeights: [...logWeights], logWeight: 0 };
}
