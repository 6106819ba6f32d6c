import { type KeyProfile, KEYS } from "./key.ts";

/** Evidence for a key in a stretch of music, usually half a bar. */
export interface KeyEvidence {
  /** Pitch classes that sound in the stretch. */
  readonly classes: readonly number[];
  /**
   * Pitch class of the lowest note at the beginning; undefined where none sounds or it is unknown.
   */
  readonly bass?: number | undefined;
}

/**
 * Probability that each degree sounds in a stretch of music (Temperley, Music and Probability,
 * 2007, chapter 6: from the Kostka–Payne corpus).
 */
const SOUNDING: KeyProfile = {
  major: [0.748, 0.06, 0.488, 0.082, 0.67, 0.46, 0.096, 0.715, 0.104, 0.366, 0.057, 0.4],
  minor: [0.712, 0.084, 0.474, 0.618, 0.049, 0.46, 0.105, 0.747, 0.404, 0.067, 0.133, 0.33],
};

/**
 * The same in passages of natural minor: the seventh as often as the leading note elsewhere, and
 * conversely.
 */
const NATURAL_MINOR: readonly number[] = [...SOUNDING.minor.slice(0, 10), 0.4, 0.09];

/** Share of natural minor in minor keys. */
const NATURAL_SHARE = 0.4;

/** Distribution of degrees in the bass of half bars: counted in 103 public-domain piano scores. */
const BASS: KeyProfile = {
  major: [0.305, 0.007, 0.096, 0.008, 0.099, 0.071, 0.02, 0.22, 0.012, 0.077, 0.011, 0.074],
  minor: [0.278, 0.017, 0.057, 0.109, 0.014, 0.102, 0.011, 0.194, 0.075, 0.017, 0.09, 0.036],
};

/** Weight of the bass relative to the notes above it: it distinguishes a key from its relative. */
const BASS_WEIGHT = 2;

const SILENCE: Float64Array = new Float64Array(KEYS.length);

/** Results by pitch classes as bits and bass: a piece has few different stretches. */
const known = new Map<number, Float64Array>();

/** Log-likelihoods of a stretch in the 24 keys, in nats; all 0 where nothing sounds. */
export function keyLikelihoods({ classes, bass }: KeyEvidence): Readonly<Float64Array> {
  if (classes.length === 0) return SILENCE;
  let sounds = 0;
  for (const pitchClass of classes) sounds |= 1 << pitchClass;
  const at = sounds * 13 + (bass === undefined ? 12 : bass);
  let likelihoods = known.get(at);
  if (!likelihoods) known.set(at, likelihoods = likelihoodsOf(sounds, bass));
  return likelihoods;
}

function likelihoodsOf(sounds: number, bass: number | undefined): Float64Array {
  return Float64Array.from(KEYS, ({ tonic, mode }) => {
    const sounding = soundingLikelihood(SOUNDING[mode], sounds, tonic);
    const all = mode === "major" ? sounding : Math.log(
      (1 - NATURAL_SHARE) * Math.exp(sounding) +
        NATURAL_SHARE * Math.exp(soundingLikelihood(NATURAL_MINOR, sounds, tonic)),
    );
    if (bass === undefined) return all;
    return all + BASS_WEIGHT * Math.log(BASS[mode][(bass - tonic + 12) % 12]!);
  });
}

/** Log-likelihood of sounding pitch classes, as bits, above a tonic. */
function soundingLikelihood(profile: readonly number[], sounds: number, tonic: number): number {
  let sum = 0;
  for (let pitchClass = 0; pitchClass < 12; pitchClass++) {
    const likely = profile[(pitchClass - tonic + 12) % 12]!;
    sum += Math.log(sounds & 1 << pitchClass ? likely : 1 - likely);
  }
  return sum;
}
