import { TEMPO_RANGE } from "../../beats/hints.ts";
import { chosen, number, onOff, path, type Table, text } from "./declare.ts";
import { midiFile, type Roots, roots } from "./shared.ts";

/** Settings of `beats`. */
export interface BeatsSettings {
  /** Path of a MIDI file. */
  readonly midi: string;
  /** Path of the MIDI file to be made. Default: beside the file, its name with `-beats`. */
  readonly out?: string;
  /** Fixed metre, such as `4/4` or `6/8`. Default: estimated from the notes. */
  readonly bar?: string;
  /**
   * Approximate tempo in beats per minute; found beats are within half an octave of it. Default:
   * estimated.
   */
  readonly tempo?: number;
  /**
   * Whether the piano's highest keys are struck on the beats, to check them by ear. Default false.
   */
  readonly click?: boolean;
  /** Parts to read: `piano`, `first`, or `all` except drums. Default `piano`. */
  readonly tracks?: "piano" | "first" | "all";
}

/** Defaults of {@linkcode BeatsSettings}. */
export const beatsDefaults = { click: false, tracks: "piano" } as const;

/** Source of beats. */
export const beatsSetting = chosen<"auto" | "file" | "track">(
  "Source of beats: the file where its notes follow them, otherwise the playing; always the file; always the playing",
  { choices: ["auto", "file", "track"], default: "auto" },
);

/** A metre fixed in advance. */
export const barSetting = text<string>(
  "N/D",
  "Metre of music whose beats are found: 4/4, 6/8",
  {
    usually: "estimated",
  },
);

/** Tempo of found beats, roughly. */
export const tempoSetting = number<number>(
  "N",
  "Approximate beats per minute, if they are found twice too fast or too slow",
  { ...TEMPO_RANGE, usually: "estimated" },
);

/** Schema of {@linkcode BeatsSettings}. */
export const beatsTable: Table<BeatsSettings & Roots> = {
  midi: midiFile,
  out: path("FILE.mid", "MIDI file to write", { usually: "FILE-beats.mid" }),
  bar: barSetting,
  tempo: tempoSetting,
  click: onOff("Adds the highest keys on the beats, to check them by ear"),
  tracks: chosen<"piano" | "first" | "all">(
    "Parts to read: those with a piano programme, the first part, or all but drums",
    { choices: ["piano", "first", "all"], default: beatsDefaults.tracks },
  ),
  ...roots,
};
