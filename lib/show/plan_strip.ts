import { evidenceOf, findKeys, lastBassOf } from "../tokens/find_key.ts";
import { keyName } from "../tokens/key.ts";
import type { Plan } from "../tokens/plan.ts";
import { mapQualities, QUALITIES, qualityNames } from "../tokens/qualities.ts";
import { nominal, type Plot, plot, type PlotOptions, quantitative } from "./plot.ts";
import { SECOND } from "./theme.ts";

/** Drawing options of a plan. */
interface PlanStripOptions extends PlotOptions {
  /** Title. Default: the number of bars. */
  readonly title?: string;
  /** First bar drawn, from 0. Default: 0. */
  readonly from?: number;
  /** Maximum number of bars drawn. Default: 64. */
  readonly bars?: number;
  /** Index of the highlighted bar, from 0. */
  readonly marked?: number;
}

/** Minimum similarity at which a bar takes the letter of its source bar. */
const SAME_LETTER = 0.5;

/** Similarity below which the letter has a prime. */
const AS_IT_WAS = 0.9;

/**
 * Plan drawn as a strip with one column per bar: width shows the length, height the note density,
 * colour the key; similar bars share a letter (with a prime where they differ slightly), and
 * requested chords stand above.
 */
export function planStrip(plan: Plan, options: PlanStripOptions = {}): Plot {
  const { from = 0, bars: most = 64, marked, width = 600, height = 90 } = options;
  const letters = barLetters(plan), keys = barKeys(plan);
  let end = 0;
  const values = plan.bars.map((bar, index) => ({
    bar: index + 1,
    start: end,
    end: end += bar.frames,
    notes: Number((bar.notes ?? 0).toFixed(2)),
    letter: letters[index]!,
    key: keys[index]!,
    mark: index === marked,
    ...mapQualities((quality, name) =>
      bar[name] === undefined || name === "notes" ? undefined : quality.describe(bar[name])
    ),
  })).slice(from, from + most);
  const text = `Plan of ${plan.bars.length} bars${plan.ends ? " with an end" : ""}: ` +
    values.map(({ letter, chords }) => chords ? `${letter} (${chords})` : letter).join(" ");
  const signs = values.map(({ chords }, at) => chords === values[at - 1]?.chords ? "" : chords);
  const hasChords = values.some(({ chords }) => chords);
  const domain = [values[0]?.start ?? 0, values.at(-1)?.end ?? 1];
  const every = [1, 2, 4, 8, 16].find((step) => values.length / step <= 32) ?? 32;
  const names = Object.fromEntries(
    values.filter(({ bar }) => bar % every === 0 || every === 1).map((
      { start, bar },
    ) => [start, bar]),
  );
  return plot({
    title: { text: options.title ?? `Plan of ${plan.bars.length} bars` },
    width,
    height,
    data: { values: values.map((value, at) => ({ ...value, sign: signs[at] })) },
    encoding: {
      x: quantitative("start", {
        scale: { domain, nice: false, zero: false },
        axis: {
          title: "bar",
          grid: false,
          values: Object.keys(names).map(Number),
          labelExpr: `${JSON.stringify(names)}[datum.value] || ''`,
          labelOverlap: false,
        },
      }),
      y: { field: "notes", type: "quantitative", axis: { title: "notes", tickCount: 3 } },
      tooltip: [
        { field: "bar", title: "bar" },
        ...qualityNames.map((field) => ({ field, title: QUALITIES[field].words })),
      ],
    },
    layer: [
      barLayer(keys, marked !== undefined, hasChords),
      letterLayer(values.length),
      ...hasChords ? [chordLayer(values.length)] : [],
    ],
  }, text);
}

/** Distance of the legend from the columns with a row of chords between them, in pixels. */
const CHORD_ROOM = 34;

/** Columns of the bars in the colours of their keys; the highlighted one has an edge. */
function barLayer(keys: readonly string[], isOneMarked: boolean, hasChords: boolean): object {
  const legend = { orient: "top", title: null, ...(hasChords ? { offset: CHORD_ROOM } : {}) };
  return {
    mark: { type: "bar", opacity: 0.75, x2Offset: -2, strokeWidth: 2, strokeOpacity: 1 },
    encoding: {
      x2: { field: "end" },
      y2: { datum: 0 },
      color: nominal("key", { sort: [...new Set(keys)], legend }),
      ...(isOneMarked
        ? { stroke: { condition: { test: "datum.mark", value: SECOND }, value: null } }
        : {}),
    },
  };
}

function letterLayer(bars: number): object {
  return {
    transform: [{ calculate: "(datum.start + datum.end) / 2", as: "middle" }],
    mark: { type: "text", dy: -7, fontSize: bars > 40 ? 9 : 12 },
    encoding: { x: { field: "middle", type: "quantitative" }, text: { field: "letter" } },
  };
}

/** Chords above the bars at which they change, as in a song book. */
function chordLayer(bars: number): object {
  return {
    transform: [{ calculate: "(datum.start + datum.end) / 2", as: "middle" }],
    mark: { type: "text", dy: -20, fontSize: bars > 20 ? 8 : 10 },
    encoding: {
      x: { field: "middle", type: "quantitative" },
      y: { value: 0 },
      text: { field: "sign" },
    },
  };
}

/** Form letters of the bars, equal for similar bars. */
export function barLetters({ bars }: Plan): string[] {
  const letters: string[] = [];
  let next = 0;
  for (const { like } of bars) {
    if (like && like.degree >= SAME_LETTER) {
      const letter = letters[like.bar]!.replace("′", "");
      letters.push(like.degree < AS_IT_WAS || like.transpose !== 0 ? `${letter}′` : letter);
    } else letters.push(letterOf(next++));
  }
  return letters;
}

/** Penalty for a key change between bars in the picture, in nats. */
const KEY_CHANGE = 12;

/** Key name of each bar, or that of the whole plan where there is nothing more specific. */
function barKeys({ bars, ends }: Plan): string[] {
  const halves = evidenceOf(bars);
  if (halves.every(({ classes }) => classes.length === 0)) return bars.map(() => "none");
  const keys = findKeys(halves, KEY_CHANGE, ends ? { lastBass: lastBassOf(bars) } : {});
  return bars.map((_, bar) => keyName(keys[2 * bar]!));
}

/** Letter of an index: A, B … Z, AA, AB … */
function letterOf(index: number): string {
  const last = String.fromCharCode(65 + index % 26);
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}
