import { chosen, path, type Table, text, whole } from "./declare.ts";
import { barSetting, beatsSetting, tempoSetting } from "./beats.ts";
import { midiFile, type Roots, roots } from "./shared.ts";

/** Settings of `score`. */
export interface ScoreSettings {
  /** Path of a MIDI file. */
  readonly midi: string;
  /** Path of the SVG file to be made. Default: beside the MIDI file, with its name. */
  readonly out?: string;
  /** Title above the music. Default: the MIDI file's name. */
  readonly title?: string;
  /** Fixed number of divisions of every beat, 1 to 48. Default: chosen per beat from its notes. */
  readonly stepsPerBeat?: number;
  /**
   * Chord symbols above the staff: those that the file has, as music has that was made to chords or
   * comes from a lead sheet; those found in the notes; or none. Default `file`.
   */
  readonly chords?: "file" | "found" | "none";
  /**
   * Source of beats: the file's where its notes follow them, otherwise estimated from the notes
   * (`auto`); always the file's; always estimated. Default `auto`.
   */
  readonly beats?: "auto" | "file" | "track";
  /** Metre of music with estimated beats, such as `4/4` or `6/8`. Default: estimated. */
  readonly bar?: string;
  /** Approximate tempo in beats per minute, where beats are estimated. Default: estimated. */
  readonly tempo?: number;
}

/** Schema of {@linkcode ScoreSettings}. */
export const scoreTable: Table<ScoreSettings & Roots> = {
  midi: midiFile,
  out: path("FILE.svg", "SVG file to write; several pages are numbered", {
    usually: "beside FILE.mid",
  }),
  title: text("TEXT", "Title above the music", { usually: "the file's name" }),
  stepsPerBeat: whole("N", "Divides every beat into this many steps", {
    least: 1,
    most: 48,
    usually: "by the notes of each beat",
  }),
  chords: chosen<NonNullable<ScoreSettings["chords"]>>(
    "Chord symbols above the staff: the file's own, those found in the notes, or none",
    {
      choices: ["file", "found", "none"],
      default: "file",
    },
  ),
  beats: beatsSetting,
  bar: barSetting,
  tempo: tempoSetting,
  ...roots,
};
