import { assertEquals } from "@std/assert";
import { USUAL_TOKENS } from "../../bench/table.ts";
import type { Note } from "../../lib/midi/music.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { musicOf, toTone } from "../../lib/midi/tone.ts";
import { UNITS } from "../../lib/score/notes.ts";
import { writeSheet } from "../../lib/score/sheet.ts";
import { tokenize } from "../../lib/tokens/tokenize.ts";
import { file, meta, off, on, track } from "../midi/bytes.ts";
import { noteAt, songOf } from "../midi/song.ts";
import { problemsOf } from "./problems.ts";

/**
 * Sixteen quarters from a tick on.
 * @param bass number of the quarter, 1 to 4, from which a bass note sounds in every fourth
 */
function quarters(
  first: number,
  { bass, isStated = false }: { bass?: number; isStated?: boolean },
) {
  const notes = Array.from({ length: 16 }, (_, i) => {
    const pitches = [72 + i % 3, ...(bass !== undefined && i % 4 === bass ? [36] : [])];
    return [
      ...pitches.map((pitch, at) => on(at > 0 ? 0 : i === 0 ? first : 10, pitch)),
      ...pitches.map((pitch, at) => off(at > 0 ? 0 : 470, pitch)),
    ];
  });
  const metre = isStated ? [meta(0, 0x58, 4, 2, 24, 8)] : [];
  return readMidi(file({}, track(...metre, ...notes.flat())));
}

/** Number of bars, and beats missing from the first. */
function barsOf(music: ReturnType<typeof readMidi>): [number, number] {
  const sheet = writeSheet(music, "test");
  assertEquals(problemsOf(sheet), []);
  return [sheet.bars.length, sheet.bars[0]!.missing / UNITS];
}

Deno.test("Where no metre is stated, bars begin with the music", () => {
  for (const first of [480 - 41, 480, 480 + 30, 960 - 60, 1440 + 41, 5 * 480 - 41]) {
    const music = quarters(first, {});
    assertEquals(barsOf(music), [4, 0], `${first}`);
    const values = writeSheet(music, "test").bars
      .flatMap(({ staves: [{ voices }] }) => voices[0]!.map(({ value, dots }) => value + dots));
    assertEquals(values, new Array(16).fill(4), "no tie, no rest");
    const { metres } = tokenize(music, USUAL_TOKENS);
    assertEquals(metres.map(({ frame, phase }) => [frame, phase]), [[0, 0]]);
  }
});

Deno.test("Neither key switches nor silent tracks nor mordents tell where bars begin", () => {
  const unstated = (...notes: Note[]) => ({ ...readMidi(songOf(notes)), isMetreAssumed: true });
  const tune = Array.from({ length: 16 }, (_, i) => noteAt(72 + i % 3, 2 + i, 1));
  const music = unstated(...tune), [piano] = music.parts;
  assertEquals(barsOf(music), [4, 0]);
  assertEquals(barsOf(unstated(noteAt(12, 0, 1 / 4), ...tune)), [4, 0]);
  const muted = { ...piano!, silent: true, notes: [noteAt(60, 0, 1)] };
  assertEquals(barsOf({ ...music, parts: [piano!, muted] }), [4, 0]);
  const mordent = (at: number) => [
    ...[noteAt(72, at, 1 / 8), noteAt(74, at + 1 / 8, 1 / 8), noteAt(72, at + 1 / 4, 3 / 4)],
  ];
  const ornamented = Array.from(
    { length: 32 },
    (_, i) => i % 4 < 3 ? [noteAt(72, i + 1, 1)] : mordent(i + 1),
  );
  assertEquals(barsOf(unstated(...ornamented.flat())), [8, 0]);
});

Deno.test("An upbeat stays one where a metre is stated, or the notes say so", async () => {
  assertEquals(barsOf(quarters(480 - 41, { isStated: true })), [5, 0]);
  assertEquals(barsOf(quarters(1440, { isStated: true })), [5, 3]);
  assertEquals(barsOf(quarters(1440, { bass: 1 })), [5, 3]);
  assertEquals(barsOf(quarters(1440, { bass: 0 })), [4, 0]);
  assertEquals(barsOf(quarters(1680, {})), [5, 3], "it begins between beats");
  const music = quarters(480, {});
  assertEquals(barsOf(musicOf(await toTone(music, "test"))), [4, 0]);
});
