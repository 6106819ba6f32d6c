import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { CorpusBuilder } from "../../lib/corpus/builder.ts";
import { decodeChords, encodeChords, loadCorpus, saveCorpus } from "../../lib/corpus/corpus.ts";
import { holdOut } from "../../lib/corpus/holdout.ts";
import { gatherWindows, pieceStarts, targetsOf } from "../../lib/corpus/windows.ts";
import { Random } from "../../lib/random.ts";
import { chordSymbol } from "../../lib/tokens/chord_symbol.ts";
import type { Frame } from "../../lib/tokens/frame.ts";
import type { Tokenized, TokenizeSettings } from "../../lib/tokens/tokenize.ts";
import { inFolder } from "../store/support.ts";

const settings: TokenizeSettings = {
  grid: { unit: "beat", steps: 4, attacks: true },
  tracks: "piano",
  melody: false,
  pedal: false,
};

function music(frames: Frame[], beatsPerMinute = 120): Tokenized {
  return {
    frames,
    metres: [{ frame: 0, stepsPerBar: 16, phase: 0 }],
    ...{ played: [], stepSeconds: new Float64Array(frames.length + 1), pedal: [] },
    choice: "",
    notes: frames.length,
    loss: { merged: 0, doubled: 0, lengthened: 0, meanShift: 0 },
    beats: { verdict: "few", agreement: 1, shift: 0 },
    cutSteps: 0,
    beatsPerMinute,
    timeSignature: [3, 4],
    meanVelocity: 80,
  };
}

function build(): CorpusBuilder {
  const builder = new CorpusBuilder(settings);
  builder.add("a.mid", music([[60], [188], [], [62]], 100));
  builder.add("b.mid", music([[62], [62], [60, 64]], 90));
  return builder;
}

Deno.test("A corpus goes to disk and comes back with all pieces as they were", () =>
  inFolder(async (root) => {
    const folder = join(root, "c");
    await saveCorpus(folder, { ...build().finish(), madeFrom: "x", report: "{}" });
    const corpus = await loadCorpus(folder);
    assertEquals(corpus.piece(0).frames, [[60], [188], [], [62]]);
    assertEquals(corpus.piece(1).frames, [[62], [62], [60, 64]]);
    assertEquals(corpus.style.beatsPerMinute, 95);
    assertEquals(corpus.style.timeSignature, [3, 4]);
    assertThrows(() => corpus.piece(2), RangeError, "2 pieces");
    const manifest = JSON.parse(await Deno.readTextFile(join(folder, "manifest.json")));
    await Deno.writeTextFile(
      join(folder, "manifest.json"),
      JSON.stringify({ ...manifest, pieces: manifest.pieces.slice(1) }),
    );
    await assertRejects(() => loadCorpus(folder), Error, "manifest.json was changed or damaged");
  }));

Deno.test("The chords of a corpus are found once and stored, and damaged ones are refused", () =>
  inFolder(async (root) => {
    const builder = new CorpusBuilder(settings), folder = join(root, "c");
    const held = (chord: number[]): Frame[] =>
      Array.from({ length: 16 }, (_, step) => step === 0 ? chord : chord.map((p) => p + 128));
    const a = [...held([45, 60, 64, 69]), ...held([41, 60, 65, 69]), ...held([43, 59, 62, 67])];
    builder.add("a.mid", music(a));
    builder.add("b.mid", music(a.slice(16)));
    const parts = builder.finish();
    await saveCorpus(folder, { ...parts, madeFrom: "x", report: "{}" });
    const { chords } = await loadCorpus(folder);
    assertEquals(chords, parts.chords);
    assertEquals(
      chords.map((spans) => spans.map(({ start, chord }) => `${start} ${chordSymbol(chord!)}`)),
      [["0 Am", "16 F", "32 G"], ["0 F", "16 G"]],
    );
    const text = encodeChords(chords), lengths = [48, 32];
    assertEquals(decodeChords(text, lengths), chords);
    for (const damage of ["0 X", "1 F", "0 F\t0 G", "0 F\t40 G"]) {
      assertThrows(() => decodeChords(text.replace("0 F\t16 G", damage), lengths), Error);
    }
    assertThrows(
      () => decodeChords(text, [48]),
      Error,
      "chords of 2 pieces, needed those of 1",
    );
  }));

Deno.test("CorpusBuilder takes a piece with the same frames once and says whose they are", () => {
  const builder = build();
  const { duplicateOf } = builder.add("copy.mid", music([[60], [188], [], [62]], 200));
  assertEquals(duplicateOf, "a.mid");
  const { ids, vocabulary } = builder.finish();
  assertEquals(ids.length, 7);
  assertEquals(vocabulary.count(vocabulary.id([62])!), 3);
});

Deno.test("gatherWindows gives the past of each target, rests before its piece's start", () => {
  const corpus = build().finish();
  const starts = pieceStarts(corpus);
  const targets = targetsOf(corpus, [0, 1]);
  assertEquals([...targets], [1, 2, 3, 5, 6]);
  const [a, b, , d, e] = corpus.ids;
  assertEquals([...gatherWindows(corpus.ids, starts, Int32Array.of(3, 5, 6), 4)], [
    ...[0, a, b, 0],
    ...[0, 0, 0, e],
    ...[0, 0, e, e],
  ]);
  assertEquals(d, e);
});

Deno.test("holdOut keeps whole pieces aside, by share of frames, and never all of them", () => {
  const lengths = Array.from({ length: 50 }, (_, i) => 10 + i);
  const { training, heldOut } = holdOut(lengths, 0.2, new Random(1));
  assertEquals([...training, ...heldOut].sort((a, b) => a - b), lengths.map((_, i) => i));
  const frames = heldOut.reduce((sum, i) => sum + lengths[i]!, 0);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  assert(frames >= 0.2 * total && frames < 0.25 * total);
  assertEquals(holdOut([5, 5], 0.9, new Random(1)).training.length, 1);
  assertEquals(holdOut([5], 0, new Random(1)).heldOut, []);
  assertThrows(() => holdOut([5], 0.1, new Random(1)), RangeError, "only 1");
  assertThrows(() => holdOut([5, 5], 1, new Random(1)), RangeError, "below 1");
});
