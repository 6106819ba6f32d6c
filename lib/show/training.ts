import type { Progress } from "../progress.ts";
import { closeBeforeNext, inNotebook, liveDisplay } from "./jupyter.ts";
import { lossPlot, type LossPoint } from "./loss.ts";
import { pictures } from "./plot.ts";
import { JUPYTER_DISPLAY } from "./summary.ts";
import { type ProgressDisplay, progressDisplay } from "./progress.ts";

const REDRAW_MILLISECONDS = 1500;
const MOST_POINTS = 2000;

/**
 * Training progress display: the bar or line of {@linkcode progressDisplay}, and in a notebook the
 * learning curve below it, redrawn in place during training. Each run needs a new one.
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
  // A front end draws an SVG at once but rebuilds a Vega-Lite view for each update: it gets
  // Vega-Lite with the last picture only.
  const draw = async () => {
    const picture = lossPlot(history());
    await display.draw(pictures(await picture.svg(), picture.text));
  };
  const listen = (progress: Progress) => {
    bar(progress);
    if (!progress.measures) return;
    const point = pointOf(progress.measures);
    // Reports during an epoch repeat the held-out loss of the previous one.
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
      // a failure to draw must not lose the trained model
    }
  };
  closeBeforeNext(done);
  return Object.assign(listen, { done, run: { onProgress: listen, signal: bar.run.signal } });
}

function pointOf(measures: Readonly<Record<string, number>>) {
  const { step = 0, loss, heldOutLoss, learningRate } = measures;
  return { step, loss, heldOutLoss, learningRate };
}

/** Every second point; the few held-out losses are all kept. */
function everySecond(points: readonly LossPoint[]): LossPoint[] {
  return points.filter((point, at) => at % 2 === 0 || point.heldOutLoss !== undefined);
}
