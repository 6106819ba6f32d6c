/**
 * Measures how well filled bars fit into unseen pieces: the likelihood of the following bars, in
 * nats per frame, after the filling, after the original bars, after random bars of other pieces,
 * and after silence; and how well a critic distinguishes the bars on both sides of the seams from
 * real neighbours (area under the curve, 0.5 is chance), beside random bars and real bars from
 * other places.
 *
 *     deno run -A bench/fill.ts --midi FOLDER [--every 10] [--gaps 100] [--bars 4] [--candidates 48]
 *         [--model models/base/beats-4] [--threads 2] [--seed 1]
 *
 * The pieces are every tenth file in order of name: of `mutopia-piano`, those held out from the
 * base's training.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "node:path";
import { areaUnderCurve, areaWithUncertainty } from "../lib/evaluate/area.ts";
import { excerptsOf } from "../lib/evaluate/features/excerpt.ts";
import { FEATURE_NAMES, FEATURES, featuresOf } from "../lib/evaluate/features/features.ts";
import { logisticRegression } from "../lib/evaluate/logistic.ts";
import { prepareChange } from "../lib/generate/change/prepare.ts";
import { chooseFilling } from "../lib/generate/change/choose.ts";
import { fillChange, plansForChange } from "../lib/generate/change/fill.ts";
import { readReference } from "../lib/generate/reference.ts";
import { baseFolder } from "../lib/model/base.ts";
import { samplingOf } from "../lib/model/sampling.ts";
import { loadModel } from "../lib/model/load.ts";
import { Random } from "../lib/random.ts";
import { findMidiFiles } from "../lib/store/midi_files.ts";
import { readMusicFile } from "../lib/store/music_files.ts";
import { barsOf } from "../lib/tokens/bars.ts";
import { endOf } from "../lib/tokens/excerpt.ts";
import type { Frame } from "../lib/tokens/frame.ts";
import type { Piece } from "../lib/tokens/piece.ts";
import { placeOnGrid } from "../lib/tokens/placed.ts";

const flags = parseArgs(Deno.args, {
  string: ["midi", "every", "gaps", "bars", "candidates", "model", "threads", "seed"],
});
if (!flags.midi) throw new Error("Cannot measure: say where music lies with --midi FOLDER");
const midi = String(flags.midi);
const number = (name: string, otherwise: number) => Number(flags[name] ?? otherwise);
const every = number("every", 10), gaps = number("gaps", 100), BARS = number("bars", 4);
const particles = number("candidates", 48), seed = number("seed", 1);
const folder = String(flags.model ?? join(baseFolder(), "beats-4"));
const { model, manifest, files } = await loadModel(folder, {
  threads: number("threads", navigator.hardwareConcurrency),
});
const { grid } = model, others = readReference(files).plans, random = new Random(seed);
if (!model.byPitch) throw new Error(`Cannot measure ${folder}: it cannot fill`);
const byPitch = model.byPitch;

/** Minimum number of bars before and after a gap. */
const BEFORE = 4, AFTER = 2;

const names = (await findMidiFiles(midi)).names.filter((_, index) => index % every === 0);
const pieces = (await Promise.all(names.map(async (name) => {
  const placed = placeOnGrid(
    await readMusicFile(join(midi, name)),
    manifest.style.tokenize,
  );
  return { name, placed, count: barsOf(placed.metres, placed.steps, grid).length };
}))).filter(({ count }) => count >= BEFORE + BARS + AFTER + 2);
console.log(`${pieces.length} of ${names.length} pieces are long enough`);

/** Frames around a bar line: one bar on either side. */
function seam(piece: Piece, bar: number): Float64Array[] {
  const bars = barsOf(piece.metres, piece.frames.length, grid);
  const [first, last] = [bars[bar - 1]!, bars[bar]!], end = last.start + last.frames;
  const cut = endOf({ ...piece, frames: piece.frames.slice(0, end) }, end - first.start);
  return excerptsOf(cut, grid, 2).map(featuresOf);
}

function nats(
  before: readonly Frame[],
  gap: readonly Frame[],
  after: readonly Frame[],
  metres: Piece["metres"],
) {
  const frames = [...before, ...gap, ...after];
  const [each] = byPitch.judge([{ name: "", frames, metres }], before.length + gap.length);
  return -each!.reduce((sum, one) => sum + one, 0);
}

const sums = { original: 0, filled: 0, unchosen: 0, random: 0, silence: 0 };
const empty = () => pieces.map((): Float64Array[] => []);
const seams = { filled: empty(), random: empty(), real: empty(), elsewhere: empty() };
let frames = 0, same = 0, all = 0, seconds = 0;
for (let gap = 0; gap < gaps; gap++) {
  const at = gap % pieces.length, { placed, count, name } = pieces[at]!;
  const first = 1 + BEFORE + random.below(count - BEFORE - BARS - AFTER);
  const prepared = prepareChange(
    placed,
    { first, last: first + BARS - 1 },
    { kind: "all" },
    grid,
    name,
  );
  const { was, kept, from, end, fromBar, endBar } = prepared;
  const bars = barsOf(was.metres, was.frames.length, grid);
  const after = was.frames.slice(
    end,
    bars[endBar + AFTER - 1]!.start + bars[endBar + AFTER - 1]!.frames,
  );
  const started = performance.now();
  const plans = plansForChange(prepared, { kind: "all" }, others, grid, seed + gap);
  const fillings = await fillChange(byPitch, prepared, plans, grid, {
    particles,
    sampling: samplingOf({ without: ["all"] }, "planned"),
    seed: seed + gap,
  });
  seconds += (performance.now() - started) / 1000;
  const checks = { mostCopied: 8 };
  const best = fillings[chooseFilling(fillings, prepared, { kind: "all" }, checks, grid).best]!;
  const whole = (middle: readonly Frame[]): Piece => ({
    ...was,
    frames: [...was.frames.slice(0, from), ...middle, ...was.frames.slice(end)],
  });
  const judge = (middle: readonly Frame[]) =>
    nats(kept.frames.slice(0, from), middle, after, was.metres);
  const strange = randomBars(at, end - from);
  sums.original += judge(was.frames.slice(from, end));
  sums.filled += judge(best.frames);
  sums.unchosen -= fillings.reduce((sum, one) => sum + one.continuation, 0) / fillings.length;
  sums.random += judge(strange);
  sums.silence += judge(best.frames.map(() => []));
  frames += after.length;
  best.frames.forEach((frame, t) => {
    all++;
    if (`${frame}` === `${was.frames[from + t]}`) same++;
  });
  const elsewhere = 2 + random.below(bars.length - 3);
  for (const bar of [fromBar, endBar]) {
    seams.filled[at]!.push(...seam(whole(best.frames), bar));
    seams.random[at]!.push(...seam(whole(strange), bar));
  }
  for (const bar of [elsewhere, 2 + random.below(bars.length - 3)]) {
    seams.real[at]!.push(...seam(was, bar));
    seams.elsewhere[at]!.push(...seam(was, 2 + random.below(bars.length - 3)));
  }
  if ((gap + 1) % pieces.length === 0 && gap + 1 < gaps) report(gap + 1);
}

report(gaps);

/** Bars of another piece, starting at a bar line. */
function randomBars(own: number, length: number): Frame[] {
  const rest = pieces.filter((_, index) => index !== own);
  const { placed, name } = rest[random.below(rest.length)]!;
  const { was } = prepareChange(placed, undefined, { kind: "accompaniment" }, grid, name);
  const starts = barsOf(was.metres, was.frames.length, grid).map(({ start }) => start)
    .filter((start) => start + length <= was.frames.length);
  const from = starts[random.below(Math.max(1, starts.length))] ?? 0;
  return Array.from({ length }, (_, t) => was.frames[(from + t) % was.frames.length]!);
}

/** Results so far, as text. */
function report(count: number): void {
  const per = (sum: number) => (sum / frames).toFixed(3);
  const way = (sums.random - sums.filled) / (sums.random - sums.original);
  console.log(`${count} gaps of ${BARS} bars; the ${AFTER} bars after them, in nats per frame:
  after the original bars ${per(sums.original)}
  after the filling       ${per(sums.filled)} (the mean of all candidates ${per(sums.unchosen)})
  after random bars       ${per(sums.random)}
  after silence           ${per(sums.silence)}
  the filling is ${(100 * way).toFixed(0)} % of the way from random to original bars
  ${(100 * same / all).toFixed(1)} % of the frames are as they were before
  ${(seconds / count).toFixed(2)} s for each gap`);
}

/**
 * Number of cross-validation folds, split by piece: the critic is trained on neither version of a
 * piece that it judges.
 */
const FOLDS = 5, ROUNDS = 3, PENALTY = 30;

interface Row {
  readonly features: Float64Array;
  readonly kind: number;
  readonly piece: number;
}

/**
 * How well a critic like that of `evaluate` distinguishes seams from real bar lines, and by which
 * features.
 */
function told(judged: readonly (readonly Float64Array[])[]): string {
  const random = new Random(seed);
  const rows = [seams.real, judged].flatMap((kinds, kind) =>
    kinds.flatMap((all, piece) => all.map((features): Row => ({ features, kind, piece })))
  );
  const groups = Array.from({ length: ROUNDS }, () => {
    const folds = random.shuffle(pieces.map((_, index) => index % FOLDS));
    return Array.from({ length: FOLDS }, (_, fold) => {
      const learned = rows.filter(({ piece }) => folds[piece] !== fold);
      const { score } = logisticRegression(
        learned.map(({ features }) => features),
        Uint8Array.from(learned, ({ kind }) => kind),
        PENALTY,
      );
      return rows.filter(({ piece }) => folds[piece] === fold)
        .map(({ features, kind, piece }) => ({ score: score(features), kind, piece }));
    });
  }).flat();
  const { area, from, to } = areaWithUncertainty(groups, random)!;
  const alone = FEATURE_NAMES.map((name, at) => ({
    words: FEATURES[name],
    area: areaUnderCurve(
      rows.filter(({ features }) => !Number.isNaN(features[at]!))
        .map(({ features, kind }) => ({ score: features[at]!, kind })),
    ) ?? 0.5,
  })).sort((a, b) => Math.abs(b.area - 0.5) - Math.abs(a.area - 0.5));
  const first = alone.slice(0, 4).map(({ words, area }) => `${words} (${area.toFixed(2)})`);
  return `${area.toFixed(2)} (${from.toFixed(2)} to ${to.toFixed(2)}): ${first.join("; ")}`;
}

console.log("the critic on two bars around each seam, against real ones:");
console.log(`  of fillings            ${told(seams.filled)}`);
console.log(`  of random bars         ${told(seams.random)}`);
console.log(`  of other real places   ${told(seams.elsewhere)}`);
model.dispose();
