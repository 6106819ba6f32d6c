import { assertEquals, assertThrows } from "@std/assert";
import { parseChords } from "../../lib/harmony/chord_text.ts";
import { writeChords } from "./write_chords.ts";
import type { ChordTextOptions } from "../../lib/harmony/chord_text.ts";
import { chordSymbol } from "../../lib/tokens/chord_symbol.ts";
import { parseKey } from "../../lib/tokens/key.ts";

/** Bars as `Am F@2`, one after the other. */
function read(text: string, options?: ChordTextOptions): string[] {
  return parseChords(text, options).bars.map((bar) =>
    bar.map(({ beat, chord }) => `${chord ? chordSymbol(chord) : "N"}${beat ? `@${beat}` : ""}`)
      .join(" ")
  );
}

const C = parseKey("C"), a = parseKey("A minor");

Deno.test("chords without bar lines are one a bar", () => {
  assertEquals(read("Am F C G"), ["Am", "F", "C", "G"]);
  assertEquals(read("  Am\nF  C/E\tG7 "), ["Am", "F", "C/E", "G7"]);
});

Deno.test("bar lines and dots share a bar's beats", () => {
  assertEquals(read("| Am F | C | G . . E7 |"), ["Am F@2", "C", "G E7@3"]);
  assertEquals(read("Am . F G | C"), ["Am F@2 G@3", "C"]);
  assertEquals(read("Am . F G C . . ."), ["Am F@2 G@3", "C"]);
  assertEquals(read("C . G", { beatsPerBar: 3 }), ["C G@2"]);
  assertEquals(read("|C|. . G .|"), ["C", "C G@2"]);
  assertEquals(read("|C D E F G A Bm C|"), ["C D@0.5 E@1 F@1.5 G@2 A@2.5 Bm@3 C@3.5"]);
});

Deno.test("repeats are written out", () => {
  assertEquals(read("|: Am F :| C |"), ["Am F@2", "Am F@2", "C"]);
  assertEquals(read("|: Am | F :| x3 | C"), ["Am", "F", "Am", "F", "Am", "F", "C"]);
  assertEquals(read("C | D :| G"), ["C", "D", "C", "D", "G"]);
  assertEquals(read("|: C :|: G :|"), ["C", "C", "G", "G"]);
  assertEquals(read("Am F x2"), ["Am", "F", "Am", "F"]);
  assertEquals(read("|: C :| D | E | x2"), ["C", "C", "D", "E", "D", "E"]);
  assertEquals(read("C | % | N.C. | %"), ["C", "C", "N", "N"]);
  assertEquals(read("|: C :| x1"), ["C"]);
});

Deno.test("Nashville numbers and Roman numerals count in the key", () => {
  assertEquals(read("1 5/7 6- 4", { key: C }), ["C", "G/B", "Am", "F"]);
  assertEquals(read("1 b7 2-7 57", { key: parseKey("D") }), ["D", "C", "Em7", "A7"]);
  assertEquals(read("I V6 vi IV ii65 V43 V42 I6", { key: C }), [
    ...["C", "G/B", "Am", "F", "Dm7/F", "G7/D", "G7/F", "C/E"],
  ]);
  assertEquals(read("i iv V7 VI viio7 bVI III iiø7 V7/iv", { key: a }), [
    ...["Am", "Dm", "E7", "F", "G#dim7", "F", "C", "Bm7b5", "A7"],
  ]);
  assertEquals(read("I V7/V V7 Imaj7 IV7 bVII V7/vi bII6", { key: C }), [
    ...["C", "D7", "G7", "Cmaj7", "Fmaj7", "Bb", "E7", "Db/F"],
  ]);
});

Deno.test("what cannot be read is named with its place and with what is needed", () => {
  const refused: [string, string][] = [
    ["Am F Xm G", 'at "Xm" (column 6): needed a chord such as'],
    ["1 5 6- 4", 'at "1" (column 1): numbers and numerals need a key, such as --key C'],
    ["| C F G |", 'at "C" (column 3): its bar has 3 chords for 4 beats'],
    ["|: C | G", "a repeat has no end"],
    ["|: C |: G :|", 'at "|:" (column 6): the repeat before it has no end'],
    [". C", 'at "." (column 1): there is no chord before it'],
    ["% C", "there is no bar before it"],
    [":| C", "there is nothing to repeat"],
    ["   ", "there are none"],
    ["|: C D :| x999 |: C :| x999 |: C :| x999 |: C :| x999 |: C :| x999", "more than 4096 bars"],
  ];
  for (const [text, says] of refused) {
    const { message } = assertThrows(() => parseChords(text), Error);
    assertEquals(message.includes(says), true, `${text}: ${message}`);
  }
});

Deno.test("what is written is read as it was", () => {
  for (
    const [text, beatsPerBar] of [
      ["Am F C G", 4],
      ["| Am . F G | C | % | N.C. G7/B |", 4],
      ["|C D E F G A Bm C| F |", 4],
      ["C . G F", 3],
    ] as const
  ) {
    const { bars } = parseChords(text, { beatsPerBar });
    const written = writeChords(bars, beatsPerBar);
    assertEquals(parseChords(written, { beatsPerBar }).bars, bars, written);
  }
  assertEquals(writeChords(parseChords("Am . F G C").bars, 4), "| Am . F G | C |");
});

Deno.test("symbols with more notes than are told apart are read more simply, and that is said", () => {
  const { notices } = parseChords("C9 Am Gadd9 Dm7b5 Caug C9");
  assertEquals(notices, ["Simplified: C9 as C7, Gadd9 as G."]);
  assertEquals(parseChords("Am F C/E G7").notices, []);
  assertEquals(parseChords("1 4 5/7 1", { key: parseKey("D major") }).notices, []);
});
