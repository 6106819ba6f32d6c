import type { TokenizeSettings } from "../lib/tokens/tokenize.ts";

/** How music is put on the grid where nothing else is said. */
export const USUAL_TOKENS: TokenizeSettings = {
  grid: { unit: "beat", steps: 4, attacks: true },
  tracks: "piano",
  melody: false,
  pedal: false,
};

/** What the rows need to know. */
export interface BenchOptions {
  /** The Python that may have PyTorch. */
  readonly python: string;
  readonly threads: number;
  /** Fewer runs and shorter ones. */
  readonly quick: boolean;
  /** One run of the smallest size, to see that a row can be measured. */
  readonly least: boolean;
  /** A folder of MIDI files for the rows of whole phases. */
  readonly midi?: string;
}

/** The one of three values that suits how much is measured. */
export function bySize<T>(
  { quick, least }: Pick<BenchOptions, "quick" | "least">,
  values: { readonly whole: T; readonly quick: T; readonly least: T },
): T {
  return least ? values.least : quick ? values.quick : values.whole;
}

/** What one program needed for a piece of work. */
export interface Measured {
  readonly name: string;
  /** Of each run, in order. */
  readonly seconds: readonly number[];
  /** The process's greatest memory. */
  readonly peakBytes?: number;
}

/** One piece of work, by us and by others. */
export interface Row {
  readonly work: string;
  /** Ours first. */
  readonly measured: readonly Measured[];
  /** What else there is to say: rates, a profile, which peer is not installed. */
  readonly notes: readonly string[];
}

/** The middle of several numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b), middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Prints a row: medians, the ratio of each peer to ours, and memory. */
export function printRow({ work, measured, notes }: Row): void {
  console.log(work);
  const [ours] = measured;
  for (const { name, seconds, peakBytes } of measured) {
    const middle = median(seconds);
    const ratio = ours && name !== ours.name ? middle / median(ours.seconds) : undefined;
    console.log(
      `  ${name.padEnd(28)}${duration(middle).padStart(9)}` +
        (peakBytes ? `${(peakBytes / 1e6).toFixed(0)} MB`.padStart(10) : " ".repeat(10)) +
        (ratio ? `   ours is ${ratio.toFixed(2)} times as fast` : "") +
        `   (${seconds.length} runs: ${duration(Math.min(...seconds))} to ` +
        `${duration(Math.max(...seconds))})`,
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
