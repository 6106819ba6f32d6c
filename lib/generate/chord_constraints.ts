import { ABOVE_BASS } from "../harmony/evidence.ts";
import { isInScale, keyOfChords } from "../harmony/scale.ts";
import { FREE, OFF, STAYS, STRUCK } from "../model/model.ts";
import { stepsPerBeat } from "../tokens/bars.ts";
import { type Chord, chordTones, guideTones } from "../tokens/chord.ts";
import type { Grid } from "../tokens/piece.ts";
import { beatOf, type Plan } from "../tokens/plan.ts";
import { bassNear } from "./plan/chords.ts";

/** Lowest pitch of passing notes: below it, they blur the chord. */
const LOWEST_PASSING = 60;

/**
 * Lowest pitch of guide tones, which are struck within an octave above it if the bass is not near.
 */
const LOWEST_GUIDE = 52;

/**
 * Constraints of a plan's chords per frame: a byte for each of the 128 pitches; undefined where
 * there are none.
 */
export type ChordConstraints = (frame: number) => Uint8Array | undefined;

/**
 * Constraints on a plan's frames that make its chords audible: with each chord its bass and guide
 * tones are struck and stay for a beat; no note lies below the bass or close above it; on beats
 * only notes of the chord sound, and between beats also notes of the chords' key in the upper half
 * of the keyboard. Undefined where the plan has no chords.
 */
export function chordConstraints(plan: Plan, grid: Grid): ChordConstraints | undefined {
  if (!plan.bars.some(({ chords }) => chords?.some(({ chord }) => chord))) return undefined;
  const beat = stepsPerBeat(grid);
  const key = keyOfChords(plan.bars.flatMap(({ chords = [] }) => chords.map(({ chord }) => chord)));
  const passing = Array.from({ length: 12 }, (_, one) => one).filter((one) => isInScale(one, key));
  const given: (Uint8Array | undefined)[] = [];
  for (const { frames, steps, bottom, chords } of plan.bars) {
    const phase = Math.max(0, steps - frames);
    let current: Chord | null = null, bass = 0, since = 0;
    for (let step = 0; step < frames; step++) {
      const begins = chords?.find((one) => one.step === step);
      if (begins) {
        [current, since] = [begins.chord, step];
        if (current) bass = bassNear(bottom?.[beatOf(step, phase, beat)] ?? bass, current);
      }
      if (!current) {
        given.push(undefined);
        continue;
      }
      const isOnBeat = begins || Math.abs((step + phase) / beat % 1) < 1e-9;
      const bytes = held(current, bass, isOnBeat ? [] : passing);
      const guides = guideTones(current)
        .map((one) => pitchFrom(Math.max(LOWEST_GUIDE, bass + ABOVE_BASS), one));
      if (step < since + beat) {
        for (const pitch of [bass, ...guides]) bytes[pitch] = begins ? STRUCK : STAYS;
      }
      given.push(bytes);
    }
  }
  return (frame) => given[frame];
}

/** The lowest pitch of a pitch class, from a given pitch on. */
function pitchFrom(lowest: number, pitchClass: number): number {
  return lowest + ((pitchClass - lowest) % 12 + 12) % 12;
}

/**
 * Constraints that exclude all pitches except passing notes and those of a chord from its bass on.
 */
function held(chord: Chord, bass: number, passing: readonly number[]): Uint8Array {
  const tones = chordTones(chord);
  return Uint8Array.from({ length: 128 }, (_, pitch) => {
    const isOfChord = tones.includes(pitch % 12);
    const passes = pitch >= LOWEST_PASSING && passing.includes(pitch % 12);
    return pitch === bass || pitch >= bass + ABOVE_BASS && (isOfChord || passes) ? FREE : OFF;
  });
}
