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
}

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
        encoding: { color: { condition: { test: "datum.own", value: SECOND }, value: FIRST } },
      },
      { mark: { type: "text", align: "left", dx: 4 }, encoding: { text: { field: "text" } } },
    ],
  };
  const words = all.map(({ name, nats }) => `${name} ${nats.toFixed(2)}`).join(", ");
  return plot(spec, `Loss on unseen music in nats per frame: ${words || "nothing measured"}`);
}
