import { path, type Table } from "./declare.ts";
import { type Roots, roots, threads } from "./shared.ts";

/** What `transcribe` listens to. */
export interface TranscribeSettings {
  /** Folder of recordings, read with all folders in it; or one recording. Never written to, unless it is `out`. */
  readonly audio: string;
  /** Folder for the MIDI files, which has the recordings' folders within it. */
  readonly out: string;
  /** Threads to compute with, 1 to 8. Default: all cores. */
  readonly threads?: number;
}

/** What {@linkcode TranscribeSettings} may be. */
export const transcribeTable: Table<TranscribeSettings & Roots> = {
  audio: path("DIR", "Folder of recordings (.mp3, .wav, .flac, .ogg) with all folders in it", {
    required: true,
    positional: true,
  }),
  out: path("DIR", "Folder for the MIDI files, and a page to hear them", { required: true }),
  threads,
  ...roots,
};
