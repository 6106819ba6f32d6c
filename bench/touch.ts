/**
 * How well loudness is foretold on performances that were not learned from: five parts of a folder's
 * played files, each told by what was learned of the other four, beside each piece's mean velocity
 * (error 1) and the rules alone. Correlations are within a piece, means over pieces.
 *
 *     deno run --allow-read bench/touch.ts --midi FOLDER [--steps-per-beat 4]
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "node:path";
import { findMidiFiles, readMidiFile } from "../lib/store/midi_files.ts";
import { tokenize, type TokenizeSettings } from "../lib/tokens/tokenize.ts";
import { FEATURES, featuresOf, type FeatureTable } from "../lib/touch/features.ts";
import {
  loudness,
  type PlayedNote,
  playedNotes,
  TouchLearner,
  wasPlayed,
} from "../lib/touch/learn.ts";
import { RULES } from "../lib/touch/rules.ts";

const FOLDS = 5;

const { midi = "", "steps-per-beat": steps = "4" } = parseArgs(Deno.args, {
  string: ["midi", "steps-per-beat"],
});
const settings: TokenizeSettings = {
  grid: { unit: "beat", steps: Number(steps), attacks: true },
  tracks: "piano",
  melody: false,
  pedal: false,
};

interface Performance {
  readonly notes: readonly PlayedNote[];
  readonly metres: ReturnType<typeof tokenize>["metres"];
  readonly features: FeatureTable;
}

const pieces: Performance[] = [];
const { folder, names } = await findMidiFiles(String(midi));
for (const name of names) {
  try {
    const music = await readMidiFile(join(folder, name));
    const notes = playedNotes(music, settings);
    if (!wasPlayed(notes)) continue;
    const { metres } = tokenize(music, settings);
    pieces.push({ notes, metres, features: featuresOf(notes, metres, settings.grid) });
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : error}`);
  }
}
console.log(`${pieces.length} of ${names.length} files were played`);

const voices = ["top", "inner", "bass"] as const;
const figures = new Map<string, number[]>();
const note = (name: string, value: number) =>
  figures.set(name, [...figures.get(name) ?? [], ...Number.isNaN(value) ? [] : [value]]);
for (let fold = 0; fold < FOLDS; fold++) {
  const learner = new TouchLearner();
  pieces.forEach(({ notes, metres }, i) =>
    i % FOLDS !== fold && learner.add(notes, metres, settings)
  );
  const style = learner.finish();
  for (const piece of pieces.filter((_, i) => i % FOLDS === fold)) {
    const velocities = piece.notes.map(({ velocity }) => velocity);
    const mean = velocities.reduce((sum, value) => sum + value, 0) / velocities.length;
    const actual = velocities.map((velocity) => velocity - mean);
    const told = {
      mean: new Float64Array(actual.length),
      rules: loudness(piece.features, RULES),
      learned: loudness(piece.features, style?.weights ?? {}),
    };
    for (const [name, louder] of Object.entries(told)) {
      const errors = actual.map((value, i) => Math.abs(value - louder[i]!));
      note(`${name}: error`, errors.reduce((sum, error) => sum + error, 0) / errors.length);
      if (name === "mean") continue;
      note(`${name}: correlation`, correlation([...louder], actual));
      for (const voice of voices) {
        const at = FEATURES.indexOf(voice), { rows, size } = piece.features;
        const inside = [...actual.keys()].filter((i) => rows[i * size + at] === 1);
        const pick = (values: ArrayLike<number>) => inside.map((i) => values[i]!);
        note(`${name}: correlation, ${voice}`, correlation(pick(louder), pick(actual)));
      }
      const bars = (values: ArrayLike<number>) => barMeans(values, piece.features.bars);
      note(`${name}: correlation of bars`, correlation(bars(louder), bars(actual)));
    }
  }
}
const average = (name: string) => {
  const values = figures.get(name)!;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
};
for (const name of figures.keys()) console.log(`${name.padEnd(32)} ${average(name).toFixed(2)}`);
for (const name of ["rules", "learned"]) {
  const less = 100 * (1 - average(`${name}: error`) / average("mean: error"));
  console.log(`${name}: error ${less.toFixed(1)} % below the mean velocity's`);
}

function barMeans(values: ArrayLike<number>, bars: Int32Array): number[] {
  const sums = new Map<number, [sum: number, count: number]>();
  bars.forEach((bar, i) => {
    const [sum, count] = sums.get(bar) ?? [0, 0];
    sums.set(bar, [sum + values[i]!, count + 1]);
  });
  return [...sums.values()].map(([sum, count]) => sum / count);
}

/** Pearson's; not a number where one of both does not vary. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const meanA = a.reduce((sum, value) => sum + value, 0) / a.length;
  const meanB = b.reduce((sum, value) => sum + value, 0) / b.length;
  let ab = 0, aa = 0, bb = 0;
  a.forEach((value, i) => {
    ab += (value - meanA) * (b[i]! - meanB);
    aa += (value - meanA) ** 2;
    bb += (b[i]! - meanB) ** 2;
  });
  return ab / Math.sqrt(aa * bb);
}
