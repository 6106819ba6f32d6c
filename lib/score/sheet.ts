import type { Music } from "../midi/music.ts";
import { choosePiano } from "../midi/piano.ts";
import { plainLengths } from "./articulation.ts";
import { type ChordMark, chordMarks, type ChordsShown } from "./chord_marks.ts";
import { type Clef, clefsOf } from "./clefs.ts";
import type { Hand } from "./hands.ts";
import { type BarKeys, keysOf } from "./keys.ts";
import {
  type Dynamic,
  dynamicsOf,
  type OctaveShift,
  octavesOf,
  type PedalMark,
  pedalMarks,
} from "./marks.ts";
import type { ScoreBar, ScoreMusic, ScoreNote } from "./notes.ts";
import { scoreMusic } from "./score_music.ts";
import { isForFourHands } from "./part_hands.ts";
import { inBars, settle } from "./settle.ts";
import { valuesOf, type Written } from "./values.ts";
import { segmentsOf, separateVoices } from "./voices.ts";

/** One bar of one voice. */
export type VoiceBar = readonly Written[];

/** One bar of the written score. */
export interface SheetBar extends ScoreBar, BarKeys {
  /** Right hand above, left hand below. */
  readonly staves: readonly [right: StaffBar, left: StaffBar];
  /** Quarter notes per minute from here on; undefined where the tempo stays. */
  readonly beatsPerMinute: number | undefined;
  /** Dynamic marking; undefined where the file has no dynamics. */
  readonly dynamic: Dynamic | undefined;
  /** Chord symbols. */
  readonly chords: readonly ChordMark[];
  /** Sustain pedal marks within it, or at its end. */
  readonly pedal: readonly PedalMark[];
}

/** One hand's part of a bar. */
export interface StaffBar {
  readonly clef: Clef;
  readonly octave: OctaveShift;
  /** One or two voices, the upper one first; each fills the bar. */
  readonly voices: readonly VoiceBar[];
}

/** A written piano score. */
export interface ScoreSheet {
  readonly title: string;
  readonly bars: readonly SheetBar[];
  /** The written notes, by start, then pitch, with the hands that play them. */
  readonly notes: readonly ScoreNote[];
  /** See {@linkcode ScoreMusic.offGrid}. */
  readonly offGrid: number;
  /** See {@linkcode ScoreMusic.followsBeats}. */
  readonly followsBeats: boolean;
  /** Whether it is for two players, with four hands on two staves. */
  readonly isForFourHands: boolean;
}

/** Settings of {@linkcode writeSheet}. */
export interface SheetSettings {
  /** See {@linkcode scoreMusic}. */
  readonly stepsPerBeat?: number | undefined;
  /** Chord symbols above the staff. Default: those of the file. */
  readonly chords?: ChordsShown | undefined;
}

/**
 * Transcribes the piano part of a MIDI file into notation: note values, hands, voices, keys, clefs,
 * dynamics, pedal and octave signs. The hands are the file's own where it has one part for each.
 * @param title title above the music
 * @throws {RangeError} if there are no notes for a piano
 */
export function writeSheet(
  music: Music,
  title: string,
  { stepsPerBeat, chords = "file" }: SheetSettings = {},
): ScoreSheet {
  const { parts } = choosePiano(music, "piano");
  const written = scoreMusic(music, parts, stepsPerBeat);
  const { bars } = written;
  const keys = keysOf(written.notes, bars, written.signatures);
  const staves = (["right", "left"] as const).map((hand) =>
    staffOf(written.notes.filter((note) => note.hand === hand), written, hand)
  );
  const dynamics = dynamicsOf(written, parts);
  const pedal = pedalMarks(written, parts), symbols = chordMarks(chords, music, written, keys);
  return {
    title,
    bars: bars.map((bar, i) => ({
      ...bar,
      ...keys[i]!,
      staves: [staves[0]![i]!, staves[1]![i]!],
      beatsPerMinute: written.tempos.find(({ bar }) => bar === i)?.beatsPerMinute,
      dynamic: dynamics[i],
      chords: symbols.filter(({ at }) => at >= bar.start && at < bar.start + bar.length),
      pedal: pedal.filter(({ at, type }) =>
        type === "stop"
          ? at > bar.start && at <= bar.start + bar.length
          : at >= bar.start && at < bar.start + bar.length
      ),
    })),
    notes: written.notes,
    offGrid: written.offGrid,
    followsBeats: written.followsBeats,
    isForFourHands: isForFourHands(parts),
  };
}

function staffOf(notes: readonly ScoreNote[], music: ScoreMusic, hand: Hand): StaffBar[] {
  const { bars } = music;
  const clefs = clefsOf(notes, bars, hand === "right" ? "treble" : "bass");
  const octaves = octavesOf(notes, bars, clefs);
  const voices = separateVoices(plainLengths(notes, music)).map((voice) => voiceOf(voice, bars));
  return bars.map((_, i) => ({
    clef: clefs[i]!,
    octave: octaves[i]!,
    voices: voices.map((voice) => voice[i]!)
      .filter((bar, index) => index === 0 || bar.some(({ notes }) => notes.length > 0)),
  }));
}

function voiceOf(given: readonly ScoreNote[], bars: readonly ScoreBar[]): VoiceBar[] {
  const { notes, tuplets } = settle(given, bars);
  const touching = inBars(notes, bars);
  return bars.map((bar, i) => {
    const end = bar.start + bar.length;
    const inside = touching[i]!.map((index) => notes[index]!);
    return segmentsOf(inside, bar.start, end)
      .flatMap((segment) => valuesOf(segment, bar, tuplets[i]!));
  });
}
