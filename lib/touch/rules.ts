import type { Feature } from "./features.ts";

/**
 * Weights of the rule-based performance, used where no performances were learned: the KTH rules
 * (Friberg, Bresin and Sundberg 2006, Advances in Cognitive Psychology 2, 145–161) as weights of
 * their features, in velocities. Their 1 dB is about 3 velocities on a sampled piano.
 */
export const RULES: Readonly<Partial<Record<Feature, number>>> = {
  top: 7, // melody lead and ensemble balance: the top voice above the others
  bass: 1.5,
  inner: -4,
  abovePiece: 3, // high-loud: 3 dB an octave at most
  topHigh: 1,
  phraseArch: 5, // phrase arch: softer where phrases begin and end
  pieceEnd: -4,
  peak: 2, // the top of a melodic line
  leap: 2, // leap articulation
  barLine: 2.5, // metric accents, after the hierarchy of beats (Parncutt 1994; Sloboda 1983)
  halfBar: 1,
  offBeat: -2,
  syncopation: 2,
  topLong: 1, // duration contrast: short notes shorter and softer
  short: -1.5,
  chromatic: 2, // melodic charge: remarkable notes are stressed
  repeated: -1.5, // repetition: the second of two equal notes softer
  chordSize: -1, // chords stay within the level of the melody
};
