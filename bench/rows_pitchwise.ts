import { linesOf } from "../tools/lines.ts";
import { hasPyTorch, noPyTorch } from "./partners.ts";
import {
  type BenchOptions,
  bySize,
  type Checkout,
  checkouts,
  type Row,
  scriptOf,
} from "./table.ts";

/** Training step of the pitchwise network, by its own benchmark. */
export async function* pitchwiseRow(options: BenchOptions): AsyncGenerator<Row> {
  const { python, threads } = options;
  const work = "training step of the pitchwise network, batch 64";
  if (!await hasPyTorch(python)) {
    yield { work, measured: [], notes: [`not measured beside a peer: ${noPyTorch(python)}`] };
    return;
  }
  const [own, ...others] = checkouts(options), { ours, theirs, last } = await stepsOf(own, options);
  const measured = [
    { name: `ours, ${threads} threads`, seconds: ours },
    { name: `PyTorch, ${threads} threads`, seconds: theirs },
  ];
  for (const other of others) {
    const { ours: seconds } = await stepsOf(other, options);
    measured.push({ name: `${other.name}, ${threads} threads`, seconds });
  }
  yield { work, measured, notes: [last] };
}

/**
 * Seconds per training step of a checkout's network and of PyTorch's, run in turns, and a note on
 * their losses.
 * @throws {Error} if one of them cannot be measured, or the losses differ
 */
async function stepsOf(
  checkout: Checkout,
  { python, threads, ...size }: BenchOptions,
): Promise<{ ours: number[]; theirs: number[]; last: string }> {
  const steps = bySize(size, { whole: "30", quick: "10", least: "1" });
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...scriptOf(checkout, "-P=bench", "bench", "pitchwise.ts"),
      ...["--python", python, "--threads", String(threads), "--steps", steps],
    ],
    cwd: checkout.folder,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const complaint = new Response(child.stderr).text();
  const ours: number[] = [], theirs: number[] = [];
  let last = "";
  for await (const line of linesOf(child.stdout)) {
    const times = /ms per step ([\d.]+) \(PyTorch ([\d.]+)\)/.exec(line);
    if (times) {
      ours.push(Number(times[1]) / 1000);
      theirs.push(Number(times[2]) / 1000);
    } else last = line;
  }
  if (!(await child.status).success) {
    throw new Error(`Cannot measure the pitchwise network:\n${(await complaint).trim()}`);
  }
  return { ours, theirs, last };
}
