/**
 * Measures how well generated music is distinguished from unseen music of the same source by 70
 * features of eight bars, most of which play no part in choosing bars: the area under the ROC curve
 * of gradient-boosted trees and of a logistic regression, each cross-validated by piece; the
 * Fréchet distance of the features; and the most discriminating features. Beside them stand the
 * same measures for as many real pieces against the others.
 *
 *     deno run -A bench/outside_judge.ts --real FOLDER --generated FOLDER[,FOLDER]
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { areaUnderCurve } from "../lib/evaluate/area.ts";
import { logisticRegression } from "../lib/evaluate/logistic.ts";
import { mean } from "../lib/numbers.ts";
import { readPieces } from "../lib/phases/evaluate/measured_music.ts";
import { Random } from "../lib/random.ts";
import type { Piece } from "../lib/tokens/piece.ts";
import { growTrees } from "../lib/touch/boosting.ts";
import { askTrees } from "../lib/touch/trees.ts";
import { frechet } from "./frechet.ts";
import { OUTSIDE_FEATURES, outsideFeatures } from "./outside_features.ts";
import { USUAL_TOKENS } from "./table.ts";

/** Maximum number of excerpts per piece; folds and repetitions of the cross-validation. */
const MOST_EXCERPTS = 16, FOLDS = 5, ROUNDS = 3;

/** Penalty of the logistic regression. */
const PENALTY = 30;

const TREES = { trees: 150, depth: 3, rate: 0.1, rows: 1e6, features: 0.5, least: 8, shrink: 2 };

/** Number of comparisons of real pieces with other real ones. */
const SPLITS = 4;

/** Feature rows of each piece. */
type Judged = readonly (readonly Float64Array[])[];

interface Row {
  readonly values: Float64Array;
  readonly kind: number;
  readonly piece: number;
}

function judgedOf(pieces: readonly Piece[]): Judged {
  return pieces.map((piece) => {
    const rows = outsideFeatures(piece, USUAL_TOKENS.grid);
    const step = Math.max(1, rows.length / MOST_EXCERPTS);
    return Array.from(
      { length: Math.min(MOST_EXCERPTS, rows.length) },
      (_, i) => rows[Math.floor(i * step)]!,
    );
  });
}

/** Rows with missing values replaced by the mean of their column. */
function complete(rows: readonly Row[]): Row[] {
  const means = OUTSIDE_FEATURES.map((_, at) =>
    mean(rows.map(({ values }) => values[at]!).filter((value) => !Number.isNaN(value)), 0)
  );
  const filled = (values: Float64Array) =>
    values.map((value, at) => Number.isNaN(value) ? means[at]! : value);
  return rows.map((row) => ({ ...row, values: filled(row.values) }));
}

/** Scores of rows by classifiers that are fitted to other rows. */
const CLASSIFIERS = {
  boosting(rows: readonly Row[], random: Random): (values: Float64Array) => number {
    const size = OUTSIDE_FEATURES.length;
    const inputs = Float32Array.from(rows.flatMap(({ values }) => [...values]));
    const second = mean(rows.map(({ kind }) => kind));
    const targets = Float32Array.from(rows, ({ kind }) => kind - second);
    const trees = growTrees(inputs, size, targets, TREES, random);
    return (values) => askTrees(trees, values);
  },
  regression(rows: readonly Row[]): (values: Float64Array) => number {
    const kinds = Uint8Array.from(rows, ({ kind }) => kind);
    return logisticRegression(rows.map(({ values }) => values), kinds, PENALTY).score;
  },
};

function rowsOf(real: Judged, made: Judged): Row[] {
  return complete(
    [real, made].flatMap((pieces, kind) =>
      pieces.flatMap((own, piece) => own.map((values) => ({ values, kind, piece })))
    ),
  );
}

/** Mean area under the curve of each classifier. */
function areasOf(real: Judged, made: Judged, rounds: number): Record<string, number> {
  const rows = rowsOf(real, made), random = new Random(5);
  const areas = Map.groupBy(
    Array.from({ length: rounds }).flatMap(() => {
      const fold = [real, made].map((pieces) => random.shuffle(pieces.map((_, i) => i % FOLDS)));
      return Array.from({ length: FOLDS }).flatMap((_, k) => {
        const within = ({ kind, piece }: Row) => fold[kind]![piece] === k;
        const others = rows.filter((row) => !within(row)), own = rows.filter(within);
        return Object.entries(CLASSIFIERS).flatMap(([name, fit]) => {
          const score = fit(others, random);
          const area = areaUnderCurve(
            own.map(({ values, kind }) => ({ score: score(values), kind })),
          );
          return area === null ? [] : [{ name, area }];
        });
      });
    }),
    ({ name }) => name,
  );
  return Object.fromEntries([...areas].map(([name, all]) => [name, mean(all.map((a) => a.area))]));
}

/** Fréchet distance of standardised features. */
function distance(real: Judged, made: Judged): number {
  const rows = rowsOf(real, made), usual = rows.filter(({ kind }) => kind === 0);
  const scale = OUTSIDE_FEATURES.map((_, at) => {
    const values = usual.map((row) => row.values[at]!), middle = mean(values);
    return Math.sqrt(mean(values.map((value) => (value - middle) ** 2))) || 1;
  });
  const of = (kind: number) =>
    rows.filter((row) => row.kind === kind).map(({ values }) =>
      values.map((value, at) => value / scale[at]!)
    );
  return frechet(of(0), of(1));
}

/** Features by discrimination: how well each alone distinguishes the music. */
function telling(real: Judged, made: Judged) {
  const rows = rowsOf(real, made);
  return OUTSIDE_FEATURES.map((name, at) => {
    const scored = rows.map(({ values, kind }) => ({ score: values[at]!, kind }));
    const usual = (kind: number) =>
      mean(scored.filter((one) => one.kind === kind).map(({ score }) => score));
    return { name, area: areaUnderCurve(scored)!, real: usual(0), made: usual(1) };
  }).sort((a, b) => Math.abs(b.area - 0.5) - Math.abs(a.area - 0.5));
}

const flags = parseArgs(Deno.args, { string: ["real", "generated", "show"] });
if (!flags.real || !flags.generated) {
  throw new Error("Cannot judge: give --real FOLDER and --generated FOLDER[,FOLDER]");
}
const read = async (folder: string) =>
  judgedOf((await readPieces(folder, USUAL_TOKENS, {})).pieces);
const real = await read(`${flags.real}`), shown = Number(flags.show ?? 12);
const random = new Random(7),
  text = (areas: Record<string, number>) =>
    Object.entries(areas).map(([name, area]) => `${name} ${area.toFixed(2)}`).join(", ");
for (const [index, folder] of `${flags.generated}`.split(",").entries()) {
  const made = await read(folder);
  const floors = Array.from({ length: index === 0 ? SPLITS : 0 }, () => {
    const order = random.shuffle([...real]), some = Math.min(made.length, order.length >> 1);
    return { usual: order.slice(some), other: order.slice(0, some) };
  });
  if (floors.length > 0) {
    const areas = floors.map(({ usual, other }) => areasOf(usual, other, 1));
    const names = Object.keys(areas[0]!);
    const means = names.map((name) => [name, mean(areas.map((one) => one[name]!))] as const);
    const apart = mean(floors.map(({ usual, other }) => distance(usual, other)));
    console.log(
      `real pieces: told apart ${text(Object.fromEntries(means))}, Fréchet ${apart.toFixed(1)}`,
    );
  }
  console.log(
    `${folder}: told apart ${text(areasOf(real, made, ROUNDS))}, ` +
      `Fréchet ${distance(real, made).toFixed(1)}`,
  );
  for (const { name, area, real: usual, made: own } of telling(real, made).slice(0, shown)) {
    console.log(
      `  ${area.toFixed(2)}  ${name.padEnd(26)} real ${usual.toFixed(3)}, made ${own.toFixed(3)}`,
    );
  }
}
