import { assertEquals } from "@std/assert";
import { chordReader, type ChordWords } from "../../../lib/model/pitchwise/chord_words.ts";
import { planReader } from "../../../lib/model/pitchwise/plan_words.ts";
import { CHORD_QUALITIES } from "../../../lib/tokens/chord.ts";
import { parseChord } from "../../../lib/tokens/chord_symbol.ts";
import type { BarPlan, Plan } from "../../../lib/tokens/plan.ts";

const grid = { unit: "beat", steps: 4, attacks: true } as const;

/** Bars of 4/4 with chords by step; undefined: unknown. */
function planOf(...bars: readonly (Readonly<Record<number, string>> | undefined)[]): Plan {
  return {
    bars: bars.map((chords): BarPlan => ({
      frames: 16,
      steps: 16,
      ...chords
        ? {
          chords: Object.entries(chords).map(([step, symbol]) => ({
            step: Number(step),
            chord: symbol ? parseChord(symbol) : null,
          })),
        }
        : {},
    })),
    ends: true,
  };
}

/** Rows and pitch classes of a chord: root, quality, bass at the beginning or later. */
function tones(symbol: string, apart: boolean): ChordWords["tones"] {
  const { root, quality, bass = root } = parseChord(symbol);
  return [
    { row: 0, from: root },
    { row: 12 * CHORD_QUALITIES.indexOf(quality), from: root },
    { row: apart ? 12 : 0, from: bass },
  ];
}

Deno.test("The network sees a chord from its root and bass, and the next one when it is near", () => {
  const at = chordReader(planOf({ 0: "C" }, { 0: "C", 8: "G7/B" }), grid);
  assertEquals(at(0), { tones: tones("C", false), times: [0, 5] });
  assertEquals(at(1), { tones: tones("C", true), times: [1, 5] });
  assertEquals(at(7)!.tones, tones("C", true), "17 steps before the next chord");
  assertEquals(at(8)!.tones, [...tones("C", true), ...tones("G7/B", true)]);
  assertEquals(at(16)!.times, [5, 4], "a chord that goes on over a bar line does not begin there");
  assertEquals(at(20)!.tones, [...tones("C", true), ...tones("G7/B", false)]);
  assertEquals(at(23), {
    tones: [...tones("C", true), ...tones("G7/B", false)],
    times: [5, 1],
  });
  assertEquals(at(24), { tones: tones("G7/B", false), times: [0, -1] });
  assertEquals(at(31)!.times, [4, -1], "nothing follows");
});

Deno.test("Where the harmony is free or unknown, the network sees no chord", () => {
  const at = chordReader(planOf({ 0: "C", 8: "" }, undefined, { 0: "Dm" }), grid);
  assertEquals(at(7)!.times, [4, -1]);
  assertEquals(at(7)!.tones, tones("C", true));
  assertEquals([at(8), at(16), at(31)], [undefined, undefined, undefined]);
  assertEquals(at(32)!.tones, tones("Dm", false));
  assertEquals(at(-1), undefined);
  assertEquals(chordReader(planOf(undefined), grid)(3), undefined);
});

Deno.test("A reader that begins later in a plan sees the chords of its frames", () => {
  const plan = planOf({ 0: "C" }, { 0: "F", 8: "G" }), whole = planReader(plan, grid);
  for (const frame of [0, 9, 15]) {
    assertEquals(whole.from(12).at(frame)!.chords, whole.at(frame + 12)!.chords);
  }
});
