import type { FuzzInput } from "./inputs.ts";

/** What a target says of an input. Anything that it throws is a failure. */
export type Verdict = "used" | "repaired" | "skipped";

/** A part of the product that takes files from anywhere. */
export interface FuzzTarget {
  /** A word, for the name of the file in which a failure is kept. */
  readonly name: string;
  /** Tries an input. @throws {Error} when the input brings out a mistake */
  check(input: FuzzInput): Verdict | Promise<Verdict>;
}

/** What a module of targets exports; those that are left out are as for MIDI files. */
export interface FuzzModule {
  readonly fuzzTargets: readonly FuzzTarget[];
  /** Makes input number `index`: the same for the same seed, index and good files. */
  readonly makeInput?: (seed: number, index: number, good: readonly Uint8Array[]) => FuzzInput;
  /** What there is to be damaged. */
  readonly goodFiles?: () => Promise<Uint8Array[]>;
  /** Of the files in which failures are kept, without dot. */
  readonly ending?: string;
}
