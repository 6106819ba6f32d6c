import type { ToneMidi } from "../../midi/tone.ts";
import { onOff, path, type Table } from "./declare.ts";
import { midiFile, type Roots, roots } from "./shared.ts";

/** Settings of `listen`. */
export interface ListenSettings {
  /** Path of a MIDI file, or a `Midi` object of `@tonejs/midi`; then `out` is needed. */
  readonly midi: string | ToneMidi;
  /** Path of the WAV file to be made. Default: beside the MIDI file, with its name. */
  readonly out?: string;
  /** Whether to replace a file not written by this program. Default false. */
  readonly overwrite?: boolean;
  /** Path of a SoundFont (SF2, SF3 or DLS) to play on. Default: the included piano. */
  readonly soundFont?: string;
}

/** Schema of {@linkcode ListenSettings}. */
export const listenTable: Table<ListenSettings & Roots> = {
  midi: midiFile,
  out: path("FILE.wav", "WAV file to write", { usually: "beside FILE.mid" }),
  soundFont: path("FILE", "SoundFont (SF2, SF3, DLS) to play on", {
    flag: "soundfont",
    usually: "the recorded piano",
  }),
  overwrite: onOff("Replaces an existing file that this program did not write"),
  ...roots,
};
