import { path, type Table } from "./declare.ts";
import { type Roots, roots, threads } from "./shared.ts";

/** Settings of `transcribe`. */
export interface TranscribeSettings {
  /**
   * Folder of recordings, read with all its subfolders; or one recording. Never written to, unless
   * it is `out`.
   */
  readonly audio: string;
  /** Folder for the MIDI files, with the recordings' subfolders. */
  readonly out: string;
  /** Number of threads, 1 to 8. Default: all cores. */
  readonly threads?: number;
}

/** Schema of {@linkcode TranscribeSettings}. */
export const transcribeTable: Table<TranscribeSettings & Roots> = {
  audio: path("DIR", "Folder of recordings (.mp3, .wav, .flac, .ogg), subfolders included", {
    required: true,
    positional: true,
  }),
  out: path("DIR", "Folder for the MIDI files and a page for listening", { required: true }),
  threads,
  ...roots,
};
