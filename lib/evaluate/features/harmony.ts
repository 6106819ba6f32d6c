import { mean } from "../../numbers.ts";
import { framesOf } from "../../tokens/bars.ts";
import { pitchOf } from "../../tokens/frame.ts";
import { scaleShare } from "../../tokens/key.ts";
import { clearestKey, triadOf } from "./key.ts";
import { addClasses, entropy, type Excerpt, shareOf } from "./excerpt.ts";

/** Features of simultaneous and successive pitch classes. */
export const HARMONY_FEATURES = {
  classEntropy: "variety of pitch classes in bits",
  classesPerBar: "different pitch classes in a bar",
  keyClarity: "how clear the key is",
  barKeyClarity: "how clear the key of a single bar is",
  otherKeys: "how often two bars are in another key than the two before",
  outOfScale: "share of sound outside of the best scale",
  consonant: "share of beats on which all is consonant above the lowest note",
  semitones: "share of beats on which two notes clash by a semitone",
  triads: "share of sound within the triad of its half bar",
  newTriads: "how often a half bar has another root than the one before",
  fifths: "share of roots that move by a fourth or fifth",
  rootSteps: "share of roots that move by one or two semitones",
  classLikeness: "similarity of the pitch classes of neighbouring half bars",
  doubled: "share of chords with a doubled pitch class",
  clusters: "share of frames with neighbours within two semitones",
} as const;

const CONSONANT = new Set([0, 3, 4, 7, 8, 9]);

/** Values of {@linkcode HARMONY_FEATURES}; NaN where there are too few notes. */
export function harmonyFeatures(
  { bars, frames, chords, beat }: Excerpt,
): Record<keyof typeof HARMONY_FEATURES, number> {
  const halves = bars.flatMap(({ halves }) => halves);
  const barClasses = bars.map(({ halves: [first, second] }) => addClasses(first!, second!));
  const whole = barClasses.reduce(addClasses);
  const keys = pairs(barClasses).flatMap((classes) => clearestKey(classes) ?? []);
  const triads = halves.flatMap((classes) => triadOf(classes) ?? []);
  const moves = triads.slice(1).map(({ root }, at) => (root - triads[at]!.root + 12) % 12);
  const changes = moves.filter((move) => move !== 0);
  const onBeats = bars.flatMap((bar) =>
    framesOf(frames, bar).filter((_, t) => Math.floor(t % beat) === 0)
  ).filter((frame) => frame.length > 1).map((frame) => frame.map(pitchOf));
  const sounding = frames.filter((frame) => frame.length > 0);
  const heard = whole.some((value) => value > 0);
  return {
    classEntropy: heard ? entropy(whole) : NaN,
    classesPerBar: mean(
      barClasses.map((classes) => classes.reduce((count, value) => count + (value > 0 ? 1 : 0), 0)),
    ),
    keyClarity: clearestKey(whole)?.clarity ?? NaN,
    barKeyClarity: mean(barClasses.flatMap((classes) => clearestKey(classes)?.clarity ?? [])),
    otherKeys: shareOf(keys.slice(1), ({ key }, at) => key !== keys[at]!.key),
    outOfScale: heard ? 1 - scaleShare(whole) : NaN,
    consonant: shareOf(
      onBeats,
      ([lowest, ...others]) => others.every((pitch) => CONSONANT.has((pitch - lowest!) % 12)),
    ),
    semitones: shareOf(onBeats, clashes),
    triads: mean(triads.map(({ share }) => share)),
    newTriads: changes.length / moves.length,
    fifths: shareOf(changes, (move) => move === 5 || move === 7),
    rootSteps: shareOf(changes, (move) => move <= 2 || move >= 10),
    classLikeness: mean(
      halves.slice(1).flatMap((classes, at) => cosine(classes, halves[at]!) ?? []),
    ),
    doubled: shareOf(
      chords.filter(({ pitches }) => pitches.length > 1),
      ({ pitches }) => bitCount(classBits(pitches)) < pitches.length,
    ),
    clusters: shareOf(
      sounding,
      (frame) => frame.some((code, at) => at > 0 && pitchOf(code) - pitchOf(frame[at - 1]!) <= 2),
    ),
  };
}

function clashes(pitches: readonly number[]): boolean {
  const classes = classBits(pitches), above = (classes << 1 | classes >> 11) & 0xfff;
  return (classes & above) !== 0;
}

/** Pitch classes as bits. */
function classBits(pitches: readonly number[]): number {
  let bits = 0;
  for (const pitch of pitches) bits |= 1 << pitch % 12;
  return bits;
}

function bitCount(bits: number): number {
  let count = 0;
  for (; bits !== 0; bits &= bits - 1) count++;
  return count;
}

/** Sums of consecutive pairs. */
function pairs(all: readonly (readonly number[])[]): (readonly number[])[] {
  return all.flatMap((classes, at) => at % 2 === 1 ? [addClasses(all[at - 1]!, classes)] : []);
}

/** Cosine similarity, or null if either vector is zero. */
function cosine(a: readonly number[], b: readonly number[]): number | null {
  let product = 0;
  for (let at = 0; at < a.length; at++) product += a[at]! * b[at]!;
  const lengths = Math.hypot(...a) * Math.hypot(...b);
  return lengths > 0 ? product / lengths : null;
}
