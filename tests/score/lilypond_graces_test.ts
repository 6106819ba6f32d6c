import { assert, assertEquals } from "@std/assert";
import { readMidi } from "../../lib/midi/read.ts";
import { type ScoreSheet, writeSheet } from "../../lib/score/sheet.ts";
import { noteAt, songOf } from "../midi/song.ts";

type Song = Parameters<typeof songOf>[0];

const sheetOf = (notes: Song): ScoreSheet => writeSheet(readMidi(songOf(notes)), "test");

/** Typed eighths, up to the beat 64. */
const eighths = Array.from({ length: 128 }, (_, i) => noteAt(60 + i % 12, i / 2, 1 / 2));

/** The pitches of grace notes and of their main notes. */
function gracesOf({ notes }: ScoreSheet) {
  return notes.flatMap(({ graces, pitch }) => graces.length > 0 ? [[...graces, pitch]] : []);
}

Deno.test("LilyPond's grace notes are found before short notes, and after a trill's note", () => {
  const sixteenth = 9 / 160;
  const afterShort = [
    ...[noteAt(72, 64, 0.5 - sixteenth), noteAt(74, 64.5 - sixteenth, sixteenth)],
    ...[noteAt(72, 64.5, 0.156), noteAt(74, 65, 1)],
  ];
  assertEquals(gracesOf(sheetOf([...eighths, ...afterShort])), [[74, 72]]);
  const ending = [
    ...[noteAt(71, 64, 0.75), noteAt(72, 64.75, 0.25 - 2 * sixteenth)],
    noteAt(72, 65 - 2 * sixteenth, sixteenth),
    ...[noteAt(74, 65 - sixteenth, sixteenth), noteAt(76, 65, 1)],
  ];
  assertEquals(gracesOf(sheetOf([...eighths, ...ending])), [[72, 74, 76]]);
  const three = [60, 65, 68].map((pitch, i) => noteAt(pitch, 65 - (3 - i) * 9 / 80, 9 / 80));
  assertEquals(gracesOf(sheetOf([...eighths, ...three, noteAt(72, 65, 2)])), [[60, 65, 68, 72]]);
});

Deno.test("nonuplets and 64ths near LilyPond's grace notes stay", () => {
  const nonuplet = Array.from({ length: 9 }, (_, i) => noteAt(60 + i, 64 + i / 9, 1 / 9));
  assertEquals(gracesOf(sheetOf([...eighths, ...nonuplet, noteAt(72, 65, 1)])), []);
  const run = Array.from({ length: 4 }, (_, i) => noteAt(60 + i, 64.75 + i / 16, 1 / 16));
  assertEquals(
    gracesOf(sheetOf([...eighths, noteAt(59, 64, 0.75), ...run, noteAt(72, 65, 1)])),
    [],
  );
  const stay = (notes: Song) => assertEquals(gracesOf(sheetOf([...eighths, ...notes])), []);
  const eighteenths = Array.from({ length: 18 }, (_, i) => noteAt(60 + i, 64 + i / 18, 1 / 18));
  stay([...eighteenths, noteAt(78, 65, 1)]);
  stay([noteAt(66, 64, 7 / 9), ...nonuplet.slice(7), noteAt(72, 65, 1)]);
  stay([noteAt(66, 64, 0.5), noteAt(70, 65 - 9 / 80, 9 / 80), noteAt(72, 65, 1 / 8)]);
});

Deno.test("a lone 32nd among typed notes keeps its place, however quick", () => {
  const lone = [noteAt(72, 64, 15 / 32), noteAt(74, 64 + 15 / 32, 17 / 32), noteAt(76, 65, 1)];
  const starts = sheetOf([...eighths, ...lone]).notes.slice(-3).map(({ start }) => start / 10_080);
  assertEquals(starts, [64, 64 + 15 / 32, 65]);
});

Deno.test("chords of grace notes keep apart from their main note in typed music", () => {
  const chord = [64, 67].map((pitch) => noteAt(pitch, 65 - 9 / 160, 9 / 160));
  const { notes } = sheetOf([...eighths, noteAt(76, 64, 0.9), ...chord, noteAt(76, 65, 1)]);
  assert(notes.filter(({ start }) => start === 65 * 10_080).every(({ pitch }) => pitch === 76));
});

Deno.test("a grace note before the music does not put its notes off their places", () => {
  const grace = 9 / 80,
    late = (notes: Song) =>
      notes.map((note) => ({
        ...note,
        startTicks: note.startTicks + Math.round(grace * 480),
        endTicks: note.endTicks + Math.round(grace * 480),
      }));
  const mains = Array.from({ length: 8 }, (_, i) => noteAt(62, 66 + 2 * i, 2));
  for (const own of [grace, grace / 2]) { // by the mean of all onsets, the shorter ones shift too little
    const graces = mains.map((_, i) => noteAt(61, 66 + 2 * i - own, own));
    const sheet = sheetOf([noteAt(59, 0, grace), ...late([...eighths, ...graces, ...mains])]);
    assertEquals(sheet.offGrid, 0);
    assertEquals(gracesOf(sheet).length, 9);
  }
});
