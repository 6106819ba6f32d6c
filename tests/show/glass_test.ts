import { assert } from "@std/assert";
import { chain } from "../../lib/show/glass.ts";
import { JUPYTER_DISPLAY } from "../../lib/show/summary.ts";
import { Vocabulary } from "../../lib/tokens/vocabulary.ts";

const vocabulary = Vocabulary.fromCounts(new Map([["60", 1], ["60~", 1]]));

Deno.test("Under the glass a MIDI file shows its bytes, and a score the bar as it is written", async () => {
  const piece = { name: "a", frames: [[60], [188]], metres: [] };
  const seen = { piece, bar: 1, index: 0, start: 0, end: 2 };
  const grid = { unit: "beat", steps: 4, attacks: true } as const;
  const shown = async (source: Parameters<typeof chain>[0]) => {
    const bundle = await chain(source, seen, grid, vocabulary)[JUPYTER_DISPLAY]();
    return `${bundle["text/html"]}`;
  };
  const bytes = Uint8Array.of(0x4d, 0x54);
  assert((await shown({ bytes })).includes("4d 54"));
  const score = await shown({ bytes, text: "<measure/>" });
  assert(score.includes("&#60;measure/&#62;") && !score.includes("4d 54"));
});
