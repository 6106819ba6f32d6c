/**
 * Measures the motion of harmony, basses and melodies in the music of each folder and, where recipes
 * lie beside the files, in their plans: chord changes per beat; share of root motion by fifths;
 * entropy of the basses' pitch classes within a piece, in bits; share of fourths and fifths between
 * the basses of successive chords; mean melodic interval over bar lines divided by that within bars;
 * and share of the time in which root, chord and bass are heard as planned.
 *
 *     deno run --allow-read bench/lines.ts FOLDER ...
 *
 * @module
 */
import { join } from "node:path";
import { entropy, shareOf } from "../lib/evaluate/features/excerpt.ts";
import { readRecipe } from "../lib/generate/recipe.ts";
import { type ChordSpan, findChords, joinSpans } from "../lib/harmony/find.ts";
import { mean } from "../lib/numbers.ts";
import { findMidiFiles } from "../lib/store/midi_files.ts";
import { readMusicFile } from "../lib/store/music_files.ts";
import { barsOf, endOfBar } from "../lib/tokens/bars.ts";
import { bassOf } from "../lib/tokens/chord.ts";
import { melodyOnset } from "../lib/tokens/measure.ts";
import type { Framed } from "../lib/tokens/piece.ts";
import { type Plan, planFrames } from "../lib/tokens/plan.ts";
import { tokenize } from "../lib/tokens/tokenize.ts";
import { USUAL_TOKENS } from "./table.ts";

const { grid } = USUAL_TOKENS;

/** Measures of a piece or of its plan; NaN where there is nothing to measure. */
type Row = Readonly<Record<string, number>>;

/** Chords of a plan in frames, from its first frame on. */
function spansOf(plan: Plan): ChordSpan[] {
  let start = 0;
  const spans = plan.bars.flatMap(({ frames, chords = [] }) => {
    const own = chords.map(({ step, chord }, at): ChordSpan => ({
      start: start + step,
      end: start + (chords[at + 1]?.step ?? frames),
      chord,
    }));
    start += frames;
    return own;
  });
  return joinSpans(spans);
}

const isFifth = (interval: number) => interval === 5 || interval === 7;

function harmonyIn(spans: readonly ChordSpan[], frames: number): Row {
  const chords = joinSpans(spans).flatMap(({ chord }) => chord ?? []);
  const motion = (pitchClasses: readonly number[]) =>
    pitchClasses.slice(1).map((one, at) => (one - pitchClasses[at]! + 12) % 12)
      .filter((interval) => interval !== 0);
  const basses = chords.map(bassOf);
  const groups = [...Map.groupBy(basses, (bass) => bass).values()];
  return {
    "chords/beat": chords.length * grid.steps / frames,
    "fifths": shareOf(motion(chords.map(({ root }) => root)), isFifth),
    "bass bits": entropy(groups.map(({ length }) => length)),
    "bass fifths": shareOf(motion(basses), isFifth),
  };
}

/** Mean melodic interval from bar to bar, divided by that within bars. */
function leapsOver({ frames, metres }: Framed): number {
  const across: number[] = [], within: number[] = [];
  let before: { pitch: number; bar: number } | undefined;
  for (const [index, bar] of barsOf(metres, frames.length, grid).entries()) {
    for (let frame = bar.start; frame < endOfBar(bar); frame++) {
      const pitch = melodyOnset(frames, frame, grid.attacks);
      if (pitch === undefined) continue;
      if (before && index - before.bar <= 1) {
        (before.bar === index ? within : across).push(Math.abs(pitch - before.pitch));
      }
      before = { pitch, bar: index };
    }
  }
  return mean(across) / mean(within);
}

/** Share of time in which two readings agree, of that in which both have a chord. */
function agreement(heard: readonly ChordSpan[], planned: readonly ChordSpan[]): Row {
  let all = 0, root = 0, chord = 0, bass = 0;
  for (const one of planned) {
    for (const other of heard) {
      const both = Math.min(one.end, other.end) - Math.max(one.start, other.start);
      if (both <= 0 || !one.chord || !other.chord) continue;
      all += both;
      if (bassOf(one.chord) === bassOf(other.chord)) bass += both;
      if (one.chord.root !== other.chord.root) continue;
      root += both;
      if (one.chord.quality === other.chord.quality) chord += both;
    }
  }
  return { "root as planned": root / all, "chord": chord / all, "bass": bass / all };
}

function print(name: string, rows: readonly Row[]): void {
  if (rows.length === 0) return;
  console.log(`${name}: ${rows.length} pieces`);
  for (const measure of new Set(rows.flatMap((row) => Object.keys(row)))) {
    const known = rows.map((row) => row[measure] ?? NaN).filter((value) => !Number.isNaN(value));
    console.log(`  ${measure.padEnd(18)} ${mean(known).toFixed(3)}`);
  }
}

for (const folder of Deno.args) {
  const { names } = await findMidiFiles(folder);
  const heard: Row[] = [], plans: Row[] = [];
  for (const name of names) {
    const file = join(folder, name);
    const { frames, metres } = tokenize(await readMusicFile(file), USUAL_TOKENS);
    const piece = { frames, metres }, found = findChords(piece, grid);
    const row = { ...harmonyIn(found, frames.length), "leaps over bars": leapsOver(piece) };
    const recipe = await readRecipe(file.replace(/\.mid$/, ".json")).catch(() => undefined);
    const plan = recipe?.kind === "recipe" && recipe.start.frames.length === 0 && recipe.plan;
    if (plan && plan.bars.some(({ chords }) => chords)) {
      const planned = spansOf(plan);
      plans.push(harmonyIn(planned, planFrames(plan)));
      heard.push({ ...row, ...agreement(found, planned) });
    } else heard.push(row);
  }
  print(folder, heard);
  print(`${folder}, plans`, plans);
}
