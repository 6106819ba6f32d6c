import { assertEquals } from "@std/assert";
import { midiOfScore, readScore } from "../../lib/notation/read.ts";
import {
  attributes,
  backup,
  bytesOf,
  document,
  mxl,
  note,
  notesIn,
  played,
  tie,
} from "./documents.ts";

Deno.test("two staves are two tracks, named after the hands, by the staff a note is written on", () => {
  const { parts } = played(document([
    attributes({ staves: 2 }) + note("C5", 16) + backup(16) +
    note("C3", 8, { staff: 2, voice: 5 }) + note("E4", 8, { staff: 1, voice: 5 }),
  ]));
  assertEquals(parts.map(({ name, notes }) => [name, notes.map(({ pitch }) => pitch)]), [
    ["Piano, right hand", [72, 64]],
    ["Piano, left hand", [48]],
  ]);
});

Deno.test("chords, accidentals, rests and forwards stand at their times", () => {
  const xml = document([
    attributes() + note("C4", 4) + note("Eb4", 4, { more: "<chord/>" }) + note("R", 2) +
    note("F#4", 2) + "<forward><duration>4</duration></forward>" + note("B3", 4),
  ]);
  assertEquals(notesIn(xml), ["60@0+1", "63@0+1", "66@1.5+0.5", "59@3+1"]);
});

Deno.test("tied notes are one, within a chord and over bar lines, also where durations were rounded", () => {
  const chord = (name: string, ...types: string[]) =>
    note(name, 511, { more: `<chord/>${tie(...types)}` });
  const xml = document([
    attributes({ divisions: 128 }) + note("C4", 511, { more: tie("start") }) + chord("E4", "start"),
    note("C4", 512, { more: tie("stop") }) + note("E4", 512, { more: `<chord/>${tie("stop")}` }),
  ]);
  assertEquals(notesIn(xml), ["60@0+8", "64@0+8"]);
});

Deno.test("a tie finds its note in another voice, and a note tied from nothing is struck", () => {
  const xml = document([
    attributes() + note("C4", 8, { more: tie("start") }) + note("D4", 8) + backup(16) +
    note("R", 8, { voice: 2 }) + note("C4", 8, { voice: 2, more: tie("stop") }),
    note("G4", 16, { more: tie("stop") }),
  ]);
  assertEquals(notesIn(xml), ["60@0+4", "62@2+2", "67@4+4"]);
});

Deno.test("durations count, not types; hidden notes sound, and a hidden rest makes no bar longer", () => {
  const hidden = ' print-object="no"';
  const xml = document([
    attributes() + note("C4", 8, { more: "<type>quarter</type>" }) + note("D4", 8) + backup(16) +
    note("E4", 3, { voice: 2, head: hidden }) + note("R", 16, { voice: 2, head: hidden }),
    note("G4", 16),
  ]);
  assertEquals(notesIn(xml), ["60@0+2", "64@0+0.75", "62@2+2", "67@4+4"]);
});

Deno.test("a backup leads no further than to the bar line, and that is said", () => {
  const score = readScore(bytesOf(document([
    attributes() + note("C4", 16) + backup(160_000) + note("E4", 16, { voice: 2 }),
  ])));
  assertEquals(score.bars[0]!.notes.map(({ at }) => at), [0, 0]);
  assertEquals(midiOfScore(score).remarks, ["1 step back before a bar line ended there"]);
});

Deno.test("rounded durations leave bars as long as their metre; longer and shorter bars stay", () => {
  const third = (duration: number) => note("C4", duration);
  const xml = document([
    attributes({ divisions: 512, time: "1/4" }) + third(85) + third(85) + third(170) + third(170),
    note("D4", 512),
    note("E4", 512 + 128),
    note("F4", 512),
  ]);
  assertEquals(notesIn(xml).slice(-3), ["62@1+1", "64@2+1.25", "65@3.25+1"]);
});

Deno.test("upbeats are short bars, and bar lines follow them", () => {
  const { timeSignatures, ticksPerBeat } = played(document([
    attributes({ time: "3/4" }) + note("C4", 4),
    note("D4", 12),
    note("E4", 12),
  ]));
  assertEquals(timeSignatures, [
    { ticks: 0, numerator: 1, denominator: 4 },
    { ticks: ticksPerBeat, numerator: 3, denominator: 4 },
  ]);
});

Deno.test("sums and composites of metres are added up; compound ones stay", () => {
  const metre = (time: string) =>
    played(document([
      attributes().replace(/<time>.*<\/time>/, `<time>${time}</time>`) + note("C4", 14),
    ])).timeSignatures.map(({ numerator, denominator }) => `${numerator}/${denominator}`);
  assertEquals(metre("<beats>3+2+2</beats><beat-type>8</beat-type>"), ["7/8"]);
  const composite =
    "<beats>2</beats><beat-type>4</beat-type><beats>3</beats><beat-type>8</beat-type>";
  assertEquals(metre(composite), ["7/8"]);
});

Deno.test("tuplets last what their durations say, exactly", () => {
  const { parts, ticksPerBeat } = played(document([
    attributes({ divisions: 105, time: "2/4" }) + ["C4", "D4", "E4"].map((n) =>
      note(n, 35)
    ).join("") +
    ["C4", "D4", "E4", "F4", "G4"].map((n) => note(n, 21)).join(""),
  ]));
  const onsets = parts[0]!.notes.map(({ startTicks }) => startTicks / ticksPerBeat);
  assertEquals(onsets, [0, 1 / 3, 2 / 3, 1, 1.2, 1.4, 1.6, 1.8]);
});

Deno.test("grace notes are played before the beat, and their main note keeps its time", () => {
  const grace = (name: string, chord = "") => note(name, 0, { more: `<grace/>${chord}` });
  const xml = document([
    attributes() + note("C4", 8) + grace("D4") + grace("F4", "<chord/>") + grace("E4") +
    note("G4", 8),
  ]);
  assertEquals(notesIn(xml), ["60@0+2", "62@1.74+0.13", "65@1.74+0.13", "64@1.87+0.13", "67@2+2"]);
  const atStart = document([attributes() + grace("D4") + note("C4", 16)]);
  assertEquals(notesIn(atStart), ["60@0+4"]);
});

Deno.test("cue notes are silent, but for MuseScore's, which writes all small notes so", () => {
  const measure = [attributes() + note("C4", 16) + backup(16) + note("E4", 16, { more: "<cue/>" })];
  const software = (name: string) =>
    `<identification><encoding><software>${name}</software></encoding></identification>`;
  assertEquals(notesIn(document(measure, software("Finale v27"))), ["60@0+4"]);
  assertEquals(notesIn(document(measure, software("MuseScore 4.4"))), ["60@0+4", "64@0+4"]);
});

Deno.test("parts for transposing instruments sound at their pitch", () => {
  const more = "<transpose><chromatic>-2</chromatic><octave-change>-1</octave-change></transpose>";
  assertEquals(notesIn(document([attributes({ more }) + note("D5", 16)])), ["60@0+4"]);
});

Deno.test("tempo is that of sound, then of the metronome with its unit and dots, then of words", () => {
  const tempos = (...directions: string[]) =>
    played(document([attributes() + directions.join("") + note("C4", 16)])).tempos
      .map(({ microsecondsPerBeat }) => Math.round(60e6 / microsecondsPerBeat));
  const metronome = (unit: string, dots: string, number: string, sound = "") =>
    `<direction><direction-type><metronome><beat-unit>${unit}</beat-unit>${dots}<per-minute>${number}` +
    `</per-minute></metronome></direction-type>${sound}</direction>`;
  const words = (text: string) =>
    `<direction><direction-type><words>${text}</words></direction-type></direction>`;
  assertEquals(tempos(metronome("half", "", "72")), [144]);
  assertEquals(tempos(metronome("quarter", "<beat-unit-dot/>", "c. 60")), [90]);
  assertEquals(tempos(metronome("half", "", "72", '<sound tempo="100"/>')), [100]);
  assertEquals(tempos('<sound tempo="0"/>'), [120]);
  assertEquals(tempos(words("Adagio molto")), [66]);
  assertEquals(tempos(words("Adagio"), metronome("quarter", "", "50")), [50]);
  const fermata = note("C4", 8, { more: "<notations><fermata/></notations>" });
  assertEquals(played(document([attributes() + fermata + note("D4", 8)])).tempos.length, 1);
});

Deno.test("key signatures are kept, also the minor ones", () => {
  const { midi } = midiOfScore(readScore(bytesOf(document([
    attributes({ fifths: -6, mode: "minor" }) + note("C4", 16),
  ]))));
  const at = midi.findIndex((_, i) => midi[i] === 0xff && midi[i + 1] === 0x59);
  assertEquals([...midi.subarray(at, at + 5)], [0xff, 0x59, 2, 250, 1]);
});

Deno.test("loudness and pedal are those that are marked", () => {
  const direction = (what: string) =>
    `<direction><direction-type>${what}</direction-type></direction>`;
  const { parts: [part] } = played(document([
    attributes() + direction("<dynamics><p/></dynamics>") + direction('<pedal type="start"/>') +
    note("C4", 8) + '<sound dynamics="100"/>' + direction('<pedal type="stop"/>') + note("D4", 8),
  ]));
  assertEquals(part!.notes.map(({ velocity }) => velocity), [49, 90]);
  assertEquals(part!.pedal.map(({ down }) => down), [true, false]);
});

Deno.test("chord symbols are kept as data, with their place, kind and bass", () => {
  const harmony = "<harmony><root><root-step>B</root-step><root-alter>-1</root-alter></root>" +
    '<kind text="m7">minor-seventh</kind><bass><bass-step>F</bass-step></bass></harmony>';
  const { bars: [bar] } = readScore(bytesOf(document([
    attributes() + note("C4", 8) + harmony + note("D4", 8) +
    "<harmony><kind>none</kind></harmony>",
  ])));
  assertEquals(bar!.chords, [
    {
      ...{ at: 2, root: { step: "B", alter: -1 }, kind: "minor-seventh", text: "m7" },
      bass: { step: "F", alter: 0 },
    },
    { at: 4, root: undefined, kind: "none", text: "" },
  ]);
});

Deno.test("several parts sound together, each by its own divisions and programme", () => {
  const part = (id: string, divisions: number, name: string) =>
    `<part id="${id}"><measure number="1">${attributes({ divisions })}${
      note(name, 4 * divisions)
    }` +
    "</measure></part>";
  const list = ["P1", "P2"].map((id, i) =>
    `<score-part id="${id}"><part-name>N${i}</part-name><midi-instrument id="${id}-I">` +
    `<midi-program>${i ? 41 : 1}</midi-program></midi-instrument></score-part>`
  );
  const { parts } = played(
    `<score-partwise><part-list>${list.join("")}</part-list>${part("P1", 1, "C4")}${
      part("P2", 480, "G4")
    }</score-partwise>`,
  );
  assertEquals(parts.map(({ name, program, notes }) => [name, program, notes[0]!.pitch]), [
    ["N0", 0, 60],
    ["N1", 40, 67],
  ]);
});

Deno.test("timewise documents, UTF-16 and compressed files say the same", () => {
  const measure = attributes() + note("C4", 16), xml = document([measure]);
  const timewise = "<score-timewise><part-list/><measure number='1'><part id='P1'>" + measure +
    "</part></measure></score-timewise>";
  assertEquals(notesIn(timewise), ["60@0+4"]);
  const utf16 = new Uint8Array([0xff, 0xfe, ...[...xml].flatMap((c) => [c.charCodeAt(0), 0])]);
  for (const bytes of [utf16, mxl(xml)]) {
    assertEquals(readScore(bytes).bars[0]!.notes, readScore(bytesOf(xml)).bars[0]!.notes);
  }
});
