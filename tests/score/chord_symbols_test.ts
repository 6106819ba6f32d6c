import { assertEquals, assertStringIncludes } from "@std/assert";
import { readMidi } from "../../lib/midi/read.ts";
import { engrave } from "../../lib/score/engrave.ts";
import { musicXml } from "../../lib/score/musicxml.ts";
import { UNITS } from "../../lib/score/notes.ts";
import { type ScoreSheet, type SheetSettings, writeSheet } from "../../lib/score/sheet.ts";
import { sheetOfScore } from "../../lib/harmony/score_chords.ts";
import { readScore } from "../../lib/notation/read.ts";
import { chordSymbol, parseChord } from "../../lib/tokens/chord_symbol.ts";
import { voiced } from "../harmony/music.ts";
import { noteAt, songOf } from "../midi/song.ts";
import { attributes, bytesOf, document, note, played } from "../notation/documents.ts";
import { notesOf } from "./music_xml.ts";

/** Chords, one every so many beats, from the second bar on. */
const chordsFrom = (symbols: string, beats = 4) =>
  symbols.split(" ").flatMap((symbol, i) =>
    voiced(parseChord(symbol)).map((pitch) => noteAt(pitch, 4 + i * beats, beats))
  );

const sheet = (bytes: Uint8Array, settings?: SheetSettings) =>
  writeSheet(readMidi(bytes), "test", settings);

/** Chord symbols with their beats from the beginning of the score. */
const symbolsIn = ({ bars }: ScoreSheet) =>
  bars.flatMap(({ chords }) => chords.map(({ at, symbol }) => `${symbol}@${at / UNITS}`)).join(" ");

Deno.test("a file's chord symbols stand at their beats, one from before the music at its start", () => {
  const chords = [[0, "Gb"], [4 * 480, "F#m7b5/A"], [6 * 480, "B7"], [
    9 * 480 + 7,
    "N.C.",
  ]] as const;
  const bytes = songOf(chordsFrom("F#m7b5 B7 B7", 2), {
    chords: chords.map(([ticks, symbol]) => ({ ticks, symbol })),
  });
  assertEquals(symbolsIn(sheet(bytes)), "F#m7b5/A@0 B7@2 N.C.@5");
  assertEquals(
    symbolsIn(sheet(songOf(chordsFrom("C G"), { chords: [{ ticks: 0, symbol: "C" }] }))),
    "C@0",
  );
  assertEquals(symbolsIn(sheet(bytes, { chords: "none" })), "");
  assertEquals(symbolsIn(sheet(songOf(chordsFrom("C F")))), "");
});

Deno.test("chord symbols are found where they change, on beats, spelled in the key", () => {
  const found = (symbols: string, beats: number) =>
    symbolsIn(sheet(songOf(chordsFrom(symbols, beats)), { chords: "found" }));
  assertEquals(found("Ab Fm Db Eb7 Ab Ab", 4), "Ab@0 Fm@4 Db@8 Eb7@12 Ab@16");
  assertEquals(found("E C#m A B7 E E", 2), "E@0 C#m@2 A@4 B7@6 E@8");
});

Deno.test("chord symbols in MusicXML are read again as they were, and move no note", async () => {
  const symbols = "C/E F#m7b5 G7sus4 Bb7".split(" ");
  const bytes = songOf(chordsFrom(symbols.join(" "), 2), {
    chords: symbols.map((symbol, i) => ({ ticks: 480 * (4 + 2 * i), symbol })),
  });
  const xml = musicXml(sheet(bytes)), plain = musicXml(sheet(bytes, { chords: "none" }));
  const { bars } = sheetOfScore(readScore(bytesOf(xml)));
  assertEquals(
    bars.flatMap((bar) => bar.map(({ beat, chord }) => `${chordSymbol(chord!)}@${beat}`)),
    ["C/E@0", "F#m7b5@2", "G7sus4@0", "Bb7@2"],
  );
  assertEquals(notesOf(xml), notesOf(plain));
  const [page] = await engrave(xml);
  const shown = Array.from(
    page!.matchAll(/class="harm">(.*?)<\/g>/gs),
    ([, text]) => text!.replace(/<[^>]*>|\s/g, ""),
  );
  assertEquals(shown, ["C/E", "F♯m7♭5", "G7sus4", "B♭7"]);
});

Deno.test("the chord symbols of a lead sheet come through to the engraved score", () => {
  const harmony = (step: string, kind: string) =>
    `<harmony><root><root-step>${step}</root-step></root><kind>${kind}</kind></harmony>`;
  const music = played(document([
    attributes() + harmony("A", "minor") + note("A4", 8) + harmony("E", "dominant-ninth") +
    note("E5", 8),
    harmony("X", "none") + note("A4", 16),
  ]));
  assertEquals(symbolsIn(writeSheet(music, "lead")), "Am@0 E9@2 N.C.@4");
  assertStringIncludes(musicXml(writeSheet(music, "lead")), '<kind text="9">dominant-ninth</kind>');
});
