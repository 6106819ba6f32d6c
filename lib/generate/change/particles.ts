import type { ByPitch, Sampling } from "../../model/model.ts";
import { sum } from "../../numbers.ts";
import { Random, seedAt } from "../../random.ts";
import type { Frame } from "../../tokens/frame.ts";
import type { Metre } from "../../tokens/piece.ts";
import type { Plan } from "../../tokens/plan.ts";

/** What the model is told before a stretch: how it could go. */
export interface Way {
  /** The frames before the stretch. */
  readonly before: readonly Frame[];
  /** Metres and plan from the first of them on. */
  readonly metres: readonly Metre[];
  readonly plan: Plan;
}

/** A stretch of music that is to be made between what stands before and after it. */
export interface Stretch {
  /** At least one. */
  readonly ways: readonly Way[];
  /** Per frame of the stretch and MIDI pitch, what is given: see `ByPitch`. */
  readonly givens: readonly Uint8Array[];
  /** The frames that stand before it, with metres from their first one on. */
  readonly before: readonly Frame[];
  readonly metres: readonly Metre[];
  /** The frames after it that are to be foreseen. */
  readonly after: readonly Frame[];
}

/** One way to fill a stretch. */
export interface Filling {
  readonly frames: readonly Frame[];
  /** Which of the ways it goes. */
  readonly way: number;
  /** ln of the probability of what is given, per frame of the stretch. */
  readonly logWeights: readonly number[];
  /** ln of the probability of the frames after the stretch, given it. */
  readonly foreseen: number;
}

/** How fillings are drawn. */
export interface Drawing {
  /** How many, at least 1. */
  readonly particles: number;
  readonly sampling: Sampling;
  readonly seed: number;
  /** Called after each frame with how many there are. */
  readonly onFrame?: (done: number, total: number) => Promise<void> | void;
}

/** Particles are chosen anew when fewer than this share of them carry all the weight. */
const LEAST_EFFECTIVE = 0.5;

/** What grows on the way through a stretch: the frames before it, then its own. */
interface Particle {
  readonly frames: Frame[];
  readonly way: number;
  /** Per frame of the stretch. */
  readonly logWeights: number[];
  /** Their sum since the particles were last resampled. */
  readonly logWeight: number;
}

/** Frames of a stretch after which its end is drawn again, for the best fillings so far. */
const AGAIN_FROM = [0, 0.5, 0.75];

/** Fillings whose end is drawn again. */
const BEST = 6;

/**
 * Fills a stretch many times, all at once, from left to right: a particle filter (Gordon, Salmond and
 * Smith 1993). What is given weighs each by the chance that the model gives it, and where few of
 * them carry the weight they are chosen anew. Then each is told how well the model foresees from it
 * what follows, and the ends of the best are drawn again.
 * @returns all that were drawn, the best first
 */
export async function fillStretch(
  model: ByPitch,
  stretch: Stretch,
  { particles: count, sampling, seed, onFrame }: Drawing,
): Promise<Filling[]> {
  const { ways, givens, after } = stretch, random = new Random(seed);
  const randoms = Array.from({ length: count }, (_, index) => new Random(seedAt(seed, index + 1)));
  const starts = AGAIN_FROM.map((share) => Math.round(share * givens.length))
    .slice(0, after.length > 0 && count >= 2 * BEST ? AGAIN_FROM.length : 1);
  const total = sum(starts.map((from) => givens.length - from));
  let fillings: Filling[] = [], done = 0;
  for (const from of starts) {
    let particles = randoms.map((_, index): Particle => {
      const best = fillings[index % BEST], way = best?.way ?? index % ways.length;
      const frames = [...ways[way]!.before, ...best?.frames.slice(0, from) ?? []];
      return { frames, way, logWeights: best?.logWeights.slice(0, from) ?? [], logWeight: 0 };
    });
    for (const given of givens.slice(from)) {
      particles = advanced(model, particles, ways, given, sampling, randoms);
      if (effectiveShare(particles) < LEAST_EFFECTIVE) particles = chosenAnew(particles, random);
      await onFrame?.(++done, total);
    }
    const made = fillingsOf(model, particles, stretch);
    fillings = [...fillings, ...made].sort((a, b) => scoreOf(b) - scoreOf(a));
  }
  return fillings;
}

/** ln of the probability of all that is given in and after a filling: over the same frames for all. */
export function scoreOf({ logWeights, foreseen }: Filling): number {
  return sum(logWeights) + foreseen;
}

/** Particles that are a frame longer. */
function advanced(
  model: ByPitch,
  particles: readonly Particle[],
  ways: readonly Way[],
  given: Uint8Array,
  sampling: Sampling,
  randoms: readonly Random[],
): Particle[] {
  const { frames: next, logWeights } = model.next(
    particles.map(({ frames, way }) => {
      const { metres, plan } = ways[way]!;
      return { name: "", frames, metres, plan };
    }),
    sampling,
    randoms,
    particles.map(() => given),
  );
  return particles.map((particle, index) => {
    particle.frames.push(next[index]!);
    particle.logWeights.push(logWeights[index]!);
    return { ...particle, logWeight: particle.logWeight + logWeights[index]! };
  });
}

/** What particles have come to, and how well the model foresees from it what follows. */
function fillingsOf(
  model: ByPitch,
  particles: readonly Particle[],
  { ways, before, metres, givens, after }: Stretch,
): Filling[] {
  const made = particles.map(({ frames, way, logWeights }) => ({
    frames: frames.slice(ways[way]!.before.length),
    way,
    logWeights,
  }));
  const from = before.length + givens.length;
  const foreseen = after.length === 0 || from === 0 ? [] : model.judge(
    made.map(({ frames }) => ({ name: "", frames: [...before, ...frames, ...after], metres })),
    from,
  );
  return made.map((one, index) => ({
    ...one,
    foreseen: sum(foreseen[index] ?? []),
  }));
}

/** Weights that add up to 1. */
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

/** As many particles of equal weight, each as often as its weight says (systematic resampling). */
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

/** A particle that grows on its own, with the weight that all have after resampling. */
function copyOf({ frames, way, logWeights }: Particle): Particle {
  return { frames: [...frames], way, logWeights: [...logWeights], logWeight: 0 };
}
