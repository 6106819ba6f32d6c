import { checkMidi } from "./check.ts";
import type { FuzzInput } from "./inputs.ts";
import { checkTokens } from "./tokens.ts";

/** What a target says of an input. Anything that it throws is a failure. */
export type Verdict = "used" | "repaired" | "skipped";

/** A part of the product that takes files from anywhere. */
export interface FuzzTarget {
  /** A word, for the name of the file in which a failure is kept. */
  readonly name: string;
  /** Tries an input. @throws {Error} when the input brings out a mistake */
  check(input: FuzzInput): Verdict | Promise<Verdict>;
}

/** What every input is tried with, by `deno task fuzz` and by the tests of former failures. */
export const fuzzTargets: readonly FuzzTarget[] = [
  { name: "midi", check: checkMidi },
  { name: "tokens", check: checkTokens },
];
