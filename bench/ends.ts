/**
 * Measures the endings of the pieces in each folder: the shares whose last sounding chord has the
 * tonic of the key in its bass, or contains it; whose last notes are longer than the median; and
 * that close by both criteria.
 *
 *     deno run --allow-read bench/ends.ts FOLDER ...
 *
 * @module
 */
import { join } from "node:path";
import { findMidiFiles } from "../lib/store/midi_files.ts";
import { readMusicFile } from "../lib/store/music_files.ts";
import { pitchOf } from "../lib/tokens/frame.ts";
import { decodeFrames } from "../lib/tokens/grid.ts";
import { keyOf } from "../lib/tokens/find_key.ts";
import { planOf } from "../lib/tokens/plan_of.ts";
import { tokenize } from "../lib/tokens/tokenize.ts";
import { USUAL_TOKENS } from "./table.ts";

for (const folder of Deno.args) {
  const { names } = await findMidiFiles(folder);
  const pieces = await Promise.all(names.map(async (name) => {
    const { frames, metres } = tokenize(await readMusicFile(join(folder, name)), USUAL_TOKENS);
    const { tonic } = keyOf(planOf({ frames, metres }, USUAL_TOKENS.grid).bars);
    const notes = decodeFrames(frames, true);
    const end = notes.reduce((last, note) => Math.max(last, note.end), 0);
    const lengths = notes.map((note) => note.end - note.start).sort((a, b) => a - b);
    const last = notes.filter((note) => note.end === end).map(({ start }) => end - start);
    const chord = frames[end - 1]!.map((code) => pitchOf(code) % 12);
    const mean = last.reduce((sum, length) => sum + length, 0) / last.length;
    return {
      "tonic in the bass": chord[0] === tonic,
      "tonic in the chord": chord.includes(tonic),
      "longer than the median": mean > lengths[lengths.length >> 1]!,
    };
  }));
  console.log(`${folder}: ${pieces.length} pieces`);
  const share = (of: (piece: (typeof pieces)[number]) => boolean) =>
    (pieces.filter(of).length / pieces.length).toFixed(2);
  for (const what of Object.keys(pieces[0] ?? {}) as (keyof (typeof pieces)[number])[]) {
    console.log(`  ${what.padEnd(24)} ${share((piece) => piece[what])}`);
  }
  const closes = share((piece) => piece["tonic in the bass"] && piece["longer than the median"]);
  console.log(`  ${"closes".padEnd(24)} ${closes}`);
}
