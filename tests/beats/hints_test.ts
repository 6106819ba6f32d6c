import { assertEquals } from "@std/assert";
import { otherLevels } from "../../lib/beats/hints.ts";

Deno.test("half and twice a tempo are proposed only where they can be asked for", () => {
  assertEquals(otherLevels(90), { half: 45, twice: 180 });
  assertEquals(otherLevels(30), { half: undefined, twice: 60 });
  assertEquals(otherLevels(390), { half: 195, twice: undefined });
});
