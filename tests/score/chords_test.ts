import { assert, assertEquals } from "@std/assert";
import { readMidi } from "../../lib/midi/read.ts";
import { musicXml } from "../../lib/score/musicxml.ts";
import { writeSheet } from "../../lib/score/sheet.ts";
import { noteAt, songOf } from "../midi/song.ts";

type Notes = Parameters<typeof songOf>[0];

function sheetOf(notes: Notes) {
  return writeSheet(readMidi(songOf(notes)), "test");
}

/** Quarter notes on four beats of each bar from a bar on, so that the music is typed. */
const beats = (from: number, bars: number, pitch = 48) =>
  Array.from({ length: 4 * bars }, (_, i) => noteAt(pitch, 4 * from + i, 1));

/** Starts in beats and pitches of the written notes of the right hand. */
function right(sheet: ReturnType<typeof sheetOf>): string {
  const staff = sheet.bars.flatMap(({ staves }) => staves[0].voices.flat());
  return staff.filter(({ notes }) => notes.length > 0).map(({ start, notes }) =>
    `${start / 10_080}: ${notes.map(({ pitch }) => pitch).join(" ")}`
  ).join(", ");
}

Deno.test("Chords that a notation program spread are written as arpeggios", () => {
  for (const order of [[72, 76, 79], [79, 76, 72]]) {
    const spread = order.map((pitch, i) => noteAt(pitch, 4 + i * 0.13, 2 - i * 0.13));
    const sheet = sheetOf([...beats(0, 3), ...spread, noteAt(76, 8, 4)]);
    assertEquals(right(sheet), "4: 72 76 79, 8: 76");
    assertEquals(musicXml(sheet).match(/<arpeggiate\/>/g)?.length, 3);
  }
});

Deno.test("Held notes a 32nd apart are no arpeggio", () => {
  const held = [72, 76, 79].map((pitch, i) => noteAt(pitch, 4 + i / 8, 2 - i / 8));
  const sheet = sheetOf([...beats(0, 3), ...held]);
  assert(!musicXml(sheet).includes("<arpeggiate/>"));
  assert(sheet.notes.some(({ start }) => start === 4.125 * 10_080));
});

Deno.test("Two grace notes before a beat stand before its note, under a beam", () => {
  const graces = [noteAt(74, 7.888, 0.055), noteAt(76, 7.944, 0.055)];
  const sheet = sheetOf([...beats(0, 3), noteAt(72, 4, 3.5), ...graces, noteAt(79, 8, 4)]);
  assertEquals(sheet.notes.find(({ pitch }) => pitch === 79)!.graces, [74, 76]);
  const xml = musicXml(sheet);
  assertEquals(xml.match(/<grace\/>/g)?.length, 2);
  assert(xml.includes('<type>16th</type><staff>1</staff><beam number="1">begin</beam>'));
});

Deno.test("Two typed 64ths before a beat are no grace notes", () => {
  const run = [noteAt(74, 7.875, 1 / 16), noteAt(76, 7.9375, 1 / 16)];
  const sheet = sheetOf([...beats(0, 3), noteAt(72, 4, 3.875), ...run, noteAt(79, 8, 4)]);
  assertEquals(sheet.notes.find(({ pitch }) => pitch === 79)!.graces, []);
});
