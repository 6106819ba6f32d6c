/**
 * Measures how many requested chords can be heard: a model is asked for random progressions,
 * sampled from the chord n-grams of a folder's pieces, and the chord finder looks for them in its
 * music.
 *
 *     deno run -A bench/asked_chords.ts --midi FOLDER [--model base] [--models models] [--count 200]
 *         [--bars 8] [--candidates 2]
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { findChords } from "../lib/harmony/find.ts";
import { sheetOfPiece } from "../lib/harmony/piece_chords.ts";
import { ChordTally } from "./chords/tally.ts";
import { learnProgressions, progressionOf } from "../lib/harmony/progressions.ts";
import { sampleProgression } from "../tests/harmony/sample_progression.ts";
import { writeChords } from "../tests/harmony/write_chords.ts";
import { generate } from "../lib/phases/generate.ts";
import { Random } from "../lib/random.ts";
import { KEYS } from "../lib/tokens/key.ts";
import { readMidi } from "../lib/midi/read.ts";
import { tokenize } from "../lib/tokens/tokenize.ts";
import { USUAL_TOKENS } from "./table.ts";

const flags = parseArgs(Deno.args, {
  string: ["midi", "model", "models", "count", "bars", "candidates"],
});
if (!flags.midi) throw new Error("Cannot measure: say with --midi FOLDER where music lies");
const BEATS = 4, bars = Number(flags.bars ?? 8), data = await Deno.makeTempDir();
const folder = `${flags.midi}`, grid = USUAL_TOKENS.grid;
const names = Array.from(Deno.readDirSync(folder), ({ name }) => name).filter((name) =>
  /\.mid$/i.test(name)
).sort();
const corpus = names.flatMap((name) => {
  const { frames, metres, timeSignature } = tokenize(
    readMidi(Deno.readFileSync(`${folder}/${name}`)),
    USUAL_TOKENS,
  );
  if (timeSignature.join("/") !== "4/4") return [];
  return [progressionOf(sheetOfPiece({ frames, metres }, grid, BEATS), true)];
});
const progressions = learnProgressions(corpus);
const tally = new ChordTally();
const began = performance.now();
for (let index = 0; index < Number(flags.count ?? 200); index++) {
  const random = new Random(index + 1), key = KEYS[random.below(24)]!;
  const sheet = sampleProgression(progressions, {
    key,
    count: bars,
    beatsPerBar: BEATS,
    ends: true,
  }, random);
  const { pieces: [made] } = await generate({
    model: `${flags.model ?? "base"}`,
    ...(flags.models ? { models: `${flags.models}` } : {}),
    data,
    name: `p${index}`,
    chords: writeChords(sheet, BEATS),
    metre: "4/4",
    bars,
    seed: index + 1,
    candidates: Number(flags.candidates ?? 2),
  });
  tally.add(sheet, BEATS, findChords(made!.piece, grid), grid.steps);
}
console.log(`${flags.model ?? "base"}: ${tally}`);
console.log(`${((performance.now() - began) / 1000).toFixed(0)} s`);
await Deno.remove(data, { recursive: true });
Deno.exit();
