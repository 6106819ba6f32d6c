import { assertEquals, assertThrows } from "@std/assert";
import { changeNotes, checkChangeable, type FileNote, notesOf } from "../../lib/midi/edit.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { chunk, file as anyFile } from "./bytes.ts";

function file(format: number, ...tracks: number[][]): Uint8Array {
  return anyFile({ format, division: 96 }, ...tracks.map((events) => chunk("MTrk", events)));
}

const END = [0, 0xff, 0x2f, 0];

/** Two notes by running status around a lyric, a controller and a third note; then an end mark late. */
const played = [
  ...[0, 0xc0, 0, 0, 0x90, 60, 80, 96, 60, 0],
  ...[0, 0xff, 0x05, 1, 65], // a lyric, over which running status goes on
  ...[0, 64, 70, 48, 64, 0, 0, 0xb0, 7, 100, 48, 0x90, 67, 90, 96, 67, 0],
  ...[96, 0xff, 0x2f, 0],
];
const conductor = [0, 0xff, 0x51, 3, 7, 0xa1, 0x20, 0, 0xff, 0x59, 2, 0, 0, ...END];
const midi = file(1, conductor, played);

function change(
  bytes: Uint8Array,
  goes: (note: FileNote) => boolean,
  added: readonly FileNote[] = [],
): Uint8Array {
  const all = notesOf(readMidi(bytes));
  return changeNotes(bytes, all, { removed: new Set(all.filter(goes)), added, trackName: "New" });
}

function notes(bytes: Uint8Array): string[] {
  return notesOf(readMidi(bytes)).map((n) =>
    [n.track, n.channel, n.pitch, n.startTicks, n.endTicks, n.velocity].join(" ")
  ).sort();
}

Deno.test("without a change a file keeps its bytes", () => {
  assertEquals(change(midi, () => false), midi);
});

Deno.test("a note goes and another comes, and every other event keeps its bytes and its place", () => {
  const changed = change(midi, ({ pitch }) => pitch === 64, [
    { track: 1, channel: 0, pitch: 62, velocity: 55, startTicks: 96, endTicks: 192 },
  ]);
  assertEquals(notes(changed), ["1 0 60 0 96 80", "1 0 62 96 192 55", "1 0 67 192 288 90"]);
  const before = midi.slice(0, midi.length - played.length - 4); // all but the track and its length
  assertEquals(changed.slice(0, before.length), before);
  const body = changed.slice(before.length + 4);
  assertEquals([...body.slice(0, 15)], played.slice(0, 15)); // to the lyric
  assertEquals([...body.slice(15)], [
    ...[0, 0x90, 62, 55, 48, 0xb0, 7, 100], // the controller stays at tick 144
    ...[48, 0x80, 62, 64, 0, 0x90, 67, 90, 96, 67, 0, 96, 0xff, 0x2f, 0],
  ]);
});

Deno.test("a new track comes last, and the header counts it", () => {
  const changed = change(midi, () => false, [
    { track: 2, channel: 0, pitch: 40, velocity: 50, startTicks: 10, endTicks: 20 },
  ]);
  assertEquals(changed[11], 3);
  assertEquals(readMidi(changed).parts.at(-1)!.name, "New");
  assertEquals(changed.slice(12, midi.length), midi.slice(12));
  assertEquals(notes(changed).length, 4);
});

Deno.test("where notes of one key are not in pairs, those that stay are as they were", () => {
  const stuck = file(0, [0, 0x90, 60, 80, 48, 60, 81, 48, 60, 0, 48, 60, 82, 48, 60, 0, ...END]);
  const before = notes(stuck);
  assertEquals(before.length, 3);
  const changed = change(stuck, ({ startTicks }) => startTicks === 48);
  assertEquals(notes(changed), before.filter((note) => !note.includes("60 48 ")));
});

Deno.test("a damaged file, and room that is not there, are refused", () => {
  const goes = ({ pitch }: FileNote) => pitch === 60;
  assertThrows(() => change(file(0, [0, 0x90, 60, 80, 96, 60, 0]), goes), Error, "damaged");
  assertThrows(
    () =>
      change(midi, () => false, [
        { track: 1, channel: 0, pitch: 60, velocity: 50, startTicks: 50, endTicks: 60 },
      ]),
    Error,
    "overlap",
  );
  assertThrows(() => change(file(2, played, played), goes), Error, "separate pieces");
});

const little = (value: number) => [value & 255, (value >> 8) & 255, 0, 0];
const letters = (text: string) => [...new TextEncoder().encode(text)];

/** A RIFF container, with a list of chunks before the MIDI file and one after it. */
function riff(inner: Uint8Array, ...lists: number[][]): Uint8Array {
  const data = [
    ...letters("data"),
    ...little(inner.length),
    ...inner,
    ...inner.length % 2 ? [0] : [],
  ];
  const [before = [], after = []] = lists;
  const body = [...letters("RMID"), ...before, ...data, ...after];
  return Uint8Array.from([...letters("RIFF"), ...little(body.length), ...body]);
}

Deno.test("what stands around the tracks stays: containers, foreign chunks, bytes after the end", () => {
  const list = [
    ...letters("LIST"),
    ...little(18),
    ...letters("INFOINAM"),
    ...little(6),
    ...letters("Song\0\0"),
  ];
  const goes = ({ pitch }: FileNote) => pitch === 64;
  const added = { track: 1, channel: 0, pitch: 62, velocity: 55, startTicks: 96, endTicks: 99 };
  const inTrack = { track: 2, channel: 0, pitch: 40, velocity: 50, startTicks: 10, endTicks: 20 };
  for (const more of [[added], [added, inTrack]]) {
    const plain = change(midi, goes, more);
    for (const lists of [[], [list], [list, list]]) {
      assertEquals(change(riff(midi, ...lists), goes, more), riff(plain, ...lists));
    }
  }
  const plain = change(midi, goes, [added]);
  for (const tail of [[...letters("XFIH"), 0, 0, 0, 4, 0, 0xff, 0x2f, 0], [13, 10]]) {
    const long = Uint8Array.from([...midi, ...tail]);
    assertEquals(change(long, goes, [added]), Uint8Array.from([...plain, ...tail]));
    checkChangeable(long);
    const withTrack = change(long, () => false, [inTrack]);
    assertEquals([...withTrack.slice(-tail.length)], tail);
    assertEquals(notes(withTrack).length, 4);
  }
  const miscounted = midi.slice();
  miscounted[11] = 7;
  assertEquals(notes(change(miscounted, goes, [added])), notes(plain));
});

Deno.test("what cannot be changed is refused before there is anything to change", () => {
  assertThrows(() => checkChangeable(file(0, [0, 0x90, 60, 80, 96, 60, 0])), Error, "damaged");
  assertThrows(() => checkChangeable(file(2, played, played)), Error, "separate pieces");
});
