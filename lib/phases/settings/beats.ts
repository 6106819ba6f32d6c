import { chosen, onOff, path, type Table, text } from "./declare.ts";
import { midiFile, type Roots, roots } from "./shared.ts";

/** Whose beats `beats` finds, and where it writes them. */
export interface BeatsSettings {
  /** Path of a MIDI file. */
  readonly midi: string;
  /** Path of the MIDI file to be made. Default: beside the file, its name with `-beats`. */
  readonly out?: string;
  /** A metre that settles what would be heard, such as `4/4` or `6/8`. Default: as it is heard. */
  readonly bar?: string;
  /** Strikes the piano's highest keys on the beats, to hear whether they are right. Default false. */
  readonly click?: boolean;
  /** Which parts are read: `piano`, `first`, or `all` but drums. Default `piano`. */
  readonly tracks?: "piano" | "first" | "all";
}

/** Defaults of {@linkcode BeatsSettings}. */
export const beatsDefaults = { click: false, tracks: "piano" } as const;

/** The metre that is settled beforehand. */
export const barSetting = text<string>(
  "N/D",
  "Settles the metre of music whose beats are found: 4/4, 6/8",
  {
    usually: "as it is heard",
  },
);

/** What {@linkcode BeatsSettings} may be. */
export const beatsTable: Table<BeatsSettings & Roots> = {
  midi: midiFile,
  out: path("FILE.mid", "MIDI file to write", { usually: "FILE-beats.mid" }),
  bar: barSetting,
  click: onOff("Strikes the highest keys on the beats, to hear whether they are right"),
  tracks: chosen<"piano" | "first" | "all">(
    "Pianos by their programmes, the first part, or all but drums",
    { choices: ["piano", "first", "all"], default: beatsDefaults.tracks },
  ),
  ...roots,
};
