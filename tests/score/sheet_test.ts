import { assert, assertEquals } from "@std/assert";
import { readMidi } from "../../lib/midi/read.ts";
import { keyName } from "../../lib/tokens/key.ts";
import { musicXml } from "../../lib/score/musicxml.ts";
import { UNITS } from "../../lib/score/notes.ts";
import { writeSheet } from "../../lib/score/sheet.ts";
import { starterFolder } from "../../lib/starter/build.ts";
import { midiOf, readScores } from "../../tools/starter/compile.ts";
import { performScore } from "../../tools/starter/perform.ts";
import { barTicks } from "../../tools/starter/score.ts";
import { assertWellFormed } from "../show/xml.ts";
import { notesOf } from "./music_xml.ts";

const scores = await readScores(starterFolder);
const pieces = scores.map(({ name, score }) => {
  const performance = performScore(score);
  const sheet = writeSheet(readMidi(midiOf(score, performance)), name);
  return { name, score, performance, sheet };
});

/** A score's ticks as units of a sheet. */
const units = (ticks: number) => ticks * UNITS / 480;

for (const { name, score, performance, sheet } of pieces) {
  Deno.test(`${name} comes back from its MIDI with its key, metre and bars`, () => {
    const metre = performance.metres[0]!;
    assertEquals(keyName(sheet.bars[0]!.key), score.key.split(" and ")[0]);
    assert(sheet.bars.every(({ numerator }) => numerator === metre.numerator));
    assert(sheet.bars.every(({ denominator }) => denominator === metre.denominator));
    // a pickup after a repeat and the bar that it completes are two bars of the score, one in MIDI
    assertEquals(sheet.bars.length, Math.ceil(performance.endTicks / barTicks(metre)));
    const pickup = barTicks(metre) - performance.bars[0]!.ticks;
    assertEquals(sheet.bars[0]!.missing, units(pickup));
    assertEquals(sheet.offGrid, 0);
  });

  Deno.test(`${name} has the notes of its MIDI in its MusicXML, ties joined`, () => {
    const xml = musicXml(sheet);
    assertWellFormed(xml.replace(/^<\?xml.*\n<!DOCTYPE.*\n/, ""));
    const { notes, divisions } = notesOf(xml);
    assertEquals(divisions, UNITS);
    const first = sheet.bars[0]!.missing;
    const starts = (all: readonly { pitch: number; start: number }[]) =>
      all.map(({ pitch, start }) => `${start} ${pitch}`).sort();
    assertEquals(
      starts(notes.map((note) => ({ ...note, start: note.start + first }))),
      starts(performance.notes.map((note) => ({ ...note, start: units(note.startTicks) }))),
    );
    const lengths = new Map(
      performance.notes.map((note) => [
        `${units(note.startTicks)} ${note.pitch}`,
        units(note.endTicks - note.startTicks),
      ]),
    );
    const exact = notes.filter(({ pitch, start, end }) =>
      lengths.get(`${start + first} ${pitch}`) === end - start
    );
    assert(exact.length >= 0.97 * notes.length, `${exact.length} of ${notes.length} lengths`);
  });

  Deno.test(`${name} fills each voice of each bar`, () => {
    for (const bar of sheet.bars) {
      for (const { voices } of bar.staves) {
        for (const voice of voices) {
          assertEquals(voice[0]!.start, bar.start);
          assertEquals(voice.at(-1)!.end, bar.start + bar.length);
          voice.slice(1).forEach(({ start }, i) => assertEquals(start, voice[i]!.end));
        }
      }
    }
  });
}

Deno.test("Starter pieces come back with their hands, which reach no further than a tenth", () => {
  let right = 0, all = 0;
  for (const { name, performance, sheet } of pieces) {
    const truth = new Map(
      performance.notes.map(({ pitch, startTicks, voice }) => [
        `${units(startTicks)} ${pitch}`,
        voice.startsWith("R") ? "right" : "left",
      ]),
    );
    const same = sheet.notes.filter(({ start, pitch, hand }) =>
      truth.get(`${start} ${pitch}`) === hand
    );
    right += same.length;
    all += sheet.notes.length;
    // Satie's left hand jumps from the bass to chords beyond a tenth: the right hand may take them
    const least = name === "satie-gymnopedie-1" ? 0.65 : 0.92;
    assert(same.length >= least * sheet.notes.length, `${name}: ${same.length}`);
    for (
      const struck of Map.groupBy(sheet.notes, ({ start, hand }) => `${start} ${hand}`).values()
    ) {
      const span = struck.at(-1)!.pitch - struck[0]!.pitch;
      assert(span <= 16, `${name}, unit ${struck[0]!.start}: ${span} semitones`);
    }
  }
  assert(right >= 0.97 * all, `${right} of ${all}`);
});

Deno.test("A change of key is found where the music changes to it", () => {
  const { sheet } = pieces.find(({ name }) => name === "mozart-alla-turca")!;
  const keys = sheet.bars.map(({ key }) => keyName(key));
  assertEquals([...new Set(keys)], ["A minor", "A major"]);
  assertEquals(keys.at(-1), "A major");
});
