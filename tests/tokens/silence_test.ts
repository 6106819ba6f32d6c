import { assertEquals } from "@std/assert";
import { metresAfter } from "../../lib/tokens/silence.ts";

Deno.test("a note before the first bar line begins an upbeat, and the first metre holds from there", () => {
  const waltz = { frame: 0, stepsPerBar: 12, phase: 0, signature: [3, 4] } as const;
  assertEquals(metresAfter([waltz], [{ from: -1, to: 0 }]), [{ ...waltz, phase: 11 }]);
  assertEquals(metresAfter([waltz], [{ from: 14, to: 0 }]), [{ ...waltz, phase: 2 }]);
});
