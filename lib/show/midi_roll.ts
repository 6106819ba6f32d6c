import { midiName, type ToneMidi } from "../midi/tone.ts";
import { attempt } from "../store/files.ts";
import { readMusicFile } from "../store/music_files.ts";
import type { Grid } from "../tokens/piece.ts";
import { tokenize } from "../tokens/tokenize.ts";
import { type MidiRollOptions, pianoRoll } from "./piano_roll.ts";
import type { Plot } from "./plot.ts";

/**
 * Piano roll of a MIDI file's pitched parts.
 * @throws {Error} if it cannot be read or has no notes
 */
export async function midiRoll(
  file: string | ToneMidi,
  options: MidiRollOptions = {},
): Promise<Plot> {
  const { stepsPerBeat = 4, ...rest } = options;
  const grid: Grid = { unit: "beat", steps: stepsPerBeat, attacks: true };
  return await attempt(`draw ${midiName(file)}`, async () => {
    const music = await readMusicFile(file);
    const piece = tokenize(music, { grid, tracks: "all", melody: false, pedal: false });
    return pianoRoll({ name: midiName(file), ...piece }, { ...rest, grid });
  });
}
