import { assertEquals, assertThrows } from "@std/assert";
import { writeChords } from "./write_chords.ts";
import { isChordPro, readChordPro } from "../../lib/harmony/chordpro.ts";
import { readIReal } from "../../lib/harmony/ireal.ts";
import type { ChordSheet } from "../../lib/harmony/sheet.ts";
import { parseKey } from "../../lib/tokens/key.ts";

function written({ bars, beatsPerBar }: ChordSheet): string {
  return writeChords(bars, beatsPerBar);
}

/** Scrambled by another program than the one that is tested. */
const SCRAMBLED = "irealb://Test%20Song%3DMuch%20Nobody%3D%3DMedium%20Swing%3DF-%3D%3D" +
  "1r34LbKcu7QyX%7CQ%5E7XyQ9b7A%207-E%7C%20%20lcKyQX7%5ECZL%207G%207-D%7C%20%7CrXyC44T%5BE/W" +
  "%20%20-6/Ab%7C%20QyX%7DQyXn%7C%20%20%20%5E7C1N%7CQyX7bB%7C%20%20%20N2C6%20FB%2A%7B%5D%20Z" +
  "%20%3DJazz-Swing%3D120%3D3";

Deno.test("an iReal Pro link is unscrambled, its repeats, endings and repeated bars written out", () => {
  const sheet = readIReal(`<a href="${SCRAMBLED}">Test Song</a>`);
  assertEquals(
    written(sheet),
    "| Cmaj7 | Dm7 . G7 . | Cmaj7 | Cmaj7 | Em7 . A7 . | Cmaj7 | Em7 . A7 . | " +
      "Fm6/Ab | Bb7 | Cmaj7 | N.C. | Fm6/Ab | Bb7 | C6 . C6/E . |",
  );
  assertEquals([sheet.title, sheet.key], ["Test Song", parseKey("F minor")]);
  assertEquals(sheet.notices, []);
});

Deno.test("an older iReal Book link is read as it stands", () => {
  const sheet = readIReal(
    "irealbook://Waltz=Nobody Much=Waltz=Bb=n=T34{Bb^7 |G-7 C7 F7|Eb/G, , |r| |D-7b5,G7b9,C- }<D.C.>",
  );
  assertEquals(sheet.beatsPerBar, 3);
  assertEquals(
    written({ ...sheet, bars: sheet.bars.slice(0, 6) }),
    "| Bbmaj7 | Gm7 C7 F7 | Eb/G | Gm7 C7 F7 | Eb/G | Dm7b5 G7 Cm |",
  );
  assertEquals(sheet.bars.length, 12);
  assertEquals(sheet.notices, [
    "Jumps (D.C., D.S., coda) are not followed: bars are read as they stand.",
  ]);
});

Deno.test("a link whose bars are not scrambled is read whatever its prefix", () => {
  const song = "Waltz=Nobody Much=Waltz=Bb=n=T34{Bb^7 |G-7 C7 F7}";
  const [older, newer] = [`irealbook://${song}`, `irealb://${song}`].map(readIReal);
  assertEquals(newer, older);
  const named = readIReal(`irealb://Zoom=Zadok=Waltz=Bb=n=T34{Bb^7 |G-7 C7 F7}=Jazz-Swing=120=3`);
  assertEquals(named, { ...older!, title: "Zoom" });
  const bare = readIReal("irealb://C%20%7C%20F%20%7C%20G7%20%7C%20C");
  assertEquals([bare.bars.length, bare.title], [4, undefined]);
});

Deno.test("what is no iReal Pro song is refused", () => {
  for (const text of ["", "hello", "irealb://", "irealb://A=B=C=D", "irealbook://A=B=C=D=n=hm"]) {
    assertThrows(() => readIReal(text), Error, "Cannot read an iReal Pro song");
  }
});

const SONG = `# a comment with [C]
{title: Test Song}
{key: G}
{time: 3/4}
{start_of_chorus}
[G]La la [D/F#]la [*softly]
{end_of_chorus}
[Em]La [C]la [N.C.]la
{start_of_tab}
E|--[A]--|
{end_of_tab}
{chorus}
`;

Deno.test("ChordPro gives each chord a bar, and says so", () => {
  assertEquals(isChordPro(SONG), true);
  const sheet = readChordPro(SONG);
  assertEquals(written(sheet), "| G | D/F# | Em | C | N.C. | G | D/F# |");
  assertEquals([sheet.title, sheet.key, sheet.beatsPerBar], ["Test Song", parseKey("G"), 3]);
  assertEquals(sheet.notices, ["ChordPro says no lengths: each chord lasts one bar."]);
});

Deno.test("ChordPro's grids have bars and beats, and a capo transposes", () => {
  const sheet = readChordPro(
    "{capo: 2}\n{key: C}\n{start_of_grid}\nA || C . G . | Am / / F |. % |  repeat\n{end_of_grid}\n[C]La",
  );
  assertEquals(written(sheet), "| D . A . | Bm . . G | Bm . . G |");
  assertEquals(sheet.key, parseKey("D"));
  assertEquals(sheet.notices, [
    "Chords are transposed by 2 semitones, as {capo} or {transpose} says.",
  ]);
});

Deno.test("a chord in ChordPro that cannot be read is named with its line", () => {
  const { message } = assertThrows(() => readChordPro("[C]la\n[Gxx]la"), Error);
  assertEquals(message.startsWith('Cannot read ChordPro, line 2: Cannot read chord "Gxx"'), true);
  assertThrows(() => readChordPro("{title: A}\nla"), Error, "it has no chords");
  assertThrows(() => readChordPro("{capo: many}\n[C]la"), Error, "line 1");
  assertEquals(isChordPro("Am F C G"), false);
});
