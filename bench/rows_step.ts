import type { Machine } from "./machine.ts";
import {
  checkLosses,
  type Contestant,
  end,
  hasPyTorch,
  noPyTorch,
  startOurs,
  startPyTorch,
  takeTurns,
} from "./partners.ts";
import { type BenchOptions, bySize, checkouts, median, type Row } from "./table.ts";

const hidden = 256;

/**
 * Sizes: number of classes, batch size, and peers besides PyTorch; the others take minutes or run
 * out of memory.
 */
const sizes = [
  { classes: 8192, batch: 64, peers: ["tfjs-wasm", "tfjs-cpu"] },
  { classes: 8192, batch: 1024, peers: ["tfjs-wasm"] },
  { classes: 32_032, batch: 1024, peers: [] },
  { classes: 123_646, batch: 64, peers: ["one thread", "tfjs-wasm"] },
  { classes: 123_646, batch: 256, peers: [] },
  { classes: 123_646, batch: 1024, peers: ["one thread"] },
] as const;

/** Smallest size, for testing that every row can be measured. */
const least = { ...sizes[0], classes: 512, batch: 8 };

/** Complete training step of the combination network. */
export async function* stepRows(options: BenchOptions, machine: Machine): AsyncGenerator<Row> {
  for (const { classes, batch, peers } of options.least ? [least] : sizes) {
    const contestants: Contestant[] = [
      ...checkouts(options).map((one) => startOurs("ours", classes, batch, options.threads, one)),
      ...await startPyTorch(options, classes, batch),
      ...peers.map((peer) =>
        peer === "one thread"
          ? startOurs("ours", classes, batch, 1)
          : startOurs(peer, classes, batch, options.threads)
      ),
    ];
    const work = classes * batch;
    const rounds = bySize(options, { whole: work > 5e7 ? 5 : 9, quick: 3, least: 1 });
    const fast = contestants.filter(({ name }) => !name.startsWith("tfjs"));
    const slow = contestants.filter(({ name }) => name.startsWith("tfjs"));
    const looked = await takeTurns(options, fast, ["check", "check", "step"], "step", 0);
    const lookedSlowly = await takeTurns(options, slow, ["check"], "step", 0);
    const equal = checkLosses(new Map([...looked.warm, ...lookedSlowly.warm]));
    const first = await takeTurns(options, fast, [], "step", rounds);
    const profile = await contestants[0]!.partner.ask("profile");
    // Stock tfjs takes ten to fifty times as long: three turns are enough to see that.
    const turns = bySize(options, { whole: 3, quick: 1, least: 1 });
    const rest = await takeTurns(options, slow, [], "step", turns);
    const notes = [
      ...equal,
      ...(await hasPyTorch(options.python) ? [] : [noPyTorch(options.python)]),
      ...rates(median(first.measured[0]!.seconds), classes, batch, machine, profile),
    ];
    await end(contestants);
    yield {
      work: `training step, ${classes.toLocaleString("en")} classes, batch ${batch}`,
      measured: [...first.measured, ...rest.measured],
      notes,
    };
  }
}

function rates(
  seconds: number,
  classes: number,
  batch: number,
  machine: Machine,
  profile: Readonly<Record<string, number>>,
): string[] {
  const flat = 37 * 64;
  const weights = flat * 128 + 128 * hidden + hidden * classes;
  const operations = 6 * batch * weights;
  const all = machine.peakGflops[1];
  const gflops = operations / seconds / 1e9;
  const kernels = Object.entries(profile).filter(([name]) => !/seconds/i.test(name))
    .toSorted(([, a], [, b]) => b - a).slice(0, 4)
    .map(([name, part]) => `${name} ${(100 * part / profile.seconds!).toFixed(0)} %`);
  return [
    `${gflops.toFixed(0)} GFLOP/s, ${(100 * gflops / all).toFixed(0)} % of the machine's ` +
    `${all.toFixed(0)} in registers; ${kernels.join(", ")}`,
  ];
}
