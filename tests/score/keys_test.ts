import { assertEquals } from "@std/assert";
import { readMidi } from "../../lib/midi/read.ts";
import { musicXml } from "../../lib/score/musicxml.ts";
import { writeSheet } from "../../lib/score/sheet.ts";
import { keyName } from "../../lib/tokens/key.ts";
import { file, meta, off, on, track } from "../midi/bytes.ts";

const MAJOR = [0, 2, 4, 5, 7, 9, 11, 12], MINOR = [0, 2, 3, 5, 7, 8, 11, 12];

/** A scale in eighths over its tonic, each bar, under signatures in the middle of nowhere or none. */
function scale(tonic: number, degrees: readonly number[], signature?: [number, 0 | 1], bars = 4) {
  const tune = degrees.flatMap((degree) => [
    on(0, tonic + 12 + degree),
    off(240, tonic + 12 + degree),
  ]);
  const bar = [on(0, tonic - 12), ...tune, off(0, tonic - 12)];
  return readMidi(file(
    {},
    track(
      ...signature ? [meta(0, 0x59, signature[0] & 255, signature[1])] : [],
      ...Array.from({ length: bars }, () => bar).flat(),
    ),
  ));
}

const keyOf = (music: ReturnType<typeof readMidi>) => {
  const sheet = writeSheet(music, "");
  const names = new Set(sheet.bars.map(({ key }) => `${keyName(key)} ${key.fifths}`));
  const letters = [...musicXml(sheet).matchAll(/<step>(.)<\/step>(?:<alter>(-?\d)<\/alter>)?/g)]
    .map(([, step, alter = "0"]) => step + ({ "-1": "b", 0: "", 1: "#", 2: "x" }[alter] ?? "?"));
  return [[...names].join(), letters.slice(0, 8).join(" ")];
};

Deno.test("A score has the file's own signature and spells as it does", () => {
  assertEquals(keyOf(scale(54, MAJOR, [-6, 0])), ["G♭ major -6", "Gb Ab Bb Cb Db Eb F Gb"]);
  assertEquals(keyOf(scale(54, MAJOR, [6, 0])), ["F♯ major 6", "F# G# A# B C# D# E# F#"]);
  assertEquals(keyOf(scale(59, MAJOR, [-7, 0])), ["C♭ major -7", "Cb Db Eb Fb Gb Ab Bb Cb"]);
  assertEquals(keyOf(scale(61, MAJOR, [7, 0])), ["C♯ major 7", "C# D# E# F# G# A# B# C#"]);
  assertEquals(keyOf(scale(51, MINOR, [-6, 1])), ["E♭ minor -6", "Eb F Gb Ab Bb Cb D Eb"]);
  assertEquals(keyOf(scale(51, MINOR, [6, 1]))[0], "D♯ minor 6");
});

Deno.test("Without a signature of its own a file is in the usual one, without double sharps", () => {
  assertEquals(keyOf(scale(51, MINOR)), ["E♭ minor -6", "Eb F Gb Ab Bb Cb D Eb"]);
  assertEquals(keyOf(scale(54, MAJOR))[0], "F♯ major 6");
  assertEquals(keyOf(scale(61, MAJOR))[0], "D♭ major -5");
});

Deno.test("A signature that the music contradicts is not believed, C major least", () => {
  assertEquals(keyOf(scale(52, MAJOR, [0, 0]))[0], "E major 4");
  assertEquals(keyOf(scale(52, MAJOR, [-4, 0]))[0], "E major 4");
  assertEquals(keyOf(scale(57, MINOR, [0, 0]))[0], "A minor 0");
  assertEquals(keyOf(scale(55, [0, 2, 3, 5, 7, 9, 10, 12], [-1, 0]))[0], "G minor -1", "Dorian");
});

Deno.test("Music in E major that goes on in A flat major is not in G sharp minor before", () => {
  const cadence = [[52, 76, 80, 83], [57, 81, 85, 88], [59, 83, 87, 90], [52, 76, 80, 83]];
  const bars = [0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 4, 4, 4, 4, 4, 4];
  const events = bars.flatMap((higher) =>
    cadence.flatMap((chord) => [
      ...chord.map((pitch) => on(0, pitch + higher)),
      ...chord.map((pitch, i) => off(i === 0 ? 480 : 0, pitch + higher)),
    ])
  );
  assertEquals(keyOf(readMidi(file({}, track(...events))))[0], "E major 4,A♭ major -4");
});
