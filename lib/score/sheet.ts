import type { Music, Part } from "../midi/music.ts";
import { choosePiano } from "../midi/piano.ts";
import { type Clef, clefsOf } from "./clefs.ts";
import { type Hand, splitHands } from "./hands.ts";
import { type BarKeys, keysOf } from "./keys.ts";
import {
  type Dynamic,
  dynamicsOf,
  type OctaveShift,
  octavesOf,
  type PedalMark,
  pedalMarks,
} from "./marks.ts";
import { type ScoreBar, type ScoreMusic, scoreMusic, type ScoreNote } from "./notes.ts";
import { inTriplets, tripletSpans, valuesOf, type Written } from "./values.ts";
import { plainLengths, segmentsOf, separateVoices } from "./voices.ts";

/** One bar of one voice. */
export type VoiceBar = readonly Written[];

/** One bar as it stands on paper. */
export interface SheetBar extends ScoreBar, BarKeys {
  /** Right hand above, left hand below. */
  readonly staves: readonly [right: StaffBar, left: StaffBar];
  /** How loud it is; undefined where the file does not tell. */
  readonly dynamic: Dynamic | undefined;
  /** Marks of the sustain pedal within it, or at its end. */
  readonly pedal: readonly PedalMark[];
}

/** What one hand plays in a bar. */
export interface StaffBar {
  readonly clef: Clef;
  readonly octave: OctaveShift;
  /** One or two voices, the upper one first; each fills the bar. */
  readonly voices: readonly VoiceBar[];
}

/** A piece for piano as it stands on paper. */
export interface ScoreSheet {
  readonly title: string;
  /** Quarter notes per minute at the beginning. */
  readonly beatsPerMinute: number;
  readonly bars: readonly SheetBar[];
  /** The notes that are written, by start, then pitch, and who plays them. */
  readonly notes: readonly (ScoreNote & { readonly hand: Hand })[];
  /** See {@linkcode ScoreMusic.offGrid}. */
  readonly offGrid: number;
}

/**
 * Writes the piano's part of a MIDI file down: note values, hands, voices, keys, clefs,
 * and how loud it is, its pedal and octave signs. The hands
 * are the file's own where it has one part for each.
 * @param title what stands above the music
 * @param stepsPerBeat see {@linkcode scoreMusic}
 * @throws {RangeError} if there are no notes for a piano
 */
export function writeSheet(music: Music, title: string, stepsPerBeat?: number): ScoreSheet {
  const { parts } = choosePiano(music, "piano");
  const written = scoreMusic(music, parts, stepsPerBeat);
  const hands = handsOf(written, parts);
  const { bars } = written;
  const keys = keysOf(written.notes, bars, written.signatures);
  const staves = (["right", "left"] as const).map((hand) =>
    staffOf(written.notes.filter((_, i) => hands[i] === hand), bars, hand)
  );
  const dynamics = dynamicsOf(music, parts, bars);
  const pedal = pedalMarks(music, parts, bars);
  return {
    title,
    beatsPerMinute: written.tempos[0]!.beatsPerMinute,
    bars: bars.map((bar, i) => ({
      ...bar,
      ...keys[i]!,
      staves: [staves[0]![i]!, staves[1]![i]!],
      dynamic: dynamics[i],
      pedal: pedal.filter(({ at, type }) =>
        type === "stop"
          ? at > bar.start && at <= bar.start + bar.length
          : at >= bar.start && at < bar.start + bar.length
      ),
    })),
    notes: written.notes.map((note, i) => ({ ...note, hand: hands[i]! })),
    offGrid: written.offGrid,
  };
}

/** Semitones between the means of two parts that are two hands. */
const HANDS_APART = 5;

function handsOf({ notes }: ScoreMusic, parts: readonly Part[]): Hand[] {
  if (parts.length === 2) {
    const means = parts.map(({ notes }) =>
      notes.reduce((sum, { pitch }) => sum + pitch, 0) / notes.length
    );
    if (Math.abs(means[0]! - means[1]!) >= HANDS_APART) {
      const right = means[0]! > means[1]! ? 0 : 1;
      return notes.map(({ part }) => part === right ? "right" : "left");
    }
  }
  return splitHands(notes);
}

function staffOf(notes: readonly ScoreNote[], bars: readonly ScoreBar[], hand: Hand): StaffBar[] {
  const clefs = clefsOf(notes, bars, hand === "right" ? "treble" : "bass");
  const octaves = octavesOf(notes, bars, clefs);
  const voices = separateVoices(plainLengths(notes)).map((voice) => voiceOf(voice, bars));
  return bars.map((_, i) => ({
    clef: clefs[i]!,
    octave: octaves[i]!,
    voices: voices.map((voice) => voice[i]!)
      .filter((bar, index) => index === 0 || bar.some(({ notes }) => notes.length > 0)),
  }));
}

function voiceOf(notes: readonly ScoreNote[], bars: readonly ScoreBar[]): VoiceBar[] {
  const spans = bars.map((bar) => tripletSpans(notes.filter((note) => touches(note, bar)), bar));
  const settled = notes.map((note) =>
    bars.reduce(
      (moved, bar, i) =>
        touches(note, bar) && spans[i]!.size > 0 ? inTriplets([moved], bar, spans[i]!)[0]! : moved,
      note,
    )
  );
  return bars.map((bar, i) => {
    const end = bar.start + bar.length;
    const inside = settled.filter((note) => touches(note, bar));
    return segmentsOf(inside, bar.start, end)
      .flatMap((segment) => valuesOf(segment, bar, spans[i]!));
  });
}

function touches(note: ScoreNote, { start, length }: ScoreBar): boolean {
  return note.start < start + length && note.end > start;
}
