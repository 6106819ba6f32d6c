import type { Vocabulary } from "../tokens/vocabulary.ts";
import { type Plot, plot, quantitative } from "./plot.ts";
import { numberText } from "./text.ts";
import { INK } from "./theme.ts";

/**
 * Rank–frequency plot of the vocabulary: the count of each combination, and the share of the music
 * covered by the most frequent ones. Both rank axes are logarithmic, so that a hundred thousand
 * combinations need no more points than a hundred.
 */
export function vocabularyPlot(
  vocabulary: Pick<Vocabulary, "size" | "count">,
): Plot {
  const counts = Float64Array.from({ length: vocabulary.size }, (_, id) => vocabulary.count(id))
    .filter((count) => count > 0).sort().reverse();
  const rest = vocabulary.size > 0 && vocabulary.count(0) > 0;
  const size = `${numberText(counts.length - (rest ? 1 : 0))} combinations` +
    (rest ? ", and silence" : "");
  const total = counts.reduce((sum, count) => sum + count, 0);
  const covered = cumulative(counts);
  const points = spreadRanks(counts.length).map((rank) => ({
    rank,
    count: counts[rank - 1],
    coverage: (covered[rank - 1] ?? 0) / total,
  }));
  const marks = [0.5, 0.9].map((share) => {
    const rank = 1 + covered.findIndex((sum) => sum >= share * total);
    return {
      rank,
      share: (covered[rank - 1] ?? 0) / total,
      text: `${share * 100} % with ${numberText(rank)}`,
    };
  }).filter(({ rank }) => rank > 0);
  const x = quantitative("rank", {
    scale: { type: "log", domain: [1, Math.max(2, counts.length)], nice: false },
    axis: { format: ",", values: decades(counts.length), grid: false },
  });
  const panels = [rankPanel(points, x, counts[0] ?? 1), coveragePanel(points, marks, x)];
  const spec = {
    title: `Vocabulary: ${size}`,
    hconcat: panels.map((panel) => ({ width: 245, height: 220, ...panel })),
  };
  const once = counts.reduce((sum, count) => sum + (count === 1 ? 1 : 0), 0);
  const text = `Vocabulary of ${size} in ` +
    `${numberText(total)} frames, ${numberText(once)} of them seen once; ` +
    marks.map((mark) => mark.text).join(", ");
  return plot(spec, text);
}

/** The logarithmic rank axis shared by both panels. */
type RankAxis = { readonly axis: object };

interface RankPoint {
  readonly rank: number;
  readonly count: number | undefined;
  readonly coverage: number;
}

/** Panel of the count of each combination by rank. */
function rankPanel(points: readonly RankPoint[], x: RankAxis, most: number): object {
  return {
    data: { values: points },
    mark: { type: "line", point: points.length < 30, interpolate: "step-before" },
    encoding: {
      x: { ...x, axis: { ...x.axis, title: "rank of the combination" } },
      tooltip: [{ field: "rank", title: "rank" }, { field: "count", title: "frames with it" }],
      y: quantitative("count", {
        scale: { type: "log" },
        axis: { title: "frames with it", format: ",", values: decades(most) },
      }),
    },
  };
}

/** Panel of the share of the music covered by the most frequent combinations. */
function coveragePanel(
  points: readonly RankPoint[],
  marks: readonly object[],
  x: RankAxis,
): object {
  return {
    layer: [
      {
        data: { values: points },
        mark: { type: "line" },
        encoding: {
          x: { ...x, axis: { ...x.axis, title: "N most frequent combinations" } },
          y: quantitative("coverage", {
            scale: { domain: [0, 1] },
            axis: { title: "share of the music", format: ".0%", tickCount: 5 },
          }),
        },
      },
      {
        data: { values: marks },
        encoding: { x, y: { field: "share", type: "quantitative" } },
        layer: [
          { mark: { type: "point", filled: true, size: 50, color: INK, opacity: 1 } },
          {
            mark: { type: "text", align: "right", dx: -8, dy: -4 },
            encoding: { text: { field: "text" } },
          },
        ],
      },
    ],
  };
}

function decades(last: number): number[] {
  const values = [];
  for (let value = 1; value <= last * 10; value *= 10) values.push(value);
  return values;
}

function cumulative(counts: Float64Array): Float64Array {
  let sum = 0;
  return counts.map((count) => sum += count);
}

/**
 * Logarithmically spaced ranks from 1 to `last`, about 40 per decade at most, both ends included.
 */
function spreadRanks(last: number): number[] {
  const ranks = new Set<number>();
  for (let step = 0; 10 ** (step / 40) <= last; step++) ranks.add(Math.round(10 ** (step / 40)));
  if (last > 0) ranks.add(last);
  return [...ranks].filter((rank) => rank <= last).sort((a, b) => a - b);
}
