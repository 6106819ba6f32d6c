/**
 * A second classifier of generated music, independent of the critic: logistic regression on counts
 * of intervals, chords, durations and rhythms in eight bars, none of which plays a part in choosing
 * bars.
 *
 *     deno run -A bench/other_judge.ts --corpus data/corpora/NAME --generated FOLDER[,FOLDER]
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { loadCorpus } from "../lib/corpus/corpus.ts";
import { areaUnderCurve } from "../lib/evaluate/area.ts";
import { EXCERPT_BARS } from "../lib/evaluate/critic.ts";
import { type Excerpt, excerptsOf } from "../lib/evaluate/features/excerpt.ts";
import { logisticRegression } from "../lib/evaluate/logistic.ts";
import { readPieces } from "../lib/phases/evaluate/measured_music.ts";
import { Random } from "../lib/random.ts";
import { pitchOf } from "../lib/tokens/frame.ts";
import type { Grid, Piece } from "../lib/tokens/piece.ts";

/** Maximum number of excerpts per piece; folds, repetitions and penalty of the cross-validation. */
const MOST_EXCERPTS = 16, FOLDS = 5, ROUNDS = 2, PENALTY = 100;

/** Square roots of the shares of values 0 to `size` − 1; what lies outside counts as the nearest. */
function histogram(size: number, values: readonly number[]): number[] {
  const counts = new Array<number>(size).fill(0);
  for (const value of values) counts[Math.max(0, Math.min(size - 1, value))]!++;
  return counts.map((count) => Math.sqrt(count / Math.max(1, values.length)));
}

const steps = (pitches: readonly number[]) => pitches.slice(1).map((p, i) => p - pitches[i]!);

function countsOf({ chords, notes, frames, beat, bars }: Excerpt): Float64Array {
  const tops = chords.filter(({ top }) => top).map(({ pitches }) => pitches.at(-1)!);
  const basses = chords.filter(({ bottom }) => bottom).map(({ pitches }) => pitches[0]!);
  const ways = steps(tops).map((step) => Math.sign(step) + 1);
  const quarters = (time: number) => Math.round(time * 4 / beat);
  const gaps = steps(chords.map(({ start }) => start)).map((gap) => Math.min(8, quarters(gap)));
  const onBeats = frames.filter((_, t) => Math.floor(t % beat) === 0)
    .map((frame) => new Set(frame.map(pitchOf)));
  const rhythms = bars.map(({ rhythm }) => rhythm.join());
  const apart = (bars: number) =>
    rhythms.slice(bars).map((rhythm, i) => rhythm === rhythms[i] ? 1 : 0);
  return Float64Array.from([
    ...histogram(19, steps(tops).map((step) => step + 9)),
    ...histogram(19, steps(basses).map((step) => step + 9)),
    ...histogram(27, ways.slice(2).map((way, i) => way + 3 * ways[i + 1]! + 9 * ways[i]!)),
    ...histogram(17, chords.flatMap(({ pitches }) => steps(pitches))),
    ...histogram(
      12,
      frames.flatMap((frame) =>
        frame.slice(1).map((code) => (pitchOf(code) - pitchOf(frame[0]!)) % 12)
      ),
    ),
    ...histogram(9, frames.map(({ length }) => length)),
    ...histogram(7, chords.map(({ pitches }) => pitches.length)),
    ...histogram(
      16,
      bars.flatMap(({ rhythm, frames }) =>
        Array.from(rhythm, (step) => Math.floor(16 * step / frames) % 16)
      ),
    ),
    ...histogram(17, notes.map(({ start, end }) => quarters(end - start))),
    ...histogram(9, gaps),
    ...histogram(81, gaps.slice(1).map((gap, i) => 9 * gap + gaps[i]!)),
    ...histogram(7, onBeats.slice(1).map((set, i) => set.intersection(onBeats[i]!).size)),
    ...histogram(7, onBeats.slice(1).map((set, i) => set.difference(onBeats[i]!).size)),
    ...histogram(2, apart(1)),
    ...histogram(2, apart(2)),
  ]);
}

/** The area under the judge's curve, cross-validated by piece. */
function areaOf(made: readonly Piece[], usual: readonly Piece[], grid: Grid): number {
  const rows = [usual, made].flatMap((pieces, kind) =>
    pieces.flatMap((whole, piece) => {
      const excerpts = excerptsOf(whole, grid, EXCERPT_BARS);
      const step = Math.max(1, excerpts.length / MOST_EXCERPTS);
      return Array.from(
        { length: Math.min(MOST_EXCERPTS, excerpts.length) },
        (_, i) => ({ counts: countsOf(excerpts[Math.floor(i * step)]!), kind, piece }),
      );
    })
  );
  const random = new Random(5), areas: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const fold = [usual, made].map((pieces) => random.shuffle(pieces.map((_, i) => i % FOLDS)));
    for (let k = 0; k < FOLDS; k++) {
      const within = ({ kind, piece }: typeof rows[number]) => fold[kind]![piece] === k;
      const others = rows.filter((row) => !within(row));
      const { score } = logisticRegression(
        others.map(({ counts }) => counts),
        Uint8Array.from(others, ({ kind }) => kind),
        PENALTY,
      );
      const own = rows.filter(within).map(({ counts, kind }) => ({ score: score(counts), kind }));
      areas.push(areaUnderCurve(own) ?? 0.5);
    }
  }
  return areas.reduce((sum, area) => sum + area) / areas.length;
}

const flags = parseArgs(Deno.args, { string: ["corpus", "generated"] });
if (!flags.corpus || !flags.generated) {
  throw new Error("Cannot judge: give --corpus FOLDER and --generated FOLDER");
}
const corpus = await loadCorpus(`${flags.corpus}`);
const usual = corpus.pieces.map((_, index) => corpus.piece(index));
for (const folder of `${flags.generated}`.split(",")) {
  const { pieces } = await readPieces(folder, corpus.style.tokenize, {});
  console.log(`${folder}: ${areaOf(pieces, usual, corpus.grid).toFixed(2)}`);
}
