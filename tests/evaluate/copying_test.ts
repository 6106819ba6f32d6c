import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { copyingFrom } from "../../lib/evaluate/copying.ts";
import { suffixAutomaton } from "../../lib/evaluate/suffix_automaton.ts";
import { Random } from "../../lib/random.ts";
import { type Frame, HELD } from "../../lib/tokens/frame.ts";
import { musicOf, pieceOf, transposed, WITH_ATTACKS, WITHOUT_ATTACKS } from "./music.ts";

Deno.test("suffixAutomaton finds what a search through all places finds", () => {
  const random = new Random(3);
  for (let round = 0; round < 50; round++) {
    const letters = () => Int32Array.from({ length: random.below(40) }, () => random.below(3));
    const sequence = letters(), query = letters();
    const lengths = new Int32Array(query.length);
    suffixAutomaton(sequence).match(query, (end, length, sequenceEnd) => {
      lengths[end] = length;
      assertEquals(
        query.slice(end - length + 1, end + 1),
        sequence.slice(sequenceEnd - length + 1, sequenceEnd + 1),
      );
    });
    const text = sequence.join("");
    for (let end = 0; end < query.length; end++) {
      let longest = 0;
      while (longest <= end && text.includes(query.slice(end - longest, end + 1).join(""))) {
        longest++;
      }
      assertEquals(lengths[end], longest);
    }
  }
});

/** Music that repeats no passage: from 40 on, one or two notes at once, now and then held. */
function meander(length: number, seed: number): Frame[] {
  const random = new Random(seed);
  const frames: Frame[] = [];
  for (let t = 0; t < length; t++) {
    const pitch = 40 + random.below(20);
    const last = frames.at(-1)?.[0];
    const goesOn = last !== undefined && random.below(4) === 0;
    frames.push(goesOn ? [last % HELD + HELD] : [pitch, pitch + 1 + random.below(12)]);
  }
  return frames;
}

for (const semitones of [0, 7, -30]) {
  Deno.test(`copyingFrom finds a passage planted ${semitones} semitones higher`, () => {
    const sources = [1, 2, 3].map((seed) => pieceOf(meander(300, seed), `source ${seed}`));
    const copy = transposed(sources[1]!.frames.slice(100, 121), semitones);
    const other = (seed: number) => transposed(meander(50, seed), semitones);
    const piece = pieceOf([...other(8), ...copy, ...other(9)], "copy");
    const { longest, ...copying } = copyingFrom(musicOf(sources, WITH_ATTACKS))([piece]);
    const { frames, start, beats, bars, sourceStart, ...where } = longest!;
    assertEquals([beats, bars], [frames / 4, frames / 4]); // a bar is four steps there
    const { notes } = where;
    assertEquals(where, { piece: "copy", source: "source 2", semitones, notes });
    assert(start <= 50 && start + frames >= 71 && frames <= 25, `${start}, ${frames}`);
    assertEquals(sourceStart - start, 50);
    assertEquals(copying.passages, 121 - 7);
    const copied = (frames - 7) / 114;
    assertAlmostEquals(copying.copiedShare!, copied);
    assertAlmostEquals(copying.copiedShareUntransposed!, semitones === 0 ? copied : 0);
    assertEquals(copying.wholePieces, 0);
  });
}

Deno.test("copyingFrom knows a piece of the training music, silence around it or not", () => {
  const frames = meander(60, 4);
  const copying = copyingFrom(musicOf([pieceOf(meander(90, 5)), pieceOf(frames)], WITH_ATTACKS));
  const found = copying([pieceOf([[], [], ...frames, []], "again"), pieceOf(meander(60, 6))]);
  assertEquals(found.wholePieces, 1);
  assertEquals(found.longest!.frames, 60);
  assertEquals(found.longest!.start, 2);
});

Deno.test("copyingFrom does not run from one piece into the next", () => {
  const frames = meander(40, 7);
  const music = musicOf([pieceOf(frames.slice(0, 20)), pieceOf(frames.slice(20))], WITH_ATTACKS);
  assertEquals(copyingFrom(music)([pieceOf(frames)]).longest!.frames, 20);
});

Deno.test("copyingFrom takes silence and held chords for nobody's", () => {
  const chord = [60 + HELD, 64 + HELD];
  const drone = [[60, 64], ...Array.from({ length: 30 }, () => chord)];
  const held = pieceOf([...drone, ...Array.from({ length: 30 }, () => []), [60]]);
  const found = copyingFrom(musicOf([held], WITH_ATTACKS))([held]);
  assertEquals(found.copiedShare, null);
  assertEquals(found.passages, 0);
  assertEquals(found.longest, null);
});

Deno.test("copyingFrom finds nothing in no music", () => {
  const nothing = { copiedShare: null, copiedShareUntransposed: null, longest: null, passages: 0 };
  const copying = copyingFrom(musicOf([pieceOf(meander(20, 1))], WITHOUT_ATTACKS));
  assertEquals(copying([]), { ...nothing, meanLongestFrames: null, wholePieces: 0, pieces: [] });
  const empty = pieceOf([], "empty");
  assertEquals(copying([empty]), {
    ...nothing,
    meanLongestFrames: 0,
    wholePieces: 0,
    pieces: [{ name: "empty", longest: null }],
  });
});
