import { checkMidi } from "./check.ts";
import type { FuzzTarget } from "./target.ts";
import { checkTokens } from "./tokens.ts";

/** Fuzz targets for MIDI files, used by `deno task fuzz` and by the tests of former failures. */
export const fuzzTargets: readonly FuzzTarget[] = [
  { name: "midi", check: checkMidi },
  { name: "tokens", check: checkTokens },
];
