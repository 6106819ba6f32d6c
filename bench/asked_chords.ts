/**
 * How many of the chords that are asked for are heard: random progressions, sampled from the n-grams of
 * chords of a folder's pieces, are asked of a model, and looked for in its music by the chord finder.
 *
 *     deno run -A bench/asked_chords.ts --midi FOLDER [--model base] [--models models] [--count 200] [--bars 8]
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { chordsIn } from "../lib/harmony/find.ts";
import { beatsIn } from "../lib/harmony/find.ts";
import { sheetOfPiece } from "../lib/harmony/piece_chords.ts";
import { learnProgressions, progressionOf, sampleProgression } from "./chords/progressions.ts";
import { writeChords } from "../lib/harmony/chord_text.ts";
import { generate } from "../lib/phases/generate.ts";
import { Random } from "../lib/random.ts";
import { bassOf, type Chord } from "../lib/tokens/chord.ts";
import { decodeFrames } from "../lib/tokens/grid.ts";
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
const heard = { all: 0, chord: 0, root: 0, bass: 0, basses: 0, slashes: 0, slashBass: 0 };
const missed = new Map<string, number>();
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
  const { piece } = made!;
  const spans = chordsIn(decodeFrames(piece.frames, grid.attacks), beatsIn(piece, grid));
  const perBar = 4 * grid.steps;
  sheet.forEach((bar, at) =>
    bar.forEach(({ beat, chord }, one) => {
      if (!chord) return;
      const start = at * perBar + beat * grid.steps;
      const end = at * perBar + (bar[one + 1]?.beat ?? BEATS) * grid.steps;
      const found = most(spans, start, end);
      heard.all++;
      const sameRoot = found?.root === chord.root;
      if (sameRoot) heard.root++;
      if (sameRoot && found.quality === chord.quality) heard.chord++;
      else missed.set(kind(chord, found), (missed.get(kind(chord, found)) ?? 0) + 1);
      heard.basses++;
      if (found && bassOf(found) === bassOf(chord)) heard.bass++;
      if (chord.bass !== undefined) {
        heard.slashes++;
        if (found && bassOf(found) === bassOf(chord)) heard.slashBass++;
      }
    })
  );
}

/** The chord that is found for most of a stretch. */
function most(
  spans: readonly { start: number; end: number; chord: Chord | null }[],
  start: number,
  end: number,
) {
  let longest = 0, chord: Chord | null = null;
  for (const span of spans) {
    const both = Math.min(span.end, end) - Math.max(span.start, start);
    if (both > longest) [longest, chord] = [both, span.chord];
  }
  return chord;
}

function kind(asked: Chord, found: Chord | null): string {
  return `${asked.quality} → ${
    found ? `+${(found.root - asked.root + 12) % 12} ${found.quality}` : "none"
  }`;
}

const share = (part: number, all: number) => `${(100 * part / all).toFixed(1)} %`;
console.log(
  `${flags.model ?? "base"}: ${heard.all} chords: heard ${share(heard.chord, heard.all)}, ` +
    `root ${share(heard.root, heard.all)}, bass ${share(heard.bass, heard.basses)}, ` +
    `of ${heard.slashes} slash chords ${share(heard.slashBass, heard.slashes)}; ` +
    `${((performance.now() - began) / 1000).toFixed(0)} s`,
);
for (const [text, count] of [...missed].sort((a, b) => b[1] - a[1]).slice(0, 14)) {
  console.log(`  ${count} ${text}`);
}
await Deno.remove(data, { recursive: true });
Deno.exit();
