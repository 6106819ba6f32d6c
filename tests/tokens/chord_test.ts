import { assertEquals, assertThrows } from "@std/assert";
import { CHORD_QUALITIES, chordOf, chordTones, transposeChord } from "../../lib/tokens/chord.ts";
import { chordSymbol, parseChord } from "../../lib/tokens/chord_symbol.ts";
import { KEYS, parseKey } from "../../lib/tokens/key.ts";

Deno.test("every chord's symbol is read as the chord, in every key's spelling", () => {
  for (const quality of CHORD_QUALITIES) {
    for (let root = 0; root < 12; root++) {
      for (const bass of [undefined, (root + 4) % 12, (root + 10) % 12]) {
        const chord = chordOf(root, quality, bass);
        assertEquals(parseChord(chordSymbol(chord)), chord);
        for (const key of KEYS) assertEquals(parseChord(chordSymbol(chord, key)), chord);
      }
    }
  }
});

Deno.test("chords are spelled with the accidentals of their key", () => {
  const chord = chordOf(10, "maj", 2);
  assertEquals(chordSymbol(chord, parseKey("F")), "Bb/D");
  assertEquals(chordSymbol(chordOf(6, "m7b5"), parseKey("E minor")), "F#m7b5");
  assertEquals(chordSymbol(chordOf(6, "maj"), parseKey("Db")), "Gb");
});

Deno.test("the usual ways to write a quality are read", () => {
  const same = {
    Am: ["Amin", "A-", "Ami"],
    Cmaj7: ["CM7", "CΔ7", "C^7", "Cma7", "CΔ", "Cmaj9"],
    Bm7b5: ["Bø", "Bø7", "Bh7", "B-7b5", "Bm7(b5)", "Bmin7b5"],
    Bdim7: ["Bo7", "B°7"],
    G7: ["G9", "G13", "G7b9", "G7(#9,b13)", "G7alt", "G7#5"],
    G7sus4: ["G7sus", "G9sus4", "G13sus"],
    C: ["Cmaj", "Cadd9", "C5"],
    C6: ["C6/9", "C69"],
    Caug: ["C+", "C#5".replace("#5", "(#5)")],
    Csus4: ["Csus"],
    AmMaj7: ["Am(maj7)", "A-^7", "AmM7"],
    Dm7: ["Dm9", "D-7", "Dmin11", "Dm7(add11)"],
    "Bb/D": ["B♭/D"],
  };
  for (const [symbol, others] of Object.entries(same)) {
    for (const other of others) assertEquals(chordSymbol(parseChord(other)), symbol, other);
  }
});

Deno.test("what names no chord is refused with what is needed", () => {
  for (const text of ["", "H", "Cmin7majorish", "am", "C/", "C/X", "Cm/", "12", "C#b", "Cqq"]) {
    const { message } = assertThrows(() => parseChord(text), Error);
    assertEquals(message.startsWith(`Cannot read chord "${text}": needed a root`), true);
  }
});

Deno.test("chords are transposed with their basses, and know their notes", () => {
  assertEquals(transposeChord(parseChord("G7/B"), 5), parseChord("C7/E"));
  assertEquals(transposeChord(parseChord("C/E"), -13), parseChord("B/D#"));
  assertEquals(chordTones(parseChord("Dm7b5/C")), [2, 5, 8, 0]);
});
