import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { findChords } from "../../lib/harmony/find.ts";
import { notesOf } from "../../lib/midi/edit.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { generate } from "../../lib/phases/generate.ts";
import type { GenerateSettings } from "../../lib/phases/settings/generate.ts";
import { bassOf } from "../../lib/tokens/chord.ts";
import { GRID } from "../harmony/music.ts";
import { attributes, bytesOf, document, note } from "../notation/documents.ts";
import { noteAt, songOf } from "../midi/song.ts";
import { step } from "./support.ts";

const root = await Deno.makeTempDir();
Deno.test.afterAll(() => Deno.remove(root, { recursive: true }));
const roots = { data: join(root, "data"), threads: 2 } as const;
const quick = { ...roots, candidates: 6, touch: 0 } as const;

/** A tune with an upbeat, in a MIDI file. */
const pitches = [67, 72, 76, 79, 76, 77, 79, 76, 72, 71, 74, 79, 77, 76, 72, 67];
const tune = join(root, "tune.mid");
await Deno.writeFile(
  tune,
  songOf([...pitches.map((pitch, i) => noteAt(pitch, 3 + i, 1)), noteAt(72, 20, 3)]),
);

/** A made piece, and the chord that is found in it at each beat of its file. */
async function made(settings: GenerateSettings) {
  const upbeat = settings.melody === tune ? 3 : 0; // the piece begins with it
  const messages: string[] = [];
  const { pieces: [piece] } = await generate(
    { ...settings.recipe === undefined ? quick : roots, ...settings },
    { onMessage: (line) => messages.push(line) },
  );
  const bytes = await Deno.readFile(piece!.midi), music = readMidi(bytes);
  const spans = findChords(piece!.piece, GRID);
  const chordAt = (beat: number) =>
    spans.find(({ start, end }) => start <= 4 * (beat - upbeat) && end > 4 * (beat - upbeat))
      ?.chord ?? null;
  return { piece: piece!, bytes, music, messages, chordAt };
}

const told = ({ pitch, startTicks, endTicks, velocity }: ReturnType<typeof notesOf>[number]) =>
  [pitch, startTicks, endTicks, velocity].join(" ");

step("a melody gets an accompaniment to chords, and stays as it is", async () => {
  const chords = "C . F . | G7/B . C/E ."; // over the tune's bars, twice
  const { music, chordAt, piece, bytes } = await made({ melody: tune, chords });
  const was = notesOf(readMidi(await Deno.readFile(tune)));
  const now = new Set(notesOf(music).map(told));
  assert(was.every((note) => now.has(told(note))));
  const tops = new Map(was.map(({ startTicks, pitch }) => [startTicks, pitch]));
  for (const { startTicks, pitch } of notesOf(music)) {
    assert(pitch <= (tops.get(startTicks) ?? 127), "nothing is struck above the tune");
  }
  assertEquals([4, 6, 8, 10, 12, 14].map((beat) => chordAt(beat)?.root), [0, 5, 7, 0, 0, 5]);
  assertEquals([8, 10].map((beat) => bassOf(chordAt(beat)!)), [11, 4]);
  assertEquals(
    music.chords?.map(({ ticks, symbol }) => `${symbol}@${ticks / 480}`).slice(0, 5),
    ["C@4", "F@6", "G7/B@8", "C/E@10", "C@12"],
  );
  const lasts = Math.max(...notesOf(music).map(({ endTicks }) => endTicks));
  assertEquals(lasts, 23 * 480, "the accompaniment ends with the tune");
  const again = await made({ recipe: piece.recipe });
  assertEquals(again.bytes, bytes);
});

step("a lead sheet in one file brings its own chords, which can be left out", async () => {
  const harmony = (step: string, kind: string) =>
    `<harmony><root><root-step>${step}</root-step></root><kind>${kind}</kind></harmony>`;
  const sheet = join(root, "sheet.musicxml");
  await Deno.writeFile(
    sheet,
    bytesOf(document([
      attributes() + harmony("D", "minor") + note("A4", 8) + harmony("G", "dominant") +
      note("B4", 8),
      harmony("C", "major") + note("G4", 8) + harmony("A", "dominant-ninth") + note("E4", 8),
      harmony("D", "minor") + note("F4", 16),
    ])),
  );
  const { chordAt, messages, music, piece } = await made({ melody: sheet });
  assertEquals(messages, [
    `The new notes follow the chord symbols of ${sheet} (5); --chords "none" leaves them out.`,
  ]);
  assertEquals([0, 2, 4, 6, 8].map((beat) => chordAt(beat)?.root), [2, 7, 0, 9, 2]);
  assertEquals(music.chords?.map(({ symbol }) => symbol), ["Dm", "G7", "C", "A9", "Dm"]);
  const xml = await Deno.readTextFile(piece.midi.replace(".mid", ".musicxml"));
  assertEquals(xml.match(/<harmony/g)?.length, 5);
  const named = await made({ melody: sheet, chords: sheet });
  assertEquals(named.bytes, await Deno.readFile(piece.midi));

  const free = await made({ melody: sheet, chords: "none" });
  assertEquals(free.messages, []);
  const planned = free.piece.plan!.bars.flatMap(({ chords }) => chords ?? []);
  assert(planned.every(({ soft }) => soft), "chords of the plan describe, and are not held");
});

step("chords of a melody may be numerals, or found in another file", async () => {
  const numerals = await made({ melody: tune, chords: "ii V7 I I", key: "C major" });
  assertEquals([4, 8, 12].map((beat) => numerals.chordAt(beat)?.root), [2, 7, 0]);
  const found = await made({ melody: tune, chords: `from:${numerals.piece.midi}` });
  assertEquals([4, 8, 12].map((beat) => found.chordAt(beat)?.root), [2, 7, 0]);
});

step("bars are filled to chords, asked for or named by the file's symbols", async () => {
  const { piece: { midi } } = await made({ melody: tune, chords: "C F G7 C" });
  const bars = "2-3", other = await made({ fill: { midi, bars }, chords: "Am Dm/F" });
  assertEquals([8, 12].map((beat) => other.chordAt(beat)?.root), [9, 2]);
  assertEquals(bassOf(other.chordAt(12)!), 5);
  assertEquals(
    other.music.chords?.map(({ ticks, symbol }) => `${symbol}@${ticks / 480}`),
    ["C@4", "Am@8", "Dm/F@12", "C@16"],
  );
  const again = await made({ recipe: other.piece.recipe });
  assertEquals(again.bytes, other.bytes);

  const own = await made({ fill: { midi, bars } });
  assertEquals([8, 12].map((beat) => own.chordAt(beat)?.root), [5, 7]);
  assertEquals(own.messages, [
    `The new notes follow the chord symbols of ${midi} (4); --chords "none" leaves them out.`,
  ]);
  const free = await made({ fill: { midi, bars }, chords: "none" });
  const described = free.piece.plan!.bars.slice(1, 3).flatMap(({ chords }) => chords ?? []);
  assert(described.every(({ soft }) => soft), "chords describe the new bars, and are not held");
});

step("chords are refused for other changes, and where they cannot be read", async () => {
  const refused = (settings: GenerateSettings, why: string) =>
    assertRejects(() => generate({ ...quick, ...settings }), Error, why);
  await refused({ accompaniment: tune, chords: "C" }, "Cannot use --chords with --accompaniment");
  await refused({ vary: { midi: tune, distance: 0.3 }, chords: "C" }, "--chords with --vary");
  await refused({ melody: tune, chords: "Am Xm" }, 'Cannot read chords at "Xm"');
  await refused({ melody: tune, chords: "ii V" }, "need a key");
  await refused({ melody: tune, metre: "3/4" }, "Cannot use --metre with --melody");
});
