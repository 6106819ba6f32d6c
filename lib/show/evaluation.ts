import type { Baselines } from "../evaluate/baselines.ts";
import type { Evaluation } from "../evaluate/report.ts";
import {
  AS_CHOICES,
  labelledBars,
  nominal,
  type Plot,
  plot,
  quantitative,
  SURPRISE,
} from "./plot.ts";

/** Labels of the baselines. */
export const BASELINE_NAMES: { readonly [Name in keyof Baselines]: string } = {
  independent: "independent pitches",
  transitions: "each pitch after itself",
  repeat: "the last frame again",
  ngram: "n-grams (Kneser–Ney)",
};

/** Bar chart of the losses of model and baselines on held-out music; shorter is better. */
export function likelihoodPlot(
  evaluation: Pick<Evaluation, "model" | "natsPerFrame" | "baselines" | "base">,
): Plot {
  const { model, natsPerFrame, baselines, base } = evaluation;
  const all = [
    { name: model, nats: natsPerFrame, own: true },
    ...(base ? [{ name: `${base.name}, before`, nats: base.natsPerFrame, own: false }] : []),
    ...Object.entries(baselines ?? {}).map(([key, baseline]) => ({
      name: BASELINE_NAMES[key as keyof Baselines],
      nats: baseline.natsPerFrame,
      own: false,
    })),
  ].flatMap(({ nats, ...rest }) => nats === null ? [] : [{ ...rest, nats }]);
  const spec = {
    title: "Surprise at unseen music: less is better",
    width: 380,
    height: 150,
    data: { values: all.map((each) => ({ ...each, text: each.nats.toFixed(2) })) },
    encoding: {
      y: nominal("name", { sort: null, axis: { title: null, labelLimit: 300 } }),
      x: quantitative("nats", { axis: { title: SURPRISE, tickCount: 3, labelExpr: AS_CHOICES } }),
    },
    layer: labelledBars,
  };
  const words = all.map(({ name, nats }) => `${name} ${nats.toFixed(2)}`).join(", ");
  return plot(spec, `Surprise at unseen music in nats per frame: ${words || "nothing measured"}`);
}
