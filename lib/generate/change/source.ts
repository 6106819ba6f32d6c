import { beatsFile } from "../../beats/file.ts";
import { type BeatsFound, followBeats } from "../../beats/follow.ts";
import { checkChangeable } from "../../midi/edit.ts";
import type { Music } from "../../midi/music.ts";
import { choosePiano } from "../../midi/piano.ts";
import { readMidi } from "../../midi/read.ts";
import { nextStep } from "../../show/next_step.ts";
import { type PlacedMusic, placeOnGrid } from "../../tokens/placed.ts";
import type { TokenizeSettings } from "../../tokens/tokenize.ts";

/** A MIDI file to be changed, read and placed on the model's grid. */
export interface ChangeSource {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly music: Music;
  readonly placed: PlacedMusic;
  /** Beats found from the playing and written into `bytes`, where the file's notes follow none. */
  readonly found?: BeatsFound;
}

/**
 * Reads a MIDI file for a change. If its notes follow no beat of the file, beats are found from the
 * playing, and the file to be changed is one with these, which sounds the same.
 * @throws {Error} with the reason if it cannot be read or changed, or has no notes
 */
export function changeSource(
  name: string,
  bytes: Uint8Array,
  tokenizing: TokenizeSettings,
): ChangeSource {
  const music = readMidi(bytes), { parts } = choosePiano(music, tokenizing.tracks);
  checkChangeable(bytes);
  const from = tokenizing.beats === "file" ? "file" : "auto";
  const { music: followed, found } = followBeats({ ...music, parts }, parts, from);
  if (!found) return { name, bytes, music, placed: placeOnGrid(music, tokenizing) };
  if (parts.length < music.parts.length) {
    throw new Error(
      "its notes follow no beat of the file, so that it has no bars, and it has other parts than " +
        `the piano; write the piano with its beats into a file first: ${
          nextStep("beats", { _: name })
        }`,
    );
  }
  const beaten = beatsFile(followed, name), onBeats = readMidi(beaten);
  return {
    ...{ name, bytes: beaten, music: onBeats, placed: placeOnGrid(onBeats, tokenizing), found },
  };
}
