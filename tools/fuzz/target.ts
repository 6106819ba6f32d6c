import type { FuzzInput } from "./inputs.ts";

/** Verdict of a target on an input. An exception is a failure. */
export type Verdict = "used" | "repaired" | "skipped";

/** Fuzz target: a part of the product that reads files of any origin. */
export interface FuzzTarget {
  /** Name of the target, used in the file names of failures. */
  readonly name: string;
  /** Tries an input on the target. @throws {Error} when the input brings out a mistake */
  check(input: FuzzInput): Verdict | Promise<Verdict>;
}

/** Exports of a module of targets; those missing are the same as for MIDI files. */
export interface FuzzModule {
  readonly fuzzTargets: readonly FuzzTarget[];
  /** Makes input number `index`: the same for the same seed, index and good files. */
  readonly makeInput?: (seed: number, index: number, good: readonly Uint8Array[]) => FuzzInput;
  /** Well-formed files to damage. */
  readonly goodFiles?: () => Promise<Uint8Array[]>;
  /** File extension of kept failures, without a dot. */
  readonly ending?: string;
}

/** Words of a message that reports a slip of the program, not a fault of the input. */
const SLIP =
  /undefined|is not (a function|iterable|defined)|allocation|Invalid \w+ length|in JSON at/;

/** Whether an error tells a person why an input is refused. @param kinds of errors that may */
export function isReason(error: unknown, kinds: readonly unknown[] = [Error]): error is Error {
  return error instanceof Error && kinds.includes(error.constructor) && error.message !== "" &&
    !SLIP.test(error.message);
}
