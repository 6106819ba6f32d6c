import { ABOVE_BASS } from "../harmony/evidence.ts";
import { isInScale, keyOfChords } from "../harmony/scale.ts";
import { ENDS, FREE, OFF, STAYS, STRUCK } from "../model/model.ts";
import { stepsPerBeat } from "../tokens/bars.ts";
import { bassOf, type Chord, chordTones, guideTones } from "../tokens/chord.ts";
import type { Grid } from "../tokens/piece.ts";
import { beatOf, type Plan, type PlannedChord } from "../tokens/plan.ts";
import { bassAfter, LOWEST_BASS } from "./plan/chords.ts";

/** Lowest pitch of passing notes: below it, they blur the chord. */
const LOWEST_PASSING = 60;

/**
 * Lowest pitch of guide tones, which are struck within an octave above it if the bass is not near.
 */
const LOWEST_GUIDE = 52;

/** Least semitones of a guide tone above the bass where there is little room. */
const LEAST_ABOVE_BASS = 3;

const OCTAVE = 12;

/**
 * Constraints of a plan's chords per frame: a byte for each of the 128 pitches; undefined where
 * there are none.
 */
type ChordConstraints = (frame: number) => Uint8Array | undefined;

/**
 * Constraints on a plan's frames that make its chords audible: with each chord its bass and guide
 * tones are struck and stay for a beat; no note lies below the bass or close above it; on beats
 * only notes of the chord sound, and between beats also notes of the chords' key in the upper half
 * of the keyboard. Soft chords constrain nothing. Undefined where the plan has no others.
 * @param given notes beside which the chords are to be heard
 */
export function chordConstraints(
  plan: Plan,
  grid: Grid,
  given: GivenNotes = NONE_GIVEN,
): ChordConstraints | undefined {
  const hard = plan.bars.flatMap(({ chords = [] }) => chords.map(hardChord));
  if (!hard.some((chord) => chord)) return undefined;
  const beat = stepsPerBeat(grid), key = keyOfChords(hard);
  const passing = Array.from({ length: 12 }, (_, one) => one).filter((one) => isInScale(one, key));
  const rows: (Uint8Array | undefined)[] = [];
  for (const { frames, steps, bottom, chords } of plan.bars) {
    const phase = Math.max(0, steps - frames);
    let current: Chord | null = null, bass = 0, since = 0, struck: readonly number[] = [];
    for (let step = 0; step < frames; step++) {
      const begins = chords?.find((one) => one.step === step), frame = rows.length;
      if (begins) {
        [current, since] = [hardChord(begins), step];
        if (current) {
          const asked = bottom?.[beatOf(step, phase, beat)] ?? bass;
          const near = bassAfter(step > 0 && bass > 0 ? bass : undefined, asked, current);
          const isOpen = (pitch: number) => given.isOpen(frame, pitch);
          const end = frame + (chords!.find((one) => one.step > step)?.step ?? frames) - step;
          const needed = neededTones(current, given.classesIn(frame, end));
          bass = inRoom(near, LOWEST_BASS, isOpen) ?? near;
          struck = [bass, ...needed.flatMap((one) => upperTone(bass, one, isOpen) ?? [])];
        }
      }
      if (!current) {
        rows.push(undefined);
        continue;
      }
      const isOnBeat = begins || Math.abs((step + phase) / beat % 1) < 1e-9;
      const bytes = held(current, bass, isOnBeat ? [] : passing);
      if (step < since + beat) {
        for (const pitch of struck) bytes[pitch] = begins ? STRUCK : STAYS;
      }
      rows.push(bytes);
    }
  }
  return (frame) => rows[frame];
}

/** Fixed notes beside those to be sampled. */
interface GivenNotes {
  /**
   * Whether a pitch may be struck on a frame; basses and other tones that may not are struck octaves
   * lower, if there is room.
   */
  readonly isOpen: (frame: number, pitch: number) => boolean;
  /** Pitch classes that sound from one frame to another. */
  readonly classesIn: (from: number, end: number) => ReadonlySet<number>;
}

const NONE_GIVEN: GivenNotes = { isOpen: () => true, classesIn: () => new Set() };

/**
 * Tones of a chord to be struck above its bass: the guide tones, and tones that distinguish the
 * chord where fixed notes would suggest another one: if these include notes outside the chord, all
 * of its tones; if they include the fifth of a seventh chord, whose upper notes form a triad
 * themselves, the root.
 */
function neededTones(chord: Chord, given: ReadonlySet<number>): number[] {
  const tones = chordTones(chord), [root, , fifth] = tones;
  const isForeign = [...given].some((one) => !tones.includes(one) && one !== bassOf(chord));
  const isUpperTriad = tones.length > 3 && given.has(fifth!);
  return [
    ...new Set([...guideTones(chord), ...isForeign ? tones : isUpperTriad ? [root!] : []]),
  ];
}

/** Pitch of a chord tone above a bass, as low as is clear; undefined if there is no room. */
function upperTone(
  bass: number,
  pitchClass: number,
  isOpen: (pitch: number) => boolean,
): number | undefined {
  const usual = pitchFrom(Math.max(LOWEST_GUIDE, bass + ABOVE_BASS), pitchClass);
  return inRoom(usual, bass + LEAST_ABOVE_BASS, isOpen);
}

/** The highest open pitch that is a number of octaves below a pitch, down to a limit. */
function inRoom(
  pitch: number,
  lowest: number,
  isOpen: (pitch: number) => boolean,
): number | undefined {
  if (isOpen(pitch)) return pitch;
  return pitch - OCTAVE >= lowest ? inRoom(pitch - OCTAVE, lowest, isOpen) : undefined;
}

/**
 * Constraints of given notes, and of a plan's chords on all pitches that these leave free.
 * @param constraints per frame, see `ByPitch`
 * @param from frame of the plan at the first of them
 */
export function withChordsHeld(
  constraints: readonly Uint8Array[],
  plan: Plan,
  from: number,
  grid: Grid,
): readonly Uint8Array[] {
  const isFree = (byte: number | undefined) => byte === FREE || byte === ENDS;
  const sounding = constraints.map((one) =>
    Array.from(one.keys()).filter((pitch) => one[pitch] === STRUCK || one[pitch] === STAYS)
      .map((pitch) => pitch % 12)
  );
  const ofChords = chordConstraints(plan, grid, {
    isOpen: (frame, pitch) => isFree(constraints[frame - from]?.[pitch]),
    classesIn: (first, end) =>
      new Set(sounding.slice(Math.max(0, first - from), end - from).flat()),
  });
  if (!ofChords) return constraints;
  let before: Uint8Array | undefined;
  return constraints.map((given, index) => {
    const chord = ofChords(from + index), last = before;
    before = chord
      ? given.map((byte, pitch) => {
        if (!isFree(byte)) return byte;
        const asked = chord[pitch]!;
        const goesOn = last && [STRUCK, STAYS].includes(last[pitch]!) && byte === FREE;
        return asked === FREE || asked === STAYS && !goesOn ? byte : asked;
      })
      : given;
    return before;
  });
}

/** The chord if it is a hard constraint. */
function hardChord({ chord, soft }: PlannedChord): Chord | null {
  return soft ? null : chord;
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
