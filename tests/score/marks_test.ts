import { assertEquals, assertStringIncludes } from "@std/assert";
import { readMidi } from "../../lib/midi/read.ts";
import { spell } from "../../lib/score/spelling.ts";
import { dynamicsOf, octavesOf, pedalMarks } from "../../lib/score/marks.ts";
import { musicXml } from "../../lib/score/musicxml.ts";
import { type ScoreBar, type ScoreNote, UNITS } from "../../lib/score/notes.ts";
import { writeSheet } from "../../lib/score/sheet.ts";
import { noteAt, songOf } from "../midi/song.ts";

const BARS: ScoreBar[] = [0, 1, 2, 3, 4, 5, 6, 7].map((bar) => ({
  start: 4 * UNITS * bar,
  length: 4 * UNITS,
  numerator: 4,
  denominator: 4,
  missing: 0,
}));

/** Eight bars at 480 ticks a beat. */
const MUSIC = { bars: BARS, unitAt: (ticks: number) => ticks / 480 * UNITS };

/** Quarters, one velocity and pitch for each bar, a little uneven. */
function quarters(velocities: readonly number[], pitches: readonly number[] = [60]) {
  return velocities.flatMap((velocity, bar) =>
    [0, 1, 2, 3].map((beat) =>
      noteAt(pitches[bar % pitches.length]!, 4 * bar + beat, 1, velocity + beat - 1)
    )
  );
}

Deno.test("Dynamics follow the bars' velocities, not a single bar that is off, nor what was typed", () => {
  const of = (velocities: number[]) => dynamicsOf(MUSIC, [{ notes: quarters(velocities) }]);
  assertEquals(of([50, 50, 48, 50, 96, 97, 98, 96]), [
    ...Array(4).fill("p"),
    ...Array(4).fill("f"),
  ]);
  assertEquals(of([80, 80, 64, 80, 80, 82, 80, 80]), Array(8).fill("mf"));
  const typed = quarters(Array(8).fill(100)).map((note) => ({ ...note, velocity: 100 }));
  assertEquals(dynamicsOf(MUSIC, [{ notes: typed }]), Array(8).fill(undefined));
});

Deno.test("The pedal is written on sixteenths, and not where it changes too often to be read", () => {
  const pedal = [[80, true], [965, false], [1010, true], [1900, false], [15000, true]]
    .map(([ticks, down]) => ({ ticks: ticks as number, down: down as boolean }));
  assertEquals(pedalMarks(MUSIC, [{ pedal }]), [
    { at: 0, type: "start" },
    { at: 2 * UNITS, type: "stop" },
    { at: 2 * UNITS, type: "start" },
    { at: 4 * UNITS, type: "stop" },
    { at: 31.25 * UNITS, type: "start" },
    { at: 32 * UNITS, type: "stop" },
  ]);
  const trembling = Array.from({ length: 100 }, (_, i) => ({ ticks: 130 * i, down: i % 2 === 0 }));
  assertEquals(pedalMarks(MUSIC, [{ pedal: trembling }]), []);
});

Deno.test("Staves far off their lines are written an octave nearer, over two bars or more", () => {
  const of = (pitches: number[], clef: "treble" | "bass") =>
    octavesOf(
      pitches.map((pitch, bar): ScoreNote => ({
        ...{ pitch, start: 4 * UNITS * bar, end: 4 * UNITS * (bar + 1) },
        ...{ part: 0, hand: "right", division: 1, divided: [0, 0], graces: [] },
      })),
      BARS,
      BARS.map(() => clef),
    );
  assertEquals(of([72, 93, 80, 95, 72, 96, 72, 72], "treble"), [0, 1, 1, 1, 0, 0, 0, 0]);
  assertEquals(of([40, 28, 27, 50, 40, 40, 40, 40], "bass"), [0, -1, -1, 0, 0, 0, 0, 0]);
});

Deno.test("Dynamics, pedal and octave signs stand in the MusicXML, each sign begun and ended", () => {
  const music = readMidi(songOf(
    quarters([50, 50, 50, 50, 98, 98, 98, 98], [60, 60, 60, 60, 93, 95, 96, 93]),
    { pedal: [{ ticks: 40, down: true }, { ticks: 1920, down: false }] },
  ));
  const xml = musicXml(writeSheet(music, "test"));
  assertEquals([...xml.matchAll(/<dynamics><(\w+)\/>/g)].map(([, mark]) => mark), ["p", "f"]);
  assertEquals([...xml.matchAll(/<octave-shift type="(\w+)"/g)].map(([, type]) => type), [
    "down",
    "stop",
  ]);
  assertEquals([...xml.matchAll(/<pedal type="(\w+)"/g)].map(([, type]) => type), [
    "start",
    "stop",
  ]);
  assertStringIncludes(xml, "<step>A</step><octave>6</octave>", "pitches are those that sound");
});

Deno.test("What a signature's own scale has needs no double accidental", () => {
  const bMinor = { fifths: 2, mode: "minor" }, fSharp = { fifths: 6, mode: "major" };
  const name = (pitch: number, local: typeof bMinor, signature: typeof bMinor) => {
    const { letter, alter } = spell(pitch, local as never, signature as never);
    return `${letter}${alter}`;
  };
  assertEquals(name(62, fSharp, bMinor), "D0");
  assertEquals(name(58, fSharp, bMinor), "A1");
  const gSharp = { fifths: 5, mode: "minor" };
  assertEquals(name(67, gSharp, gSharp), "F2", "a leading tone stays one");
});
