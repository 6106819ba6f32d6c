import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { TokenizeSettings } from "../lib/tokens/tokenize.ts";

/** Default tokenization settings of the benchmarks. */
export const USUAL_TOKENS: TokenizeSettings = {
  grid: { unit: "beat", steps: 4, attacks: true },
  tracks: "piano",
  melody: false,
  pedal: false,
};

/** Options common to all rows. */
export interface BenchOptions {
  /** Python interpreter for PyTorch, if it has that. */
  readonly python: string;
  readonly threads: number;
  /** Whether to do fewer and shorter runs. */
  readonly quick: boolean;
  /** Whether to do one run of the smallest size, as a test that a row can be measured. */
  readonly least: boolean;
  /** Folder of MIDI files for the rows of whole phases. */
  readonly midi?: string;
  /** Folder of another checkout to be measured beside this one. */
  readonly beside?: string;
}

/** A checkout of this program: its folder, and its name in the table. */
export interface Checkout {
  readonly name: string;
  readonly folder: string;
}

/** This checkout, and the one beside it, if any. */
export function checkouts(
  { beside }: Pick<BenchOptions, "beside"> = {},
): [Checkout, ...Checkout[]] {
  const ours = { name: "ours", folder: fileURLToPath(new URL("../", import.meta.url)) };
  if (beside === undefined) return [ours];
  const folder = resolve(beside); // of ".." the last name is that of no folder
  return [ours, { name: basename(folder), folder }];
}

/** Arguments that make Deno run a script of a checkout. */
export function scriptOf({ folder }: Checkout, rights: string, ...path: string[]): string[] {
  return ["run", rights, "--config", join(folder, "deno.json"), join(folder, ...path)];
}

/** One of three values, depending on the amount of measuring requested. */
export function bySize<T>(
  { quick, least }: Pick<BenchOptions, "quick" | "least">,
  values: { readonly whole: T; readonly quick: T; readonly least: T },
): T {
  return least ? values.least : quick ? values.quick : values.whole;
}

/** Time and memory of one program for a task. */
export interface Measured {
  readonly name: string;
  /** Seconds of each run, in order. */
  readonly seconds: readonly number[];
  /** Processor time of each run in seconds, where it is measured. */
  readonly processorSeconds?: readonly number[];
  /** Peak memory of the process. */
  readonly peakBytes?: number;
}

/** Processor times as a field of {@linkcode Measured}, unless that of a run is 0: unknown. */
export function knownTimes(
  processorSeconds: readonly number[],
): Pick<Measured, "processorSeconds"> {
  return processorSeconds.every((seconds) => seconds > 0) ? { processorSeconds } : {};
}

/** One row of the table: a task, measured for our program and for its peers. */
export interface Row {
  readonly work: string;
  /** Measurements, ours first. */
  readonly measured: readonly Measured[];
  /** Further results: rates, a profile, missing peers. */
  readonly notes: readonly string[];
}

/** Median of several numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b), middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Prints a row: medians, the ratio of each peer's to ours, and memory. */
export function printRow({ work, measured, notes }: Row): void {
  console.log(work);
  const [ours] = measured;
  for (const { name, seconds, processorSeconds, peakBytes } of measured) {
    const middle = median(seconds);
    const ratio = ours && name !== ours.name ? middle / median(ours.seconds) : undefined;
    console.log(
      `  ${name.padEnd(28)}${duration(middle).padStart(9)}` +
        (peakBytes ? `${(peakBytes / 1e6).toFixed(0)} MB`.padStart(10) : " ".repeat(10)) +
        (ratio ? `   ours is ${ratio.toFixed(2)} times as fast` : "") +
        `   (${seconds.length} runs: ${duration(Math.min(...seconds))} to ` +
        `${duration(Math.max(...seconds))})` +
        (processorSeconds ? `, of the processor ${duration(median(processorSeconds))}` : ""),
    );
  }
  for (const note of notes) console.log(`  ${note}`);
  console.log();
}

function duration(seconds: number): string {
  return seconds < 1
    ? `${(seconds * 1000).toFixed(seconds < 0.1 ? 1 : 0)} ms`
    : `${seconds.toFixed(2)} s`;
}
