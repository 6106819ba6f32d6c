import { type Plot, plot, type PlotOptions } from "./plot.ts";
import { FIRST, SECOND } from "./theme.ts";

/** How training stood at one moment. */
export interface LossPoint {
  /** Epochs done, a fraction within an epoch. */
  readonly epoch: number;
  /** Mean loss on the training music, nats per step; absent where only the held-out loss is new. */
  readonly loss?: number;
  /** Mean loss on the pieces kept aside, nats per step. */
  readonly heldOutLoss?: number;
  /** The step size that the optimizer took. */
  readonly learningRate?: number;
}

/** How a loss curve is drawn. */
export interface LossPlotOptions extends PlotOptions {
  /** Above the picture. Default: `Loss`. */
  readonly title?: string;
  /** How many epochs the training will have, so that a live picture does not change its scale. */
  readonly epochs?: number;
  /** A loss to be beaten, drawn as a dashed line: what it is, and nats per step. */
  readonly baseline?: readonly [label: string, nats: number];
}

const MOST_POINTS = 300;

/** The loss over epochs, with the held-out loss and the learning rate where they are known. */
export function lossPlot(points: readonly LossPoint[], options: LossPlotOptions = {}): Plot {
  const { width = 620, height = 220, title = "Loss", baseline } = options;
  const training = curve(points, (point) => point.loss);
  const heldOut = curve(points, (point) => point.heldOutLoss);
  const rates = curve(points, (point) => point.learningRate);
  const last = Math.max(options.epochs ?? 0, points.at(-1)?.epoch ?? 0, 1e-3);
  const x = {
    field: "epoch",
    type: "quantitative",
    scale: { domain: [0, last], nice: false },
    axis: { title: "epoch", tickMinStep: last >= 2 ? 1 : undefined, grid: false },
  };
  const names = ["training", ...(heldOut.length > 0 ? ["held out"] : [])];
  const values = [
    ...training.map((point) => ({ ...point, curve: "training" })),
    ...heldOut.map((point) => ({ ...point, curve: "held out" })),
  ];
  const losses = {
    width,
    height,
    layer: [
      {
        data: { values },
        mark: { type: "line", point: values.length <= 40 ? { size: 25 } : false },
        encoding: {
          x,
          y: {
            field: "value",
            type: "quantitative",
            scale: { zero: false },
            axis: { title: "loss (nats per step)", tickCount: 6 },
          },
          color: {
            field: "curve",
            type: "nominal",
            scale: { domain: names, range: [FIRST, SECOND].slice(0, names.length) },
            legend: names.length > 1 ? { title: null, orient: "top", symbolType: "stroke" } : null,
          },
        },
      },
      ...(baseline ? baselineLayers(baseline) : []),
    ],
  };
  const spec = rates.length > 0
    ? { title, vconcat: [losses, ratePanel(rates, x, width)] }
    : { title, ...losses };
  return plot(spec, lossText(title, training, heldOut));
}

function ratePanel(rates: readonly CurvePoint[], x: object, width: number): object {
  return {
    width,
    height: 60,
    data: { values: rates },
    mark: { type: "line", interpolate: "step-after", color: "#59636e" },
    encoding: {
      x,
      y: {
        field: "value",
        type: "quantitative",
        axis: { title: "learning rate", tickCount: 2, format: "~g" },
      },
    },
  };
}

function baselineLayers([label, nats]: readonly [string, number]): object[] {
  const y = { datum: nats, type: "quantitative" };
  return [
    { data: { values: [{}] }, mark: { type: "rule", strokeDash: [4, 3] }, encoding: { y } },
    {
      data: { values: [{ label: `${label}: ${nats.toFixed(2)}` }] },
      mark: { type: "text", align: "right", baseline: "bottom", dy: -3 },
      encoding: { y, x: { value: "width" }, text: { field: "label" } },
    },
  ];
}

interface CurvePoint {
  readonly epoch: number;
  readonly value: number;
}

/** The finite values of one curve, thinned evenly to what a picture can show; ends are kept. */
function curve(
  points: readonly LossPoint[],
  value: (point: LossPoint) => number | undefined,
): CurvePoint[] {
  const all = points.flatMap((point) => {
    const found = value(point);
    return found !== undefined && Number.isFinite(found)
      ? [{ epoch: round(point.epoch), value: round(found) }]
      : [];
  });
  const every = Math.ceil(all.length / MOST_POINTS);
  return all.filter((_, at) => at % every === 0 || at === all.length - 1);
}

function round(value: number): number {
  return Number(value.toPrecision(5));
}

function lossText(
  title: string,
  training: readonly CurvePoint[],
  heldOut: readonly CurvePoint[],
): string {
  const parts = ([["training", training], ["held out", heldOut]] as const).flatMap(
    ([name, values]) => {
      const first = values[0];
      const last = values.at(-1);
      if (!first || !last) return [];
      return [`${name} ${first.value.toFixed(2)} → ${last.value.toFixed(2)}`];
    },
  );
  return `${title}: ${parts.length > 0 ? `${parts.join(", ")} nats per step` : "nothing yet"}`;
}
