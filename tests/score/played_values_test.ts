import { assert, assertEquals } from "@std/assert";
import { readMidi } from "../../lib/midi/read.ts";
import { Random } from "../../lib/random.ts";
import { type ScoreSheet, writeSheet } from "../../lib/score/sheet.ts";
import { tokenize } from "../../lib/tokens/tokenize.ts";
import { noteAt, songOf } from "../midi/song.ts";

type Song = Parameters<typeof songOf>[1];

/** The shortest value of a note or rest. */
function shortest(sheet: ScoreSheet): number {
  const written = sheet.bars.flatMap(({ staves }) => staves.flatMap(({ voices }) => voices.flat()));
  return Math.max(...written.map(({ value }) => value));
}

function sheetOf(notes: Parameters<typeof songOf>[0], more: Song = {}): ScoreSheet {
  return writeSheet(readMidi(songOf(notes, more)), "test");
}

/** Sixteen bars of typed eighths, then eight bars played freely to the click. */
function partlyPlayed(seed: number) {
  const random = new Random(seed), off = () => 0.06 * (random.next() - 0.5);
  const typed = Array.from({ length: 128 }, (_, i) => noteAt(60 + i % 12, i / 2, 1 / 2));
  const played = Array.from(
    { length: 64 },
    (_, i) => noteAt(60 + i % 12, 64 + i / 2 + off(), 0.4 + off()),
  );
  return [...typed, ...played];
}

Deno.test("notes played among typed ones are written in values that a player can intend", () => {
  for (const beatsPerMinute of [72, 120]) {
    const sheet = sheetOf(partlyPlayed(1), { beatsPerMinute });
    assert(shortest(sheet) <= 32, `${beatsPerMinute}: 1/${shortest(sheet)}`);
  }
});

Deno.test("typed 64ths and 128ths stay, alone in slow music and in runs", () => {
  const quarters = Array.from({ length: 240 }, (_, i) => noteAt(60 + i % 5, i, 1));
  const dotted = [...quarters, noteAt(72, 240, 15 / 16), noteAt(74, 301 - 1 / 16, 1 / 16)];
  assertEquals(shortest(sheetOf(dotted, { beatsPerMinute: 40 })), 64);
  const run = Array.from({ length: 32 }, (_, i) => noteAt(60 + i % 12, 240 + i / 32, 1 / 32));
  assertEquals(shortest(sheetOf([...quarters, ...run], { beatsPerMinute: 40 })), 128);
  const mixed = [0, 3, 6, 9, 12, 14, 16, 18, 20, 22].map((part, i, all) =>
    noteAt(60 + i, 240 + part / 24, ((all[i + 1] ?? 24) - part) / 24)
  );
  const sheet = sheetOf([...quarters, ...mixed]);
  const at = sheet.notes.filter(({ start }) => start >= 240 * 10_080).map(({ start }) => start);
  assertEquals(at, mixed.map(({ startTicks }) => startTicks * 21), "32nds, then sextuplets");
});

Deno.test("a time signature delayed as the notes are stands on their bar lines", () => {
  const late = 0.19,
    notes = Array.from(
      { length: 96 },
      (_, i) => noteAt(60 + i % 7, late + i / 2, 0.45),
    );
  const music = readMidi(songOf(notes));
  const timeSignatures = [
    { ticks: 0, numerator: 4, denominator: 4 },
    { ticks: Math.round((20 + late) * 480), numerator: 3, denominator: 4 },
  ];
  const late34 = { ...music, timeSignatures };
  const sheet = writeSheet(late34, "test");
  assertEquals(sheet.notes.filter(({ start }) => start % 5_040 !== 0), []);
  const grid = { unit: "beat", steps: 4, attacks: true } as const;
  const { metres } = tokenize(late34, { grid, tracks: "piano", melody: false, pedal: false });
  assertEquals(metres.map(({ frame }) => frame), [0, 80]);
});
