import { assert, assertEquals } from "@std/assert";
import { chain } from "../../lib/show/glass.ts";
import { spectrumPlot } from "../../lib/show/spectrum.ts";
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
  const sound = await shown({ bytes, recording: "a.mp3" });
  assert(sound.includes("a.mp3") && !sound.includes("4d 54"));
});

Deno.test("A recorded bar shows its spectrum where it is loud, and outlines the notes transcribed from it", () => {
  const piece = { name: "a", frames: [[], [60], [188], [64]], metres: [] };
  const seen = { piece, bar: 2, index: 1, start: 2, end: 4 };
  const grid = { unit: "beat", steps: 2, attacks: true } as const,
    levels = new Float32Array(4 * 88);
  levels[60 - 21] = 1; // middle C in the first of four columns
  levels[3 * 88 + 64 - 21] = 0.4;
  const { spec: { layer } } = spectrumPlot(levels, seen, grid);
  const [cells, notes] = (layer as { data: { values: Record<string, unknown>[] } }[])
    .map(({ data }) => data.values);
  assertEquals(cells, [{ from: 1, to: 1.25, low: 59.5, high: 60.5, shade: 1 }]);
  assertEquals(notes!.map(({ note, from, to }) => [note, from, to]), [["C4", 1, 1.5], [
    "E4",
    1.5,
    2,
  ]]);
});
