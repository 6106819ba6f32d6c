import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { backOff, backOffStatistics } from "../../lib/evaluate/back_off.ts";
import { trainBaselines } from "../../lib/evaluate/baselines.ts";
import { kneserNey } from "../../lib/evaluate/kneser_ney.ts";
import { countPitches, pitchFrequencies, pitchTransitions } from "../../lib/evaluate/pitches.ts";
import type { Scorer } from "../../lib/evaluate/training.ts";
import { Random } from "../../lib/random.ts";
import { type Frame, HELD, pitchOf } from "../../lib/tokens/frame.ts";
import { allFrames, musicOf, pieceOf, WITH_ATTACKS, WITHOUT_ATTACKS } from "./music.ts";

const PITCHES = 3;

/** Random music in which only pitches that sounded are held. */
function randomFrames(length: number, attacks: boolean, random: Random): Frame[] {
  const frames: Frame[] = [];
  for (let t = 0; t < length; t++) {
    const before = (frames.at(-1) ?? []).map(pitchOf);
    const frame: number[] = [];
    for (let pitch = 0; pitch < PITCHES; pitch++) {
      const held = attacks && before.includes(pitch) && random.next() < 0.6;
      if (random.next() < 0.3) frame.push(held ? pitch + HELD : pitch);
    }
    frames.push(frame);
  }
  return frames;
}

function sumOverAllFrames(model: Scorer, past: readonly Frame[], attacks: boolean): number {
  let sum = 0;
  for (const frame of allFrames(PITCHES, attacks)) {
    sum += Math.exp(model.logProbabilities(pieceOf([...past, frame])).at(-1)!);
  }
  return sum;
}

for (const grid of [WITH_ATTACKS, WITHOUT_ATTACKS]) {
  const how = grid.attacks ? "with attacks" : "without attacks";
  const random = new Random(5);
  const pieces = [9, 5, 1, 7].map((length) => pieceOf(randomFrames(length, grid.attacks, random)));
  const music = musicOf(pieces, grid);
  const statistics = backOffStatistics(music, { pitches: PITCHES });
  const pasts = [...allFrames(PITCHES, grid.attacks).map((frame) => [frame]), pieces[0]!.frames];

  Deno.test(`Baselines give all frames together a probability of one ${how}`, () => {
    assert(
      music.vocabulary.size < allFrames(PITCHES, grid.attacks).length,
      "some frame is unknown",
    );
    for (const [name, model] of Object.entries(trainBaselines(music, statistics))) {
      for (const past of pasts) {
        assertAlmostEquals(sumOverAllFrames(model, past, grid.attacks), 1, 1e-12, name);
      }
    }
  });

  Deno.test(`backOff makes a classifier over known combinations proper ${how}`, () => {
    const { vocabulary } = music;
    const uniform: Scorer = {
      logProbabilities: (piece) =>
        Float64Array.from(
          piece.frames.slice(1),
          (frame) => vocabulary.id(frame) === undefined ? -Infinity : -Math.log(vocabulary.size),
        ),
    };
    const model = backOff(uniform, vocabulary, grid, statistics);
    for (const past of pasts) {
      assertAlmostEquals(sumOverAllFrames(model, past, grid.attacks), 1, 1e-12);
    }
  });
}

Deno.test("backOffStatistics takes the combinations of one piece alone for new", () => {
  // The second piece's [1] and [2] stand nowhere else; [0] and the rest are never new.
  const music = musicOf([pieceOf([[0], [], [0]]), pieceOf([[0], [1], [1], [2], [0]])], {
    ...WITHOUT_ATTACKS,
  });
  const { newAfterKnown, newAfterNew } = backOffStatistics(music);
  assertAlmostEquals(newAfterKnown, (1 + 1) / (3 + 2)); // rest, 0; 1 after 0
  assertAlmostEquals(newAfterNew, (2 + 1) / (3 + 2)); // 1, 2; 0
});

Deno.test("backOffStatistics takes what occurs once for new when there is one piece", () => {
  const music = musicOf([pieceOf([[0], [1], [0], [2], [0]])], WITHOUT_ATTACKS);
  const { newAfterKnown, newAfterNew } = backOffStatistics(music);
  assertAlmostEquals(newAfterKnown, (2 + 1) / (2 + 2));
  assertAlmostEquals(newAfterNew, (0 + 1) / (2 + 2));
});

Deno.test("backOffStatistics survives JSON", () => {
  const statistics = backOffStatistics(musicOf([pieceOf([[60], [64]])], WITHOUT_ATTACKS));
  assertEquals(JSON.parse(JSON.stringify(statistics)), statistics);
  assertEquals(statistics.counts.length, 768);
});

Deno.test("pitchTransitions and pitchFrequencies give the counted shares, plus one each", () => {
  const frames = [[0], [HELD], [], [0], [0]];
  const counts = countPitches(musicOf([pieceOf(frames)], WITH_ATTACKS), { pitches: 1 });
  assertEquals(counts, [0, 0, 1, 1, 1, 1]); // after off: struck; after on: off, held, struck
  const transitions = pitchTransitions(counts, WITH_ATTACKS);
  assertAlmostEquals(transitions.logProbability([], []), Math.log(1 / 3));
  assertAlmostEquals(transitions.logProbability([0], []), Math.log(2 / 3));
  assertAlmostEquals(transitions.logProbability([HELD], [0]), Math.log(1 / 3));
  assertEquals(transitions.logProbability([HELD], []), -Infinity);
  const frequencies = pitchFrequencies(counts, WITH_ATTACKS); // off 2, held 2, struck 3 of 7
  assertAlmostEquals(frequencies.logProbability([0], [HELD]), Math.log(3 / 7));
  assertAlmostEquals(frequencies.logProbability([0], []), Math.log(3 / 5));
  assertEquals(frequencies.logProbability([HELD], []), -Infinity);
});

Deno.test("kneserNey gives what is computed by hand", () => {
  // Combinations 1, 2, 3 and the rest. Bigrams, once a piece: (beginning 1) 2, (1 2) 2, (2 1) 1,
  // (1 3) 1, (2 2) 1: n1 = 3, n2 = 2, D1 = 1 − 2 · 3/7 · 2/3 = 3/7, D2 for want of n3 one half.
  // Left neighbours: 1 has 2, 2 has 2, 3 has 1: D1 = 1 − 2 · 1/5 · 2/1 = 1/5, D2 one half.
  const music = musicOf([pieceOf([[1], [2], [1], [3]]), pieceOf([[1], [2], [2]])], WITHOUT_ATTACKS);
  const model = kneserNey(music, { order: 2 });
  const probability = (...frames: Frame[]) =>
    Math.exp(model.logProbabilities(pieceOf(frames)).at(-1)!);
  const unigram = (2 - 1 / 2 + 1.2 / 4) / 5;
  assertAlmostEquals(unigram, 0.36);
  assertAlmostEquals(probability([3], [2]), unigram); // 3 was never followed
  assertAlmostEquals(probability([99], [2]), unigram);
  assertAlmostEquals(probability([2], [1], [2]), (2 - 1 / 2 + (1 / 2 + 3 / 7) * unigram) / 3);
  assertAlmostEquals(probability([1], []), (1 / 2 + 3 / 7) * 0.06 / 3);
  assertEquals(probability([1], [99]), 0);
});

Deno.test("kneserNey falls back to what just sounded when the frame before is unknown", () => {
  const after = (...past: Frame[]) =>
    kneserNey(musicOf([pieceOf([[60], [62], [60, 64], [62]])], WITH_ATTACKS), {
      order: 2,
    }).logProbabilities(pieceOf([...past, [62]])).at(-1)!;
  assert(after([60, 64 + HELD]) > after([65]), "60 and 64 sounded before 62 in the training music");
});
