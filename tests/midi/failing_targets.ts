/**
 * Targets with a mistake and a hang, by which the tests see that fuzzing finds both.
 * @module
 */
import type { FuzzTarget } from "../../tools/fuzz/target.ts";

let tried = 0;

export const fuzzTargets: readonly FuzzTarget[] = [{
  name: "failing",
  check({ kind }) {
    if (kind === "noise" && tried < 100) throw new TypeError("a mistake");
    while (tried === 100);
    tried++;
    return "used";
  },
}];
