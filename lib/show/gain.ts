import { labelledBars, type Plot, plot, quantitative } from "./plot.ts";
import { choicesText } from "./text.ts";

/** Loss of an adapted model on the music before and after training. */
interface Gain {
  /** Current name. */
  readonly name: string;
  /** Name and loss of the base on the music, nats per frame. */
  readonly before: { readonly name: string; readonly loss: number };
  /** Current loss on the same music, nats per frame. */
  readonly now: number;
}

/** Smallest gain that counts as one, nats per frame. */
const LEAST_GAIN = 0.0005;

/**
 * Plot of the loss before and after training. It is also drawn when training stopped at once
 * because there was nothing to gain.
 */
export function gainPlot({ name, before, now }: Gain): Plot {
  const gained = before.loss - now >= LEAST_GAIN;
  const bars = [
    { what: "before", nats: before.loss, own: false },
    { what: "now", nats: now, own: true },
  ].map((bar) => ({ ...bar, nats: Number(bar.nats.toFixed(4)), text: wordsOf(bar.nats) }));
  const spec = {
    title: {
      text: "How much your music surprises it: less is better",
      subtitle: `before: ${inWords(before.name)}; now: "${name}"; ${
        gained ? "at the same passages" : "nothing was gained: it knew such music just as well"
      }`,
    },
    width: 520,
    height: 60,
    data: { values: bars },
    encoding: {
      y: { field: "what", type: "nominal", sort: null, axis: { title: null, labelLimit: 300 } },
      x: quantitative("nats", {
        scale: { domain: [0, 1.5 * Math.max(before.loss, now)], nice: false },
        axis: { title: "surprise in nats per frame", tickCount: 5 },
      }),
    },
    layer: labelledBars,
  };
  const names = [inWords(before.name), `"${name}"`];
  const text = bars.map(({ what, text }, at) => `${what} (${names[at]}) ${text}`).join("; ");
  return plot(
    spec,
    `How much the music surprises it: ${text}${gained ? "" : "; nothing was gained"}`,
  );
}

/** Name of the base of an adapted model, in words for the bundled one. */
export function inWords(base: string): string {
  return base.startsWith("base/") ? "the bundled base" : `"${base}"`;
}

function wordsOf(nats: number): string {
  return `${nats.toFixed(3)}, like ${choicesText(nats)} choices`;
}
