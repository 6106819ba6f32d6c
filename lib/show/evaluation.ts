import { PITCH_CLASSES, pitchName } from "./notes.ts";
import { type Plot, plot, type PlotOptions } from "./plot.ts";
import { FIRST, SECOND } from "./theme.ts";

/** What the pictures need of an evaluation: the phase's summary has it. */
export interface EvaluatedModel {
  /** The model's name. */
  readonly model: string;
  /** Its loss on unseen music, nats per frame; null if there is none. */
  readonly natsPerFrame: number | null;
  /** The same of the plainest models, by name. */
  readonly baselines:
    | { readonly [name: string]: { readonly natsPerFrame: number | null } }
    | null;
  /** The loss of what it was adapted from; null or missing if it started from nothing. */
  readonly base?: { readonly name: string; readonly natsPerFrame: number | null } | null;
  /** Distributions of the music that was learned from, made, and kept unseen. */
  readonly statistics: {
    readonly [Set in "training" | "generated" | "heldOut"]:
      | { readonly [quality in Quality]: ShownHistogram }
      | null;
  };
}

/** A distribution: what is counted in bins, and the share of each. */
export interface ShownHistogram {
  /** The lowest value of each bin. */
  readonly values: readonly number[];
  /** Shares, 0 to 1. */
  readonly shares: readonly number[];
}

/** What music is described by, one distribution each. */
export type Quality =
  | "pitchClass"
  | "register"
  | "polyphony"
  | "noteLength"
  | "onsetsPerBeat"
  | "interval"
  | "scaleConsistency"
  | "selfSimilarity"
  | "groove"
  | "keyChanges"
  | "harmonicRhythm"
  | "lowNotes"
  | "gap";

const QUALITIES: Readonly<
  Record<Quality, { readonly title: string; readonly label: (value: number) => string }>
> = {
  pitchClass: { title: "pitch class", label: (value: number) => PITCH_CLASSES[value] ?? "" },
  register: { title: "register", label: pitchName },
  polyphony: { title: "notes at once", label: String },
  noteLength: { title: "length of a note (beats, or seconds)", label: shortNumber },
  onsetsPerBeat: { title: "notes that begin in a beat (second)", label: String },
  interval: { title: "step of the highest voice (semitones)", label: String },
  scaleConsistency: { title: "share of notes within one scale", label: shortNumber },
  selfSimilarity: { title: "likeness to an earlier bar", label: shortNumber },
  groove: { title: "likeness of neighbouring bars' rhythms", label: shortNumber },
  keyChanges: { title: "changes of key in 16 bars", label: String },
  harmonicRhythm: { title: "half bars to a harmony", label: String },
  lowNotes: { title: "low notes in a bar", label: String },
  gap: { title: "time between notes (beats, or seconds)", label: shortNumber },
};

const BASELINES: Readonly<Record<string, string>> = {
  independent: "independent pitches",
  transitions: "each pitch after itself",
  repeat: "the last frame again",
  ngram: "n-grams (Kneser–Ney)",
};

/** The model's loss on unseen music beside the baselines'; shorter is better. */
export function likelihoodPlot(
  evaluation: EvaluatedModel,
  { width = 460, height = 150 }: PlotOptions = {},
): Plot {
  const { model, natsPerFrame, baselines, base } = evaluation;
  const all = [
    { name: model, nats: natsPerFrame, own: true },
    ...(base ? [{ name: `${base.name}, before`, nats: base.natsPerFrame, own: false }] : []),
    ...Object.entries(baselines ?? {}).map(([key, baseline]) => ({
      name: BASELINES[key] ?? key,
      nats: baseline.natsPerFrame,
      own: false,
    })),
  ].flatMap(({ nats, ...rest }) => nats === null ? [] : [{ ...rest, nats }]);
  const spec = {
    title: "Loss on unseen music: less is better",
    width,
    height,
    data: { values: all.map((each) => ({ ...each, text: each.nats.toFixed(2) })) },
    encoding: {
      y: { field: "name", type: "nominal", sort: null, axis: { title: null, labelLimit: 220 } },
      x: { field: "nats", type: "quantitative", axis: { title: "nats per frame", tickCount: 6 } },
    },
    layer: [
      {
        mark: "bar",
        encoding: {
          color: { condition: { test: "datum.own", value: SECOND }, value: FIRST },
        },
      },
      { mark: { type: "text", align: "left", dx: 4 }, encoding: { text: { field: "text" } } },
    ],
  };
  const words = all.map(({ name, nats }) => `${name} ${nats.toFixed(2)}`).join(", ");
  return plot(spec, `Loss on unseen music in nats per frame: ${words || "nothing measured"}`);
}

const SETS = [
  { key: "training", name: "learned from", colour: "#9dbfe3" },
  { key: "generated", name: "generated", colour: SECOND },
  { key: "heldOut", name: "unseen, by people", colour: "#2f7d3f" },
] as const;

/** What the notes are like: learned from, generated, unseen, side by side in every quality. */
export function statisticsPlot(evaluation: EvaluatedModel, options: PlotOptions = {}): Plot {
  return histogramsPlot(evaluation, "What the music is like (shares)", NOTES, options);
}

/** What the bars are like, and how one follows the other, side by side in every quality. */
export function structurePlot(evaluation: EvaluatedModel, options: PlotOptions = {}): Plot {
  return histogramsPlot(evaluation, "How the music holds together (shares)", STRUCTURE, options);
}

const STRUCTURE: readonly Quality[] = [
  "selfSimilarity",
  "groove",
  "keyChanges",
  "harmonicRhythm",
  "lowNotes",
  "gap",
];
const NOTES = (Object.keys(QUALITIES) as Quality[]).filter((each) => !STRUCTURE.includes(each));

function histogramsPlot(
  evaluation: EvaluatedModel,
  title: string,
  qualities: readonly Quality[],
  { width = 340, height = 110 }: PlotOptions,
): Plot {
  const sets = SETS.flatMap(({ key, ...set }) => {
    const statistics = evaluation.statistics[key];
    return statistics ? [{ ...set, statistics }] : [];
  });
  const colour = {
    field: "set",
    type: "nominal",
    scale: { domain: sets.map(({ name }) => name), range: sets.map((set) => set.colour) },
    legend: { title: null, orient: "top", symbolType: "square", symbolOpacity: 1 },
  };
  const panels = qualities.map((quality) => {
    const { title, label } = QUALITIES[quality];
    const histograms = sets.map(({ name, statistics }) => ({ name, ...statistics[quality] }));
    const [first, last] = usedBins(histograms.map(({ shares }) => shares));
    const layer = histograms.map(({ name, values, shares }, index) => ({
      data: {
        values: shares.slice(first, last + 1).map((share, at) => ({
          set: name,
          bin: first + at,
          label: label(values[first + at]!),
          share: Number(share.toPrecision(3)),
        })),
      },
      mark: index === 0 ? { type: "bar" } : { type: "line", strokeWidth: 2 },
    }));
    const names = histograms[0]?.values.map(label) ?? [];
    return {
      title: { text: title, fontSize: 12, fontWeight: "normal", offset: 4 },
      width,
      height,
      encoding: {
        x: {
          field: "bin",
          type: "ordinal",
          axis: {
            title: null,
            labelAngle: 0,
            labelOverlap: true,
            labelExpr: `${JSON.stringify(names)}[datum.value]`,
          },
        },
        y: {
          field: "share",
          type: "quantitative",
          axis: { title: null, format: ".0%", tickCount: 4 },
        },
        color: colour,
      },
      layer: layer.length > 0 ? layer : [{ data: { values: [] }, mark: "bar" }],
    };
  });
  const spec = {
    title,
    columns: 2,
    bounds: "flush",
    spacing: { row: 52, column: 52 },
    concat: panels,
  };
  const names = sets.map(({ name }) => name).join(", ") || "no music";
  const titles = qualities.map((quality) => QUALITIES[quality].title).join(", ");
  return plot(spec, `${qualities.length} distributions of the music (${names}): ${titles}`);
}

/** First and last bin that holds more than a two-hundredth of any set. */
function usedBins(all: readonly (readonly number[])[]): [first: number, last: number] {
  const used = (all[0] ?? []).flatMap((_, bin) =>
    all.some((shares) => shares[bin]! > 0.005) ? [bin] : []
  );
  return [used[0] ?? 0, used.at(-1) ?? 0];
}

function shortNumber(value: number): string {
  return `${Number(value.toFixed(3))}`;
}
