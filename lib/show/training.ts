import type { Progress } from "../progress.ts";
import { closeBeforeNext, inNotebook, liveDisplay } from "./jupyter.ts";
import { lossPlot, type LossPoint } from "./loss.ts";
import { pictures } from "./plot.ts";
import { JUPYTER_DISPLAY } from "./summary.ts";
import { type ProgressDisplay, progressDisplay } from "./progress.ts";

const REDRAW_MILLISECONDS = 1500;
const MOST_POINTS = 2000;

/**
 * Progress of training: the bar or line of {@linkcode progressDisplay}, and in a notebook the loss
 * curve below it, redrawn in place while the training goes on. Each run needs a new one.
 */
export function trainingDisplay(): ProgressDisplay {
  const bar = progressDisplay();
  if (!inNotebook()) return bar;
  const points: LossPoint[] = [];
  const history = () => ({
    steps: points.slice(),
    epochs: points.filter(({ heldOutLoss }) => heldOutLoss !== undefined)
      .map(({ step, heldOutLoss }) => ({ step, heldOutLoss })),
  });
  const display = liveDisplay();
  let drawn = -Infinity;
  let heldOutLoss: number | undefined;
  let drawing: Promise<void> | undefined;
  // A front end draws an SVG at once but builds a Vega-Lite view anew for each update: it gets
  // that with the last picture only.
  const draw = async () => {
    const picture = lossPlot(history());
    await display.draw(pictures(await picture.svg(), picture.text));
  };
  const listen = (progress: Progress) => {
    bar(progress);
    if (!progress.measures) return;
    const point = pointOf(progress.measures);
    // The reports of an epoch repeat the held-out loss of the one before.
    if (point.heldOutLoss === heldOutLoss) delete point.heldOutLoss;
    else heldOutLoss = point.heldOutLoss;
    points.push(point);
    if (points.length > MOST_POINTS) points.splice(0, points.length, ...everySecond(points));
    if (drawing || performance.now() - drawn < REDRAW_MILLISECONDS) return;
    drawn = performance.now();
    drawing = draw().catch(() => {}).finally(() => drawing = undefined);
  };
  const done = async () => {
    await bar.done();
    if (points.length === 0) return;
    const picture = lossPlot(history());
    points.length = 0;
    await drawing;
    try {
      await display.draw(await picture[JUPYTER_DISPLAY]());
    } catch {
      // a picture that fails is no reason to lose what was trained
    }
  };
  closeBeforeNext(done);
  return Object.assign(listen, { done, run: { onProgress: listen, signal: bar.run.signal } });
}

function pointOf(measures: Readonly<Record<string, number>>) {
  const { step = 0, loss, heldOutLoss, learningRate } = measures;
  return { step, loss, heldOutLoss, learningRate };
}

/** Half of the points; held-out losses, which are few, all stay. */
function everySecond(points: readonly LossPoint[]): LossPoint[] {
  return points.filter((point, at) => at % 2 === 0 || point.heldOutLoss !== undefined);
}
