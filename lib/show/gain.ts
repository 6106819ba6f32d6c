import { labelledBars, type Plot, plot, quantitative } from "./plot.ts";

/** What an adapted model knew of the music before it learned, and what it knows now. */
interface Gain {
  /** What it is called now. */
  readonly name: string;
  /** What it was before, and its loss on the music, nats per frame. */
  readonly before: { readonly name: string; readonly loss: number };
  /** Its loss on the same music now, nats per frame. */
  readonly now: number;
}

/** Less than this is as good as nothing, nats per frame. */
const LEAST_GAIN = 0.0005;

/**
 * How surprised a model is by the music that it learned from, before and after: also where learning
 * ended before it began, because there was nothing to be gained.
 */
export function gainPlot({ name, before, now }: Gain): Plot {
  const gained = before.loss - now >= LEAST_GAIN;
  const bars = [
    { what: `${before.name}, before`, nats: before.loss, own: false },
    { what: `${name}, now`, nats: now, own: true },
  ].map((bar) => ({ ...bar, nats: Number(bar.nats.toFixed(4)), text: wordsOf(bar.nats) }));
  const spec = {
    title: {
      text: "How much your music surprises it: less is better",
      subtitle: gained
        ? "the same passages of the music that it learned from"
        : "nothing was gained: it knew such music as well before",
    },
    width: 560,
    height: 60,
    data: { values: bars },
    encoding: {
      y: { field: "what", type: "nominal", sort: null, axis: { title: null, labelLimit: 220 } },
      x: quantitative("nats", {
        scale: { domain: [0, 1.5 * Math.max(before.loss, now)], nice: false },
        axis: { title: "nats per frame", tickCount: 5 },
      }),
    },
    layer: labelledBars,
  };
  const text = bars.map(({ what, text }) => `${what} ${text}`).join("; ");
  return plot(
    spec,
    `How much the music surprises it: ${text}${gained ? "" : "; nothing was gained"}`,
  );
}

/** A loss, and what it means: as surprised as by one of so many equally likely choices. */
function wordsOf(nats: number): string {
  return `${nats.toFixed(3)}, like one of ${Number(Math.exp(nats).toPrecision(2))} choices`;
}
