import { assert, assertEquals } from "@std/assert";
import { readMidi } from "../../lib/midi/read.ts";
import { Random } from "../../lib/random.ts";
import { beamsIn } from "../../lib/score/beams.ts";
import { musicXml } from "../../lib/score/musicxml.ts";
import { type ScoreSheet, writeSheet } from "../../lib/score/sheet.ts";
import { noteAt, songOf } from "../midi/song.ts";
import { problemsOf } from "./problems.ts";

type Song = Parameters<typeof songOf>[1];

/** Notes of even lengths from a beat on, a scale up from a pitch. */
function run(count: number, beats: number, from = 0, pitch = 72) {
  return Array.from(
    { length: count },
    (_, i) => noteAt(pitch + i % 12, from + beats * i / count, beats / count),
  );
}

function sheetOf(notes: Parameters<typeof songOf>[0], more: Song = {}): ScoreSheet {
  const sheet = writeSheet(readMidi(songOf(notes, more)), "test");
  assertEquals(problemsOf(sheet), []);
  return sheet;
}

/** Values of one voice: `16(5:4)` is a sixteenth of a quintuplet, `r` a rest, `+2` a chord of two. */
function values(sheet: ScoreSheet, staff = 0, voice = 0, bar = 0): string {
  return (sheet.bars[bar]!.staves[staff]!.voices[voice] ?? []).map((written) => {
    const { notes, value, dots, tuplet } = written;
    const name = notes.length === 0 ? "r" : notes[0]!.tiedFrom ? "_" : "";
    const graces = notes.flatMap(({ graces }) => graces).length;
    return "'".repeat(graces) + name + value + ".".repeat(dots) +
      (notes.length > 1 ? `+${notes.length}` : "") +
      (tuplet ? `(${tuplet.actual}:${tuplet.normal})` : "");
  }).join(" ");
}

const times = (count: number, value: string) => new Array(count).fill(value).join(" ");

Deno.test("Tuplets of 3, 5, 6, 7 and 9 in a beat are written, no two of their notes together", () => {
  for (
    const [count, value] of [
      [3, "8(3:2)"],
      [5, "16(5:4)"],
      [6, "16(6:4)"],
      [7, "16(7:4)"],
      [9, "32(9:8)"],
      [12, "32(12:8)"],
    ] as const
  ) {
    const sheet = sheetOf([...run(count, 1), ...run(count, 1, 1)]);
    assertEquals(values(sheet), `${times(2 * count, value)} r2`, `${count}`);
  }
});

Deno.test("Tuplets over several beats stand under one bracket", () => {
  assertEquals(values(sheetOf(run(6, 4))), times(6, "4(3:2)"), "quarters");
  assertEquals(values(sheetOf(run(3, 4))), times(3, "2(3:2)"), "halves");
  assertEquals(values(sheetOf(run(10, 4))), times(10, "8(5:4)"), "quintuplets of eighths");
  assertEquals(values(sheetOf(run(7, 4))), times(7, "4(7:4)"), "a septuplet of quarters");
  const waltz = { timeSignature: { numerator: 3, denominator: 4 } };
  assertEquals(values(sheetOf(run(2, 3), waltz)), "4. 4.", "two in three are dotted");
  assertEquals(values(sheetOf(run(4, 3), waltz)), "8. 16 _8 8 _16 8.", "four");
});

Deno.test("Each hand has its own division: three against four, two and five", () => {
  for (const [upper, value] of [[4, "16"], [2, "8"], [5, "16(5:4)"], [8, "32"]] as const) {
    const notes = [0, 1, 2, 3].flatMap((beat) => [
      ...run(upper, 1, beat, 84),
      ...run(3, 1, beat, 48),
    ]);
    const sheet = sheetOf(notes);
    assertEquals(values(sheet), times(4 * upper, value));
    assertEquals(values(sheet, 1), times(12, "8(3:2)"));
    assertEquals(sheet.offGrid, 0);
  }
});

Deno.test("Two voices of a hand may divide a beat differently: dotted notes over triplets", () => {
  const notes = [0, 1, 2, 3].flatMap((beat) => [
    noteAt(80, beat, 0.75),
    noteAt(80, beat + 0.75, 0.25),
    ...[61, 64, 68].map((pitch, i) => noteAt(pitch, beat + i / 3, 1 / 3)),
    noteAt(37, beat, 1),
  ]);
  const sheet = sheetOf(notes);
  assertEquals(sheet.offGrid, 0);
  const all = [0, 1].flatMap((staff) => [0, 1].map((voice) => values(sheet, staff, voice)));
  assert(all.includes("8. 16 8. 16 8. 16 8. 16"), all.join(" | "));
  assert(all.includes(times(12, "8(3:2)")), all.join(" | "));
});

Deno.test("A triplet's bracket leaves out the rest before it", () => {
  const notes = [noteAt(60, 0, 1 / 4), ...run(3, 1 / 4, 3 / 4), noteAt(72, 1, 1)];
  assertEquals(values(sheetOf(notes)), `8 r16 ${times(3, "32(3:2)")} 4 r2`);
});

Deno.test("Halves of a dotted quarter are duplets as notes, dotted eighths with ties or rests", () => {
  const jig = { timeSignature: { numerator: 6, denominator: 8 } };
  assertEquals(values(sheetOf([noteAt(72, 0, 0.75), noteAt(74, 1.5, 1.5)], jig)), "8. r16 r8 4.");
  const tied = [noteAt(72, 0, 0.75), noteAt(74, 0.75, 2.25)];
  assertEquals(values(sheetOf(tied, jig)), "8. 8. _4.");
});

Deno.test("A tuplet over two beats has one beam", () => {
  const sheet = sheetOf(run(5, 2));
  const [voice] = sheet.bars[0]!.staves[0].voices;
  assertEquals(
    beamsIn(voice!, sheet.bars[0]!).slice(0, 5).flat().join(" "),
    "begin continue continue continue end",
  );
});

Deno.test("A 32nd in a bar with a triplet stays a 32nd, the triplet one", () => {
  const notes = [
    noteAt(76, 0, 1 / 8),
    noteAt(77, 1 / 8, 1 / 8),
    noteAt(76, 1 / 4, 3 / 4),
    ...run(3, 1, 1),
    noteAt(67, 2, 1),
  ];
  const waltz = { timeSignature: { numerator: 3, denominator: 4 } };
  assertEquals(values(sheetOf(notes, waltz)), `32 32 8. ${times(3, "8(3:2)")} 4`);
  assertEquals(
    values(sheetOf([...run(8, 1, 0, 84), ...run(3, 1, 1, 89)])),
    `${times(8, "32")} ${times(3, "8(3:2)")} r2`,
  );
});

Deno.test("Compound beats have tuplets in their eighths and of their whole", () => {
  const jig = { timeSignature: { numerator: 6, denominator: 8 } };
  assertEquals(values(sheetOf([...run(6, 3)], jig)), times(6, "8"));
  assertEquals(values(sheetOf([...run(2, 1.5), ...run(3, 1.5, 1.5)], jig)), "8(2:3) 8(2:3) 8 8 8");
  assertEquals(values(sheetOf([...run(4, 1.5), ...run(4, 1.5, 1.5)], jig)), times(8, "8(4:3)"));
  assertEquals(
    values(sheetOf([...run(5, 1.5), ...run(3, 1.5, 1.5)], jig)),
    `${times(5, "8(5:3)")} 8 8 8`,
  );
  const quick = [...run(3, 0.5), ...run(4, 1, 0.5), ...run(3, 1.5, 1.5)];
  assertEquals(values(sheetOf(quick, jig)), `${times(3, "16(3:2)")} 16 16 16 16 8 8 8`);
  const slow = { timeSignature: { numerator: 12, denominator: 8 } };
  const five = [...run(5, 0.5), ...run(2, 1, 0.5), ...run(9, 4.5, 1.5)];
  assertEquals(values(sheetOf(five, slow)), `${times(5, "32(5:4)")} ${times(11, "8")}`);
});

Deno.test("A short note right before the beat, or on it before its main note, is a grace note", () => {
  const before = [0, 2].flatMap((beat) => [
    noteAt(72, beat, 0.94),
    noteAt(75, beat + 0.94, 0.06),
    noteAt(76, beat + 1, 1),
  ]);
  assertEquals(values(sheetOf(before)), "4 '4 4 '4");
  const on = [noteAt(72, 0, 1), noteAt(75, 1, 0.07), noteAt(76, 1.07, 0.93), noteAt(74, 2, 2)];
  assertEquals(values(sheetOf(on)), "4 '4 2");
  assert(musicXml(sheetOf(on)).includes('<grace slash="yes"/>'));
  const run64 = [noteAt(72, 0, 0.75), ...run(4, 0.25, 0.75), noteAt(80, 1, 1)];
  assertEquals(values(sheetOf(run64)), `8. ${times(4, "64")} 4 r2`, "a run is none");
});

Deno.test("A grace note of an eighth as LilyPond plays it, 9/80 of a beat, is no 32nd", () => {
  const bar = (lead: number, at: number) => [
    ...[noteAt(72, at, 1 - lead), noteAt(74, at + 1 - lead, lead)],
    ...run(3, 3, at + 1),
  ];
  const before = (lead: number) => values(sheetOf([...bar(lead, 0), ...bar(lead, 4)]));
  assertEquals(before(9 / 80), "4 '4 4 4");
  assertEquals(before(1 / 8), "8.. 32 4 4 4");
});

Deno.test("Notes a little late keep their places, and none that were apart come together", () => {
  const late = [...run(6, 1), ...run(6, 1, 1), ...run(6, 1, 2)]
    .map((note) => ({ ...note, startTicks: note.startTicks + 10, endTicks: note.endTicks + 10 }));
  assertEquals(values(sheetOf(late)), `${times(18, "16(6:4)")} r4`);
  const fine = [79, 81, 79, 81].map((pitch, i) => noteAt(pitch, i / 16, 1 / 16));
  const sheet = sheetOf([...fine, noteAt(77, 1 / 4, 1 / 8), noteAt(79, 3 / 8, 1 / 8)]);
  assertEquals(values(sheet), "64 64 64 64 32 32 r8 r4 r2");
});

Deno.test("A constant shift of all notes is taken out", () => {
  for (const ticks of [41, -41, 44, 20, 60, -60]) {
    const notes = Array.from({ length: 16 }, (_, i) => noteAt(72 + i % 4, i + 4, 0.95))
      .map((note) => ({
        ...note,
        startTicks: note.startTicks + ticks,
        endTicks: note.endTicks + ticks,
      }));
    const sheet = sheetOf(notes);
    assertEquals(sheet.bars.length, 4, `${ticks}`);
    for (const bar of sheet.bars.keys()) assertEquals(values(sheet, 0, 0, bar), "4 4 4 4");
  }
  for (const ticks of [-40, -41, -60, 25]) {
    const by = ticks / 480, thirds = run(48, 16, 4 + by), sixteenths = run(64, 16, 4 + by);
    assertEquals(values(sheetOf(thirds)), times(12, "8(3:2)"), `triplets by ${ticks}`);
    assertEquals(values(sheetOf(sixteenths)), times(16, "16"), `sixteenths by ${ticks}`);
  }
  const jig = Array.from({ length: 48 }, (_, i) => [
    noteAt(43 + i % 5, i + 1 / 4, 1),
    ...run(3, 1, i + 1 / 4, 67),
  ]).flat();
  assertEquals(
    values(sheetOf([noteAt(60, 0, 1 / 4), ...jig]), 1, 0, 1),
    "4 4 4 4",
    "by a grace note",
  );
  const syncopated = Array.from({ length: 12 }, (_, i) => noteAt(72, i + 0.5, 0.5));
  assertEquals(values(sheetOf(syncopated), 0, 0, 1), "r8 8 r8 8 r8 8 r8 8", "no shift");
});

Deno.test("Eighths that were played a little unevenly are eighths, not chains of 128ths", () => {
  const random = new Random(3);
  const notes = Array.from({ length: 64 }, (_, i) => {
    const { pitch, velocity, startTicks, endTicks } = noteAt(60 + i % 12, 1 + i / 2, 0.45);
    const off = random.below(25) - 12; // up to 12.5 ms
    return { pitch, velocity, startTicks: startTicks + off, endTicks: endTicks - random.below(20) };
  });
  const sheet = sheetOf(notes);
  const finest = Math.max(
    ...sheet.bars.flatMap(({ staves }) => staves.flatMap(({ voices }) => voices)).flat()
      .filter(({ notes }) => notes.length > 0).map(({ value }) => value),
  );
  assertEquals(finest, 8);
});

Deno.test("Swung pairs are even or triplet ones as their share says, a real quintuplet stays one", () => {
  const swung = (share: number, pair: number) =>
    Array.from({ length: 32 }, (_, i) => {
      const from = (i >> 1) * pair, second = from + share * pair;
      return i % 2 === 0
        ? noteAt(72, from, share * pair)
        : noteAt(74, second, from + pair - second);
    });
  assertEquals(values(sheetOf(swung(0.55, 1))), times(8, "8"));
  assertEquals(values(sheetOf(swung(0.6, 1))), times(4, "4(3:2) 8(3:2)"));
  assertEquals(values(sheetOf(swung(0.58, 1 / 2))), times(16, "16"));
  assertEquals(values(sheetOf(swung(0.75, 1))), times(4, "8. 16"), "dotted");
  const quintuplet = [noteAt(72, 0, 0.6), noteAt(74, 0.6, 0.4), ...run(5, 1, 1)];
  assertEquals(values(sheetOf(quintuplet)), `8.(5:4) 8(5:4) ${times(5, "16(5:4)")} r2`);
});

Deno.test("A chord that is rolled upwards stands on its beat, whoever else is shifted", () => {
  const rolled = Array.from({ length: 16 }, (_, i) =>
    [48, 60, 64, 67].map((pitch, late) => {
      const note = noteAt(pitch, 2 * i, 1.9);
      return { ...note, startTicks: note.startTicks + 18 * late };
    })).flat();
  const sheet = sheetOf(rolled);
  for (const bar of sheet.bars.keys()) {
    assertEquals([values(sheet, 0, 0, bar), values(sheet, 1, 0, bar)], ["2+3 2+3", "2 2"]);
  }
});
