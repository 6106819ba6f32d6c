import { assertEquals } from "@std/assert";
import { barRangeText, parseBarRange } from "../../lib/tokens/bar_range.ts";
import { slice } from "../../lib/tokens/excerpt.ts";
import { isAllowed } from "../../lib/phases/settings/declare.ts";
import { generateTable } from "../../lib/phases/settings/generate_table.ts";

Deno.test("a slice of music has its metres counted from its first frame, and the place in the bar", () => {
  const frames = Array.from({ length: 40 }, (_, t) => [t]);
  const metres = [
    { frame: 0, stepsPerBar: 12, phase: 8 },
    { frame: 16, stepsPerBar: 8, phase: 0 },
    { frame: 32, stepsPerBar: 12, phase: 0 },
  ];
  assertEquals(slice({ frames, metres }, 6, 32), {
    frames: frames.slice(6, 32),
    metres: [{ frame: 0, stepsPerBar: 12, phase: 2 }, { frame: 10, stepsPerBar: 8, phase: 0 }],
  });
  assertEquals(slice({ frames, metres }, 32).metres, [{ frame: 0, stepsPerBar: 12, phase: 0 }]);
  assertEquals(slice({ frames, metres: [] }, 39), { frames: [[39]], metres: [] });
});

Deno.test("bars are named by one grammar, on the command line and in programs", () => {
  const named: [string, ReturnType<typeof parseBarRange>][] = [
    ["5", { first: 5, last: 5 }],
    ["5-8", { first: 5, last: 8 }],
    [" 5–8 ", { first: 5, last: 8 }],
    ["5.3", { first: 5, last: 5, firstBeat: 3, lastBeat: 3 }],
    ["5.3-6.2", { first: 5, last: 6, firstBeat: 3, lastBeat: 2 }],
    ["5.3-6", { first: 5, last: 6, firstBeat: 3 }],
    ["8-5", undefined],
    ["0-3", { first: 0, last: 3 }],
    ["5.0", undefined],
    ["5-", undefined],
    ["five", undefined],
  ];
  for (const [text, range] of named) {
    assertEquals(parseBarRange(text), range, text);
    assertEquals(isAllowed(generateTable.bars, text), range !== undefined, text);
    if (range) {
      assertEquals(
        parseBarRange(barRangeText(range).replace(/bars? /, "").replace(" to ", "-")),
        range,
      );
    }
  }
});
