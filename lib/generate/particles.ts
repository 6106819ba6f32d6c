import type { ByPitch, Sampling } from "../model/model.ts";
import { Random } from "../random.ts";
import type { Frame } from "../tokens/frame.ts";
import type { Metre } from "../tokens/piece.ts";
import type { Plan } from "../tokens/plan.ts";

/** A stretch of music that is to be made between what stands before and after it. */
export interface Stretch {
  /** The frames before it. */
  readonly before: readonly Frame[];
  /** Per frame of the stretch and MIDI pitch, what is given: see `ByPitch`. */
  readonly givens: readonly Uint8Array[];
  /** The frames after it that are to be foreseen. */
  readonly after: readonly Frame[];
  /** Metres from the first frame before on. */
  readonly metres: readonly Metre[];
  /** Plans from the first frame before on: ways in which it could go. At least one. */
  readonly plans: readonly Plan[];
}

/** One way to fill a stretch. */
export interface Filling {
  readonly frames: readonly Frame[];
  /** Which of the plans it follows. */
  readonly plan: number;
  /** ln of the chance of what was given, since its family last took all places. */
  readonly logWeight: number;
  /** ln of the chance of the frames after the stretch, given it. */
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

/** Seeds of particles lie far apart, so that those of neighbouring pieces differ. */
const SEED_STEP = 1_000_003;

/** Particles are chosen anew when fewer than this share of them carry all the weight. */
const LEAST_EFFECTIVE = 0.5;

/** What grows on the way through a stretch. */
interface Particle {
  readonly frames: Frame[];
  readonly plan: number;
  readonly logWeight: number;
}

/**
 * Fills a stretch many times, all at once, from left to right: a particle filter (Gordon, Salmond and
 * Smith 1993). What is given weighs each by the chance that the model gives it, and where few of
 * them carry the weight they are chosen anew; in the end each is told how well the model foresees
 * from it what follows.
 */
export async function fillStretch(
  model: ByPitch,
  { before, givens, after, metres, plans }: Stretch,
  { particles: count, sampling, seed, onFrame }: Drawing,
): Promise<Filling[]> {
  const random = new Random(seed);
  const randoms = Array.from(
    { length: count },
    (_, index) => new Random((seed + (index + 1) * SEED_STEP) % Number.MAX_SAFE_INTEGER),
  );
  let particles = randoms.map((_, index): Particle => ({
    frames: [...before],
    plan: index % plans.length,
    logWeight: 0,
  }));
  for (const [done, given] of givens.entries()) {
    const { frames, logWeights } = model.next(
      particles.map(({ frames, plan }) => ({ name: "", frames, metres, plan: plans[plan]! })),
      sampling,
      randoms,
      particles.map(() => given),
    );
    particles = particles.map((particle, index) => {
      particle.frames.push(frames[index]!);
      return { ...particle, logWeight: particle.logWeight + logWeights[index]! };
    });
    if (effectiveShare(particles) < LEAST_EFFECTIVE) particles = chosenAnew(particles, random);
    await onFrame?.(done + 1, givens.length);
  }
  const from = before.length + givens.length;
  const foreseen = after.length === 0 || from === 0 ? [] : model.judge(
    particles.map(({ frames }) => ({ name: "", frames: [...frames, ...after], metres })),
    from,
  );
  return particles.map(({ frames, plan, logWeight }, index) => ({
    frames: frames.slice(before.length),
    plan,
    logWeight,
    foreseen: foreseen[index]?.reduce((sum, nats) => sum + nats, 0) ?? 0,
  }));
}

/** Weights that add up to 1. */
function weightsOf(particles: readonly Particle[]): number[] {
  const most = Math.max(...particles.map(({ logWeight }) => logWeight));
  const weights = particles.map(({ logWeight }) => Math.exp(logWeight - most));
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** The effective sample size (Kong, Liu and Wong 1994) as a share, above 0, at most 1. */
function effectiveShare(particles: readonly Particle[]): number {
  const squares = weightsOf(particles).reduce((sum, weight) => sum + weight * weight, 0);
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
      chosen.push({ ...particles[index]!, frames: [...particles[index]!.frames], logWeight: 0 });
    }
  }
  while (chosen.length < particles.length) { // rounding may leave the last place free
    const last = particles[weights.indexOf(Math.max(...weights))]!;
    chosen.push({ ...last, frames: [...last.frames], logWeight: 0 });
  }
  return chosen;
}
