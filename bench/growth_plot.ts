/**
 * Draws `docs/growth.svg`: time and memory of reading ever more files, from the table in
 * docs/measurements.md.
 *
 *     deno run -A --lock=deno.lock bench/growth_plot.ts
 *
 * @module
 */
import { type Plot, plot, quantitative } from "../lib/show/plot.ts";
import { FIRST } from "../lib/show/theme.ts";

/** Processor time and peak memory of reading a number of files. */
export interface Growth {
  readonly files: number;
  readonly frames: number;
  readonly seconds: number;
  readonly megabytes: number;
}

const ROW = /^\| ([\d,]+) +\| ([\d,]+) +\| ([\d.]+) s +\| [\d.]+ +\| (\d+) MB +\|$/gm;

/** The measurements in the table of a Markdown text. */
export function growthIn(text: string): Growth[] {
  return Array.from(text.matchAll(ROW), (row) => {
    const [files, frames, seconds, megabytes] = row.slice(1).map((cell) =>
      Number(cell.replaceAll(",", ""))
    ) as [number, number, number, number];
    return { files, frames, seconds, megabytes };
  });
}

/** Time and memory over the number of frames, side by side. */
export function growthPlot(measured: readonly Growth[]): Plot {
  const millions = measured.map((one) => ({ ...one, millions: one.frames / 1e6 }));
  const panel = (field: "seconds" | "megabytes", title: string) => ({
    width: 300,
    height: 200,
    mark: { type: "line", color: FIRST, point: { size: 40 } },
    encoding: {
      x: quantitative("millions", { axis: { title: "million frames" } }),
      y: quantitative(field, { axis: { title } }),
    },
  });
  return plot({
    data: { values: millions },
    hconcat: [
      panel("seconds", "seconds of processor time"),
      panel("megabytes", "peak memory in MB"),
    ],
  }, `Reading ${measured.map(({ files }) => files.toLocaleString("en")).join(", ")} files`);
}

if (import.meta.main) {
  const folder = new URL("../docs/", import.meta.url);
  const measured = growthIn(await Deno.readTextFile(new URL("measurements.md", folder)));
  await Deno.writeTextFile(new URL("growth.svg", folder), await growthPlot(measured).svg());
}
