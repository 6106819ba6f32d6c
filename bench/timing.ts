/**
 * Measures the prediction of timing on held-out performances: beat periods (logarithm, relative to
 * the piece's median), onsets relative to those struck together with them and to the grid (in
 * milliseconds), lengths (logarithm of the played over the written one, of notes released without
 * pedal, as far as a performance may change them), and pedal (share of each beat during which it
 * is down). Errors are means over pieces of mean absolute errors, beside those of the rules and of
 * notes played as typed.
 *
 *     deno run --allow-read bench/timing.ts --midi FOLDER [--sizes 1,3,10,30] [--draws 5]
 *     deno run --allow-read bench/timing.ts --folder ASAP [--annotated] [--sizes 1,3,10,30]
 *
 * A folder of MIDI files is measured on its own beats where they are sure. A folder in the layout
 * of `bench/beats.ts` is measured on its scores and annotated beats, after training on the beats
 * found in other performances, or with `--annotated` on theirs. Without `--sizes`, it is a five-fold
 * cross-validation. Performances whose names differ by a suffix `_repeat` or `_no_repeat` are one
 * piece.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "node:path";
import { mean, median } from "../lib/numbers.ts";
import { Random } from "../lib/random.ts";
import { exists } from "../lib/store/files.ts";
import { findMidiFiles } from "../lib/store/midi_files.ts";
import { readMusicFile } from "../lib/store/music_files.ts";
import { tokenize, type Tokenized } from "../lib/tokens/tokenize.ts";
import { featuresOf } from "../lib/touch/features.ts";
import {
  displacements,
  FURTHEST,
  lengthRatios,
  pedalShares,
  periods,
  type TimingStyle,
  type TimingTable,
  timingTable,
} from "../lib/touch/timing.ts";
import {
  hasTiming,
  type PlayedTiming,
  playedTiming,
  type TimedPiece,
  TimingLearner,
} from "../lib/touch/timing_learner.ts";
import { clockOf } from "./beats_measures.ts";
import { USUAL_TOKENS } from "./table.ts";

const FOLDS = 5, TESTED = 30;

const { midi = "", folder = "", annotated, sizes = "", draws = "5" } = parseArgs(Deno.args, {
  string: ["midi", "folder", "sizes", "draws"],
  boolean: ["annotated"],
}) as Record<string, string | undefined>;
const { grid } = USUAL_TOKENS;

/** Notes on the grid with what was played, and their features. */
interface Example {
  readonly notes: TimedPiece["played"];
  readonly table: TimingTable;
  readonly timing: PlayedTiming;
}

interface Performance {
  readonly piece: string;
  readonly train?: Example;
  readonly test?: Example;
}

function exampleOf(piece: Omit<TimedPiece, "beats">): Example {
  const { played: notes, metres } = piece;
  const table = timingTable(notes, featuresOf(notes, metres, grid));
  return { notes, table, timing: playedTiming(piece, table.beats) };
}

/** A score as it was played: each note at the time of the nearest performed one of its pitch. */
function asPerformed(
  score: Tokenized,
  performance: Tokenized,
  beats: { readonly score: number[]; readonly performance: number[] },
): Omit<TimedPiece, "beats"> {
  const clock = clockOf(beats.score), times = beats.performance, last = times.length - 2;
  const secondsAt = (beat: number) => {
    const i = Math.max(0, Math.min(last, Math.floor(beat)));
    return times[i]! + (beat - i) * (times[i + 1]! - times[i]!);
  };
  const stepSeconds = score.stepSeconds.map((seconds) => secondsAt(clock(seconds)));
  const byPitch = Map.groupBy(performance.played, ({ pitch }) => pitch), used = new Set<object>();
  const played = score.played.map((note) => {
    const at = stepSeconds[note.start]!, beat = clock(score.stepSeconds[note.start]!);
    const near = 0.4 * (secondsAt(Math.floor(beat) + 1) - secondsAt(Math.floor(beat)));
    const off = ({ seconds }: { seconds: number }) => Math.abs(seconds - at);
    const free = (byPitch.get(note.pitch) ?? []).filter((one) => off(one) < near && !used.has(one));
    const best = free.toSorted((a, b) => off(a) - off(b))[0];
    if (best) used.add(best);
    return { ...note, seconds: best?.seconds ?? NaN, endSeconds: best?.endSeconds ?? NaN };
  });
  // beats beyond the annotated ones are unknown
  const known = stepSeconds.map((at) => at < times[0]! - 1e-3 || at > times.at(-1)! ? NaN : at);
  return { played, metres: score.metres, stepSeconds: known, pedal: performance.pedal };
}

const performances: Performance[] = [];
for (const name of midi ? (await findMidiFiles(midi)).names : []) {
  const own = tokenize(await readMusicFile(join(midi, name)), USUAL_TOKENS);
  if (!hasTiming(own, grid)) continue;
  const example = exampleOf(own);
  performances.push({ piece: name, train: example, test: example });
}
for (const { name } of folder ? [...Deno.readDirSync(folder)] : []) {
  const path = (file: string) => join(folder, name, file);
  if (!await exists(path("score_annotations.txt"))) continue;
  const beatsIn = async (file: string) =>
    (await Deno.readTextFile(path(file))).trim().split("\n").map((line) => parseFloat(line));
  const beats = {
    score: await beatsIn("score_annotations.txt"),
    performance: await beatsIn("performance_annotations.txt"),
  };
  const recording = await readMusicFile(path("performance.mid"));
  const own = tokenize(recording, USUAL_TOKENS);
  const isWhole = beats.score.length === beats.performance.length;
  const test = isWhole
    ? exampleOf(asPerformed(
      tokenize(await readMusicFile(path("score.mid")), { ...USUAL_TOKENS, beats: "file" }),
      tokenize(recording, { ...USUAL_TOKENS, beats: "file" }),
      beats,
    ))
    : undefined;
  const train = annotated ? test : hasTiming(own, grid) ? exampleOf(own) : undefined;
  performances.push({ piece: name.replace(/(_no)?_repeat$/, ""), train, test });
}
performances.sort((a, b) => a.piece < b.piece ? -1 : a.piece > b.piece ? 1 : 0);
const pieces = [...Map.groupBy(performances, ({ piece }) => piece).values()];
const trainable = pieces.filter((all) => all.some(({ train }) => train));
console.log(
  `${pieces.length} pieces to be measured, ${trainable.length} of them with timing to learn from`,
);

/** Mean absolute error of predictions after subtracting their median error. */
function errorOf(actual: Float64Array, told: Float64Array, isRelative: boolean): number {
  const errors = [...actual].map((value, i) => value - told[i]!).filter((off) => !isNaN(off));
  const middle = isRelative ? median(errors) ?? 0 : 0;
  return mean(errors.map((error) => Math.abs(error - middle)));
}

/** Values relative to their mean among notes that start together; NaN for single notes. */
function within(values: Float64Array, notes: Example["notes"]): Float64Array {
  const out = new Float64Array(values.length).fill(NaN);
  for (const group of Map.groupBy(notes.keys(), (i) => notes[i]!.start).values()) {
    const known = group.filter((i) => !isNaN(values[i]!));
    const middle = mean(known.map((i) => values[i]!));
    if (known.length > 1) { for (const i of known) out[i] = values[i]! - middle; }
  }
  return out;
}

/** Errors on a performance by rules, by a learned style, or as typed. */
function errorsOf({ notes, table, timing }: Example, style: TimingStyle | "typed") {
  const own = style === "typed" ? undefined : style, flat = Number(style !== "typed");
  const milliseconds = (of: Float64Array) => of.map((seconds) => 1000 * seconds);
  const onsets = milliseconds(displacements(table, own).map((one) => flat * one));
  const actual = milliseconds(timing.displacements);
  const lengths = lengthRatios(table, own).map((ratio, i) => {
    const written = notes[i]!.end - notes[i]!.start, moved = flat * written * (ratio - 1);
    return Math.log1p(Math.max(-FURTHEST, Math.min(FURTHEST, moved)) / written);
  });
  const known = within(actual, notes).map((one, i) => isNaN(one) ? NaN : onsets[i]!);
  return {
    "beat period (log)": errorOf(timing.periods, periods(table, own).map((t) => flat * t), true),
    "voices' onsets (ms)": errorOf(within(actual, notes), within(known, notes), false),
    "onsets on the grid (ms)": errorOf(actual, onsets, true),
    "length (log)": errorOf(timing.lengths, lengths, false),
    "pedal (share of beat)": errorOf(
      timing.pedal,
      pedalShares(table, own).map((share) => flat * share),
      false,
    ),
  };
}

type Errors = ReturnType<typeof errorsOf>;
const sums = new Map<string, Map<string, number[]>>();
function measure(trained: readonly Performance[], tested: readonly Performance[]): void {
  const learner = new TimingLearner();
  for (const { train } of trained) if (train) learner.addPlayed(train.table, train.timing);
  const styles = { typed: "typed", rules: {}, learned: learner.finish() ?? {} } as const;
  for (const { test } of tested) {
    if (!test) continue;
    for (const [name, style] of Object.entries(styles)) {
      const all = sums.get(name) ?? new Map<string, number[]>();
      sums.set(name, all);
      for (
        const [what, error] of Object.entries(errorsOf(test, style)) as [keyof Errors, number][]
      ) {
        if (!isNaN(error)) all.set(what, [...all.get(what) ?? [], error]);
      }
    }
  }
}

function report(title: string): void {
  console.log(title);
  for (const what of sums.get("rules")!.keys()) {
    const of = (name: string) => mean(sums.get(name)!.get(what)!);
    const below = (name: string) => `${(100 * (1 - of("learned") / of(name))).toFixed(1)} %`;
    console.log(
      `  ${what.padEnd(24)} typed ${of("typed").toFixed(4)}, rules ${of("rules").toFixed(4)}, ` +
        `learned ${of("learned").toFixed(4)}: ${below("rules")} below the rules`,
    );
  }
  sums.clear();
}

const shuffled = (seed: number) => new Random(seed).shuffle([...pieces]);
if (sizes) {
  for (const size of sizes.split(",").map(Number)) {
    for (let draw = 0; draw < Number(draws); draw++) {
      const all = shuffled(100 * size + draw), can = all.filter((one) => trainable.includes(one));
      const chosen = can.slice(0, size), others = all.filter((one) => !chosen.includes(one));
      measure(
        chosen.map((one) => one.find(({ train }) => train)!),
        others.slice(0, TESTED).flat(),
      );
    }
    report(`${size} pieces`);
  }
} else {
  const all = shuffled(1);
  for (let fold = 0; fold < FOLDS; fold++) {
    measure(
      all.filter((_, i) => i % FOLDS !== fold).flat(),
      all.filter((_, i) => i % FOLDS === fold).flat(),
    );
  }
  report(`${FOLDS}-fold cross-validation`);
}
