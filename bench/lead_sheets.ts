/**
 * Measures accompaniment from lead sheets: a model receives the melodies of a folder's pieces with
 * the chords found in them, and the chord finder looks for these chords in its accompaniment.
 *
 *     deno run -A bench/lead_sheets.ts --midi FOLDER [--model base] [--count 24] [--bars 8] [--from 8]
 *         [--candidates N]
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "node:path";
import { topLine } from "../lib/generate/change/scope.ts";
import { writeChords } from "../tests/harmony/write_chords.ts";
import { beatsIn, chordsIn } from "../lib/harmony/find.ts";
import { sheetOfPiece } from "../lib/harmony/piece_chords.ts";
import { notesOf } from "../lib/midi/edit.ts";
import { readMidi } from "../lib/midi/read.ts";
import { writeMidi } from "../lib/midi/write.ts";
import { generate } from "../lib/phases/generate.ts";
import { barsOf } from "../lib/tokens/bars.ts";
import { slice } from "../lib/tokens/excerpt.ts";
import { decodeFrames } from "../lib/tokens/grid.ts";
import type { PlacedNote } from "../lib/tokens/placed.ts";
import { tokenize } from "../lib/tokens/tokenize.ts";
import { ChordTally } from "./chords/tally.ts";
import { USUAL_TOKENS } from "./table.ts";

const flags = parseArgs(Deno.args, {
  string: ["midi", "model", "models", "count", "bars", "from", "candidates", "keep"],
});
if (!flags.midi) throw new Error("Cannot measure: say with --midi FOLDER where music lies");
const BEATS = 4, TICKS = 120, { grid } = USUAL_TOKENS;
const first = Number(flags.from ?? 8), count = Number(flags.bars ?? 8);
const data = flags.keep ? `${flags.keep}` : await Deno.makeTempDir(), tally = new ChordTally();
const names = Array.from(Deno.readDirSync(`${flags.midi}`), ({ name }) => name)
  .filter((name) => /\.mid$/i.test(name)).sort();
let pieces = 0, lost = 0;
const began = performance.now();
for (const name of names) {
  if (pieces === Number(flags.count ?? 24)) break;
  const read = readMidi(Deno.readFileSync(join(`${flags.midi}`, name)));
  const { frames, metres, timeSignature } = tokenize(read, USUAL_TOKENS);
  const bars = barsOf(metres, frames.length, grid).filter(({ upbeat }) => !upbeat);
  const own = bars.slice(first, first + count), perBar = BEATS * grid.steps;
  if (timeSignature.join("/") !== "4/4" || own.length < count) continue;
  if (own.some(({ steps }) => steps !== perBar)) continue;
  const excerpt = slice({ frames, metres }, own[0]!.start, own[0]!.start + count * perBar);
  const notes = decodeFrames(excerpt.frames, grid.attacks) as unknown as PlacedNote[];
  const line = [...topLine(notes)];
  if (!line.some(({ start }) => start < perBar)) continue; // its first bar would be another one
  const melody = line.map(({ pitch, start, end }, at) => ({
    pitch,
    velocity: 80,
    startTicks: start * TICKS,
    endTicks: Math.min(end, line[at + 1]?.start ?? Infinity) * TICKS,
  }));
  const sheet = sheetOfPiece(excerpt, grid, BEATS);
  const midi = join(data, name);
  await Deno.writeFile(
    midi,
    writeMidi({
      notes: melody,
      ticksPerBeat: grid.steps * TICKS,
      beatsPerMinute: 100,
      timeSignature: { numerator: 4, denominator: 4 },
      name,
    }),
  );
  const chords = writeChords(sheet.bars, BEATS);
  const { pieces: [made] } = await generate({
    model: `${flags.model ?? "base"}`,
    ...(flags.models ? { models: `${flags.models}` } : {}),
    ...{ data, name, melody: midi, chords, seed: 1 },
    ...(flags.candidates ? { candidates: Number(flags.candidates) } : {}),
  });
  const all = new Set(notesOf(readMidi(await Deno.readFile(made!.midi))).map(told));
  lost += melody.filter((note) => !all.has(told(note))).length;
  const { piece } = made!;
  const spans = chordsIn(decodeFrames(piece.frames, grid.attacks), beatsIn(piece, grid));
  tally.add(sheet.bars, BEATS, spans, grid.steps);
  pieces++;
}
console.log(`${flags.model ?? "base"}, ${pieces} lead sheets: ${tally}`);
console.log(`${lost} notes of melodies lost; ${((performance.now() - began) / 1000).toFixed(0)} s`);
if (!flags.keep) await Deno.remove(data, { recursive: true });
Deno.exit();

function told(
  { pitch, startTicks, endTicks, velocity }: {
    pitch: number;
    startTicks: number;
    endTicks: number;
    velocity: number;
  },
) {
  return `${pitch} ${startTicks} ${endTicks} ${velocity}`;
}
