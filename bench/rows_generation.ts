import type { Machine } from "./machine.ts";
import {
  checkEqual,
  end,
  hasPyTorch,
  noPyTorch,
  startOurs,
  startPyTorch,
  takeTurns,
} from "./partners.ts";
import { type BenchOptions, bySize, checkouts, median, type Row } from "./table.ts";

/** Frames sampled one after another, as in generation: the network and the sampling. */
export async function* generationRows(
  options: BenchOptions,
  machine: Machine,
): AsyncGenerator<Row> {
  const frames = bySize(options, { whole: 1000, quick: 100, least: 2 });
  for (const classes of options.least ? [512] : [8192, 123_646]) {
    let one = 0;
    for (const pieces of [1, 8]) {
      const start = async () => [
        ...checkouts(options).map((one) =>
          startOurs("ours", classes, pieces, options.threads, one)
        ),
        ...await startPyTorch(options, classes, pieces),
      ];
      let contestants = await start();
      const equal = await checkEqual(contestants);
      if (!options.least) { // a step of training takes memory that would count
        await end(contestants);
        contestants = await start();
      }
      const { measured } = await takeTurns(
        options,
        contestants,
        [`frames ${Math.min(20, frames)}`],
        `frames ${frames}`,
        bySize(options, { whole: 3, quick: 1, least: 1 }),
      );
      const rate = pieces * frames / median(measured[0]!.seconds);
      if (pieces === 1) one = rate;
      const bytes = 256 * classes * 4 * rate / pieces / 1e9;
      yield {
        work: `generation, ${frames} frames at ${classes.toLocaleString("en")} classes, ` +
          (pieces === 1 ? "one piece" : `${pieces} pieces at once`),
        measured,
        notes: [
          ...equal,
          ...(await hasPyTorch(options.python) ? [] : [noPyTorch(options.python)]),
          `${rate.toFixed(0)} frames per second` +
          (pieces > 1 ? `, ${(rate / one).toFixed(1)} times those of one piece` : "") +
          `; weights read at ${bytes.toFixed(1)} GB/s of ${machine.peakGigabytes[1].toFixed(1)}`,
        ],
      };
      await end(contestants);
    }
  }
}
