import type { MidiLimits } from "../../midi/music.ts";
import { chosen, onOff, path, type Table, text, whole } from "./declare.ts";
import { barSetting, beatsSetting } from "./beats.ts";
import { type Roots, roots } from "./shared.ts";

/** Settings of `preprocess`. */
export interface PreprocessSettings extends Roots {
  /**
   * Folder of MIDI files and scores, read with all its subfolders; or one MIDI file. Never written
   * to.
   */
  readonly midi: string;
  /** Name of the new corpus. */
  readonly name: string;
  /** Steps per beat (quarter note), 1 to 96; the tempo does not matter. Default 4. */
  readonly stepsPerBeat?: number;
  /** Frames per second, 1 to 200, instead of steps per beat: for recordings without a beat. */
  readonly framesPerSecond?: number;
  /**
   * Whether frames distinguish struck notes from held ones, so that repeated notes survive. Default
   * true.
   */
  readonly attacks?: boolean;
  /** Parts to read: `piano`, `first`, or `all` except drums. Default `piano`. */
  readonly tracks?: "piano" | "first" | "all";
  /** Whether to keep only the highest sounding note of each step. Default false. */
  readonly melody?: boolean;
  /** Whether the sustain pedal lengthens notes. Default false. */
  readonly pedal?: boolean;
  /**
   * Source of beats: the file's where its notes follow them, otherwise estimated from the notes
   * (`auto`); always the `file`'s; or always estimated (`track`). Default `auto`.
   */
  readonly beats?: "auto" | "file" | "track";
  /**
   * Metre of music with estimated beats, such as `4/4` or `6/8`. Default: estimated from the notes.
   */
  readonly bar?: string;
  /** Limits on the contents of a MIDI file, beyond which it is skipped. */
  readonly limits?: Partial<MidiLimits>;
}

/** Defaults of {@linkcode PreprocessSettings}. */
export const preprocessDefaults = {
  stepsPerBeat: 4,
  attacks: true,
  tracks: "piano",
  melody: false,
  pedal: false,
  beats: "auto",
} as const;

/** Schema of {@linkcode PreprocessSettings}; `limits` is available in code only. */
export const preprocessTable: Table<Omit<PreprocessSettings, "limits">> = {
  midi: path(
    "DIR",
    "Folder of MIDI files and scores (MusicXML, Humdrum, ABC), subfolders included; it is only read",
    { required: true },
  ),
  name: text("NAME", "Name of the corpus", { required: true }),
  stepsPerBeat: whole("N", "Steps per quarter note, at any tempo", {
    least: 1,
    most: 96,
    default: preprocessDefaults.stepsPerBeat,
  }),
  framesPerSecond: whole("N", "Frames per second instead, for recordings without a beat", {
    least: 1,
    most: 200,
  }),
  attacks: onOff("Does not distinguish struck from held notes, so that repeated notes merge", {
    default: preprocessDefaults.attacks,
  }),
  tracks: chosen<"piano" | "first" | "all">(
    "Parts to read: those with a piano programme, the first part, or all but drums",
    { choices: ["piano", "first", "all"], default: preprocessDefaults.tracks },
  ),
  melody: onOff("Keeps only the highest sounding note of each step"),
  pedal: onOff("Extends notes by the sustain pedal"),
  beats: beatsSetting,
  bar: barSetting,
  ...roots,
};
