import { assertEquals, assertThrows } from "@std/assert";
import { CHORD_SUFFIXES, chordEvent, symbolIn } from "../../lib/midi/chord_symbols.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { CHORD_KINDS, symbolOf } from "../../lib/notation/chord_kinds.ts";
import { CHORD_QUALITIES, chordOf } from "../../lib/tokens/chord.ts";
import { chordSymbol, parseChord } from "../../lib/tokens/chord_symbol.ts";
import { KEYS } from "../../lib/tokens/key.ts";
import { noteAt, songOf } from "./song.ts";

const dataOf = (symbol: string) => Uint8Array.from(chordEvent(symbol).slice(3));

Deno.test("a chord symbol is one of XF's chord events, and is read from it again", () => {
  assertEquals(chordEvent("C"), [0xff, 0x7f, 7, 0x43, 0x7b, 1, 0x31, 0, 0x7f, 0x7f]);
  assertEquals(chordEvent("Bbm7/Db").slice(6), [0x27, 10, 0x22, 10]);
  for (const root of ["C", "F#", "Bb", "E#", "Fb", "G##"]) {
    for (const suffix of CHORD_SUFFIXES) {
      for (const bass of ["", "/A", "/C#"]) {
        assertEquals(symbolIn(dataOf(root + suffix + bass)), root + suffix + bass);
      }
    }
  }
  assertEquals(symbolIn(dataOf("N.C.")), "N.C.");
  assertThrows(() => chordEvent("Chorus"), RangeError, '"Chorus" is not a chord symbol');
});

Deno.test("sequencer-specific events that are no chords are passed over", () => {
  const data = Array.from(dataOf("Am"));
  for (const [at, byte] of [[0, 0x41], [2, 2], [3, 0x38], [3, 0x30], [3, 0x71], [4, 35]] as const) {
    assertEquals(symbolIn(Uint8Array.from(data.with(at, byte))), undefined);
  }
  assertEquals(symbolIn(Uint8Array.from(data.slice(0, 4))), undefined);
});

Deno.test("every chord's symbol, in every key, has an event, a MusicXML kind and a reading", () => {
  for (const quality of CHORD_QUALITIES) {
    for (let root = 0; root < 12; root++) {
      for (const key of KEYS) {
        const chord = chordOf(root, quality, (root + 3) % 12);
        const symbol = symbolIn(dataOf(chordSymbol(chord, key)))!;
        assertEquals(parseChord(symbol), chord);
      }
    }
  }
  for (const suffix of CHORD_SUFFIXES) parseChord(`C${suffix}`);
  assertEquals(new Set(Object.keys(CHORD_KINDS)), new Set(CHORD_SUFFIXES));
});

Deno.test("a MusicXML chord is a symbol by its kind, or its text where that says more", () => {
  const cases: [kind: string, text: string, symbol: string | undefined][] = [
    ["minor-seventh", "-7", "Bbm7"],
    ["dominant", "7♭9", "Bb7b9"],
    ["suspended-fourth", "7sus", "Bb7sus4"],
    ["half-diminished", "ø", "Bbm7b5"],
    ["minor-13th", "m13", "Bbm11"],
    ["other", "mMaj9", "BbmMaj9"],
    ["Neapolitan", "N6", undefined],
    ["none", "", "N.C."],
  ];
  for (const [kind, text, symbol] of cases) {
    assertEquals(symbolOf({ root: { step: "B", alter: -1 }, kind, text }), symbol);
  }
});

Deno.test("chord symbols are written to a file and read back, the last of a tick", () => {
  const chords = [{ ticks: 0, symbol: "F#m7b5" }, { ticks: 960, symbol: "B7/D#" }];
  const notes = [noteAt(60, 0, 4)];
  assertEquals(readMidi(songOf(notes, { chords })).chords, chords);
  assertEquals(readMidi(songOf(notes)).chords, undefined);
  const twice = [{ ticks: 0, symbol: "C" }, { ticks: 0, symbol: "Am" }];
  assertEquals(readMidi(songOf(notes, { chords: twice })).chords, twice.slice(1));
});
