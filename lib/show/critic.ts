import type { Critique, TellingFeature } from "../evaluate/critic.ts";
import { nominal, type Plot, plot, quantitative } from "./plot.ts";
import { SECOND } from "./theme.ts";

/** Maximum number of features in the picture; more are unreadable. */
const FEATURES_SHOWN = 16;

/** Labels in lines around their ticks, of at most 38 characters: more would leave the bars no room. */
const IN_LINES = {
  labelExpr: "slice(split(replace(datum.label, /(.{1,38})(?: |$)/g, '$1|'), '|'), 0, -1)",
  labelLineHeight: 13,
  labelOffset: { condition: { test: "length(datum.label) > 38", value: -6 }, value: 0 },
};

/**
 * Plot of the features that the critic detects: for each, the share of eight-bar excerpts with more
 * of it than the reference music. One half is ideal.
 * @param critique null if there is none: the corpus is missing
 */
export function criticPlot(
  critique: Pick<Critique, "told" | "features"> | null,
): Plot {
  const features = critique?.features.slice(0, FEATURES_SHOWN) ?? [];
  const told = critique?.told ? `${Math.round(100 * critique.told.area)} %` : "nothing measured";
  const spec = {
    title: {
      text: "What gives the music away",
      subtitle: `distinguished from the corpus ${told} of the time; 50 % is chance`,
    },
    width: 300,
    height: 28 * FEATURES_SHOWN,
    data: {
      values: features.map((feature) => ({
        words: feature.words,
        alone: Number(feature.alone.toFixed(3)),
        from: 0.5,
        text: insteadOf(feature),
      })),
    },
    encoding: {
      y: nominal("words", { sort: null, axis: { title: null, labelLimit: 0, ...IN_LINES } }),
      x: quantitative("alone", {
        scale: { domain: [0, 1] },
        axis: {
          title: "too little ← as usual → too much",
          format: ".0%",
          values: [0, 0.25, 0.5, 0.75, 1],
        },
      }),
      x2: { field: "from" },
      color: { value: SECOND },
      tooltip: [{ field: "words", title: "feature" }, { field: "text", title: "mean" }],
    },
    mark: "bar",
  };
  const words = features.slice(0, 5).map((one) => `${one.words} ${insteadOf(one)}`).join("; ");
  return plot(
    spec,
    `Features that distinguish the music (told apart: ${told}): ${words || "nothing"}`,
  );
}

/** Measured and usual value of a feature in words. */
export function insteadOf({ judged, usual }: TellingFeature): string {
  const value = (of: number | null) => of === null ? "none" : `${Number(of.toPrecision(2))}`;
  return `${value(judged)} instead of ${value(usual)}`;
}
