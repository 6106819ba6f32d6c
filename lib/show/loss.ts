import type { EpochRecord } from "../train/history.ts";
import { AS_CHOICES, nominal, type Plot, plot, quantitative, SURPRISE } from "./plot.ts";
import { FIRST, INK, PALE_FIRST, UNSEEN } from "./theme.ts";

/** Training history, as `train` records it. */
interface LossHistory {
  /** Losses of individual optimizer steps; may be thinned. */
  readonly steps: readonly LossPoint[];
  /** Mean losses of epochs, with the losses on held-out pieces, if there are any. */
  readonly epochs: readonly LossPoint[];
}

/**
 * Losses at one point of training; the training loss is absent where only the held-out loss is new.
 */
export type LossPoint =
  & Pick<EpochRecord, "step">
  & Partial<Pick<EpochRecord, "loss" | "heldOutLoss" | "learningRate">>;

const TITLE = "Surprise while learning", WIDTH = 540;
const MOST_POINTS = 200;
const LEAST_TO_SMOOTH = 20;

/** Pixels between the panels, and for the legend between title and curves. */
const SPACING = 60, LEGEND_ROOM = 28;

/** Learning curves over steps and epochs, with held-out loss and learning rate where known. */
export function lossPlot(history: LossHistory): Plot {
  const { steps, epochs } = history;
  const each = curve(steps, (point) => point.loss);
  const curves = [
    { name: "each step", colour: each.length < LEAST_TO_SMOOTH ? FIRST : PALE_FIRST, points: each },
    {
      name: "smoothed",
      colour: FIRST,
      points: each.length < LEAST_TO_SMOOTH ? [] : smoothed(each),
    },
    {
      name: "held-out pieces",
      colour: UNSEEN,
      points: curve(epochs, (point) => point.heldOutLoss),
    },
  ].filter(({ points }) => points.length > 0);
  const rates = curve(steps.length > 0 ? steps : epochs, (point) => point.learningRate);
  const last = Math.max(1, ...[...steps.slice(-1), ...epochs.slice(-1)].map(({ step }) => step));
  const x = quantitative("step", {
    scale: { domain: [0, last], nice: false },
    axis: { title: "steps of learning", format: ",d", tickMinStep: 1, grid: false },
  });
  const marks = curves.map(({ name, points }) => ({
    data: { values: points.map((point) => ({ ...point, curve: name })) },
    mark: { type: "line", ...(points.length <= 30 ? { point: { size: 25 } } : {}) },
    encoding: {
      tooltip: [
        { field: "curve", title: "curve" },
        { field: "step", title: "step of learning" },
        { field: "value", title: "nats per frame" },
      ],
    },
  }));
  const losses = {
    width: WIDTH,
    height: 220,
    encoding: {
      x,
      y: quantitative("value", {
        scale: { zero: false },
        axis: {
          title: SURPRISE,
          tickCount: 6,
          labelExpr: AS_CHOICES,
        },
      }),
      color: nominal("curve", {
        scale: {
          domain: curves.map(({ name }) => name),
          range: curves.map(({ colour }) => colour),
        },
        legend: curves.length > 1
          ? {
            title: null,
            orient: "none", // above a part of a concatenation, "top" leaves its spacing free as well
            legendX: 0,
            legendY: -20,
            direction: "horizontal",
            symbolType: "stroke",
            symbolStrokeWidth: 2,
          }
          : null,
      }),
    },
    layer: marks.length > 0 ? marks : [{ data: { values: [] }, mark: "line" }],
  };
  const changes = rates.some(({ value }) => value !== rates[0]!.value);
  const titled = { title: { text: TITLE, offset: LEGEND_ROOM }, ...losses };
  const spec = changes
    ? { vconcat: [titled, ratePanel(rates, x)], bounds: "flush", spacing: SPACING }
    : titled;
  return plot(spec, lossText(curves));
}

function ratePanel(rates: readonly CurvePoint[], x: object): object {
  return {
    width: WIDTH,
    height: 60,
    data: { values: rates },
    mark: { type: "line", interpolate: "step-after", color: INK },
    encoding: {
      x,
      y: quantitative("value", { axis: { title: "learning rate", tickCount: 2, format: "~g" } }),
    },
  };
}

interface CurvePoint {
  readonly step: number;
  readonly value: number;
}

/** Finite values of one curve, thinned evenly to the resolution of a picture; its ends are kept. */
function curve(
  points: readonly LossPoint[],
  value: (point: LossPoint) => number | undefined,
): CurvePoint[] {
  const all = points.flatMap((point) => {
    const found = value(point);
    return found !== undefined && Number.isFinite(found)
      ? [{ step: point.step, value: Number(found.toPrecision(4)) }]
      : [];
  });
  const every = Math.ceil(all.length / MOST_POINTS);
  return all.filter((_, at) => at % every === 0 || at === all.length - 1);
}

/** Exponential moving average over about a twentieth of the curve, with bias correction. */
function smoothed(points: readonly CurvePoint[]): CurvePoint[] {
  const kept = Math.exp(-20 / points.length);
  let sum = 0, weight = 0;
  return points.map(({ step, value }) => {
    sum = kept * sum + (1 - kept) * value;
    weight = kept * weight + (1 - kept);
    return { step, value: Number((sum / weight).toPrecision(4)) };
  });
}

function lossText(
  curves: readonly { readonly name: string; readonly points: readonly CurvePoint[] }[],
): string {
  const parts = curves.map(({ name, points }) =>
    `${name} ${points[0]!.value.toFixed(2)} → ${points.at(-1)!.value.toFixed(2)}`
  );
  return `${TITLE}: ${parts.length > 0 ? `${parts.join(", ")} nats per frame` : "nothing yet"}`;
}
