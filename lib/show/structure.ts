import type { Evaluation } from "../evaluate/report.ts";
import { nominal, ordinal, type Plot, plot, quantitative } from "./plot.ts";
import { PALE_FIRST, SECOND, UNSEEN } from "./theme.ts";

const QUALITIES = {
  selfSimilarity: "similarity to an earlier bar",
  groove: "similarity of neighbouring bars' rhythms",
  keyChanges: "changes of key in 16 bars",
  harmonicRhythm: "half bars to a harmony",
} as const;

const SETS = [
  { key: "training", name: "learned from", colour: PALE_FIRST },
  { key: "generated", name: "generated", colour: SECOND },
  { key: "heldOut", name: "unseen, by people", colour: UNSEEN },
] as const;

/** Bins at the ends with a smaller share in every set are left out. */
const LEAST_SHARE = 0.005;

/** Plot of the structure statistics of training, generated and held-out music. */
export function structurePlot(
  { statistics }: Pick<Evaluation, "statistics">,
): Plot {
  const sets = SETS.flatMap(({ key, ...set }) => {
    const all = statistics[key];
    return all ? [{ ...set, all }] : [];
  });
  const color = nominal("set", {
    scale: { domain: sets.map(({ name }) => name), range: sets.map((set) => set.colour) },
    legend: { title: null, orient: "top", symbolType: "square", symbolOpacity: 1 },
  });
  const panels = (Object.keys(QUALITIES) as (keyof typeof QUALITIES)[]).map((quality) => {
    const histograms = sets.map(({ name, all }) => ({ name, ...all[quality] }));
    const used = (histograms[0]?.values ?? []).flatMap((_, bin) =>
      histograms.some(({ shares }) => shares[bin]! > LEAST_SHARE) ? [bin] : []
    );
    const first = used[0] ?? 0, last = used.at(-1) ?? 0;
    const layer = histograms.map(({ name, shares }, index) => ({
      data: {
        values: shares.slice(first, last + 1).map((share, at) => ({
          set: name,
          bin: first + at,
          share: Number(share.toPrecision(3)),
        })),
      },
      mark: index === 0 ? { type: "bar" } : { type: "line", strokeWidth: 2 },
    }));
    const names = histograms[0]?.values.map((value) => `${Number(value.toFixed(3))}`) ?? [];
    const labelExpr = `${JSON.stringify(names)}[datum.value]`;
    return {
      title: { text: QUALITIES[quality], fontSize: 12, fontWeight: "normal", offset: 4 },
      width: 260,
      height: 90,
      encoding: {
        x: ordinal("bin", { axis: { title: null, labelAngle: 0, labelOverlap: true, labelExpr } }),
        y: quantitative("share", { axis: { title: null, format: ".0%", tickCount: 3 } }),
        color,
        tooltip: [
          { field: "set", title: "music" },
          { field: "share", title: "share", format: ".1%" },
        ],
      },
      layer: layer.length > 0 ? layer : [{ data: { values: [] }, mark: "bar" }],
    };
  });
  const spec = {
    title: "How the music holds together (shares)",
    columns: 2,
    bounds: "flush",
    spacing: { row: 52, column: 52 },
    concat: panels,
  };
  const names = sets.map(({ name }) => name).join(", ") || "no music";
  return plot(
    spec,
    `How the music holds together (${names}): ${Object.values(QUALITIES).join(", ")}`,
  );
}
