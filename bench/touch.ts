/**
 * Measures the prediction of velocities on held-out performances, in a five-fold cross-validation
 * over a folder's played files (optionally with a limited number of training pieces), beside each
 * piece's mean velocity, the rules alone, regression without trees, and bounds that no score
 * determines: the performance's own means for each voice, each bar, and each voice in each bar.
 * Errors are means over pieces of the mean absolute error and of the root mean square error;
 * correlations are within a piece.
 *
 *     deno run --allow-read bench/touch.ts --midi FOLDER [--steps-per-beat 4] [--pieces N]
 *     deno run --allow-read bench/touch.ts --midi FOLDER --sizes 1,3,10,30 [--draws 5]
 *
 * With `--sizes`, measures instead how far the mean absolute error falls below that of the mean
 * velocity after training on so many pieces drawn at random, tested on up to thirty others.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "node:path";
import { findMidiFiles } from "../lib/store/midi_files.ts";
import { readMusicFile } from "../lib/store/music_files.ts";
import type { PlayedNote } from "../lib/midi/music.ts";
import { tokenize } from "../lib/tokens/tokenize.ts";
import { FEATURES, featuresOf, type FeatureTable } from "../lib/touch/features.ts";
import { loudness, TouchLearner, type TouchStyle, wasPlayed } from "../lib/touch/learn.ts";
import { RULES } from "../lib/touch/rules.ts";
import { mean } from "../lib/numbers.ts";
import { Random } from "../lib/random.ts";
import { USUAL_TOKENS } from "./table.ts";

const FOLDS = 5;

const { midi = "", "steps-per-beat": steps = "4", pieces: most, sizes, draws = "5" } = parseArgs(
  Deno.args,
  { string: ["midi", "steps-per-beat", "pieces", "sizes", "draws"] },
);
const settings = { ...USUAL_TOKENS, grid: { ...USUAL_TOKENS.grid, steps: Number(steps) } };

interface Performance {
  readonly notes: readonly PlayedNote[];
  readonly metres: ReturnType<typeof tokenize>["metres"];
  readonly features: FeatureTable;
}

const pieces: Performance[] = [];
const { folder, names } = await findMidiFiles(String(midi));
for (const name of names) {
  try {
    const music = await readMusicFile(join(folder, name));
    const { played: notes, metres } = tokenize(music, settings);
    if (!wasPlayed(notes)) continue;
    pieces.push({ notes, metres, features: featuresOf(notes, metres, settings.grid) });
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : error}`);
  }
}
console.log(`${pieces.length} of ${names.length} files were played`);

if (sizes) {
  for (const size of String(sizes).split(",").map(Number)) measureSize(size, Number(draws));
  Deno.exit();
}

const voices = ["top", "inner", "bass"] as const;
const figures = new Map<string, number[]>();
const note = (name: string, value: number) =>
  figures.set(name, [...figures.get(name) ?? [], ...Number.isNaN(value) ? [] : [value]]);
for (let fold = 0; fold < FOLDS; fold++) {
  const learner = new TouchLearner();
  const others = pieces.filter((_, i) => i % FOLDS !== fold);
  for (const { notes, metres } of others.slice(0, most ? Number(most) : undefined)) {
    learner.add(notes, metres, settings);
  }
  const style = learner.finish() ?? { weights: {} };
  for (const piece of pieces.filter((_, i) => i % FOLDS === fold)) measure(piece, style);
}
const average = (name: string) => mean(figures.get(name)!);
for (const name of figures.keys()) {
  const [told, what] = name.split(": ");
  const below = what?.startsWith("error") && told !== "mean"
    ? `  ${(100 * (1 - average(name) / average(`mean: ${what}`))).toFixed(1)} % below the mean's`
    : "";
  console.log(`${name.padEnd(40)} ${average(name).toFixed(2)}${below}`);
}

/** Prints the mean reduction of errors by training on `size` pieces, over some draws of them. */
function measureSize(size: number, draws: number): void {
  const rows = { rules: 0, "weights alone": 0, learned: 0 };
  for (let draw = 0; draw < draws; draw++) {
    const all = new Random(100 * size + draw).shuffle([...pieces]);
    const learner = new TouchLearner();
    for (const { notes, metres } of all.slice(0, size)) learner.add(notes, metres, settings);
    const style = learner.finish() ?? { weights: RULES };
    const others = all.slice(size, size + 30);
    const error = (style: Pick<TouchStyle, "weights" | "trees">) =>
      mean(others.map((piece) => errorOf(piece, style)));
    const flat = error({ weights: {} });
    rows.rules += 1 - error({ weights: RULES }) / flat;
    rows["weights alone"] += 1 - error({ weights: style.weights }) / flat;
    rows.learned += 1 - error(style) / flat;
  }
  const shares = Object.entries(rows).map(([name, sum]) =>
    `${name} ${(100 * sum / draws).toFixed(1)} %`
  );
  console.log(`${size} pieces: ${shares.join(", ")} below the mean velocity's error`);
}

/** Mean absolute error of velocities relative to the piece's mean. */
function errorOf({ notes, features }: Performance, style: Pick<TouchStyle, "weights" | "trees">) {
  const usual = mean(notes.map(({ velocity }) => velocity)), told = loudness(features, style);
  return mean(notes.map(({ velocity }, i) => Math.abs(velocity - usual - told[i]!)));
}

function measure({ notes, features }: Performance, style: Pick<TouchStyle, "weights" | "trees">) {
  const velocities = notes.map(({ velocity }) => velocity);
  const usual = mean(velocities), actual = velocities.map((velocity) => velocity - usual);
  const voice = notes.map((_, i) =>
    voices.find((one) => features.rows[i * features.size + FEATURES.indexOf(one)] === 1)!
  );
  const means = (of: (note: number) => string | number) => {
    const groups = [...Map.groupBy(actual.keys(), of).values()];
    const out = new Float64Array(actual.length);
    for (const group of groups) {
      const middle = mean(group.map((i) => actual[i]!));
      for (const i of group) out[i] = middle;
    }
    return out;
  };
  const told: Record<string, Float64Array> = {
    "mean": new Float64Array(actual.length),
    "rules": loudness(features, { weights: RULES }),
    "weights alone": loudness(features, { weights: style.weights }),
    "learned": loudness(features, style),
    "its own voices' means": means((i) => voice[i]!),
    "its own bars' means": means((i) => features.places.barOf[i]!),
    "its own means by bar and voice": means((i) => `${features.places.barOf[i]} ${voice[i]}`),
  };
  for (const [name, louder] of Object.entries(told)) {
    const errors = actual.map((value, i) => Math.abs(value - louder[i]!));
    const sum = (power: number) => errors.reduce((all, error) => all + error ** power, 0);
    note(`${name}: error`, sum(1) / errors.length);
    note(`${name}: error, root mean square`, Math.sqrt(sum(2) / errors.length));
    if (name === "mean" || name.startsWith("its own")) continue;
    note(`${name}: correlation`, correlation([...louder], actual));
    for (const one of voices) {
      const inside = [...actual.keys()].filter((i) => voice[i] === one);
      const pick = (values: ArrayLike<number>) => inside.map((i) => values[i]!);
      note(`${name}: correlation, ${one}`, correlation(pick(louder), pick(actual)));
    }
    const bars = (values: ArrayLike<number>) => barMeans(values, features.places.barOf);
    note(`${name}: correlation of bars`, correlation(bars(louder), bars(actual)));
  }
}

function barMeans(values: ArrayLike<number>, bars: Int32Array): number[] {
  const sums = new Map<number, [sum: number, count: number]>();
  bars.forEach((bar, i) => {
    const [sum, count] = sums.get(bar) ?? [0, 0];
    sums.set(bar, [sum + values[i]!, count + 1]);
  });
  return [...sums.values()].map(([sum, count]) => sum / count);
}

/** Pearson correlation; NaN where one of the two does not vary. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const meanA = mean(a), meanB = mean(b);
  let ab = 0, aa = 0, bb = 0;
  a.forEach((value, i) => {
    ab += (value - meanA) * (b[i]! - meanB);
    aa += (value - meanA) ** 2;
    bb += (b[i]! - meanB) ** 2;
  });
  return ab / Math.sqrt(aa * bb);
}
