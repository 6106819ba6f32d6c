import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { loadPitchwiseModel } from "../../../lib/model/pitchwise/model.ts";
import { createPitchwiseTrainer } from "../../../lib/model/pitchwise/trainer.ts";
import type { NoteStatistics } from "../../../lib/model/pitchwise/note_statistics.ts";
import { FREE, type Model, OFF, STAYS, STRUCK } from "../../../lib/model/model.ts";
import type { Sampling } from "../../../lib/model/sampling.ts";
import { SAMPLING_RULES } from "../../../lib/model/rules.ts";
import type { Frame } from "../../../lib/tokens/frame.ts";
import type { Piece } from "../../../lib/tokens/piece.ts";
import { cosineWithWarmUp } from "../../../lib/train/schedule.ts";
import { corpusOf, everyFrame, heapOf, Random, randomPiece, small } from "./support.ts";

const plain = { temperature: 1, topK: 0, topP: 1 };

/**
 * A model that has learned a little from random music on three pitches.
 * @param statistics what its rules go by, instead of that music's own
 */
function trained(attacks: boolean, pieces: readonly Piece[], statistics?: NoteStatistics): Model {
  const corpus = corpusOf(pieces, attacks), random = new Random(3);
  const trainer = createPitchwiseTrainer(corpus, small, heapOf(2), random);
  for (let i = 0; i < 25; i++) {
    const targets = Int32Array.from({ length: 16 }, () => 1 + random.below(50));
    const learningRate = cosineWithWarmUp(0.01, { progress: 0, step: i + 1 });
    trainer.step(targets, { learningRate, random });
  }
  const network = { ...trainer.network, ...(statistics ? { noteStatistics: statistics } : {}) };
  const model = loadPitchwiseModel(trainer.weights(), { grid: corpus.grid, network }, heapOf(2));
  trainer.dispose();
  return model;
}

/** The training pitches 61 to 63, and the margin of two that the keyboard has on either side. */
const lowest = 59, pitches = 7;

function musicOf(attacks: boolean): Piece[] {
  return [1, 2].map((seed) =>
    randomPiece(new Random(seed), { length: 60, attacks, lowest: 61, pitches: 3 })
  );
}

/** ln P of a frame after a past. */
function chance(model: Model, past: Piece, frame: Frame): number {
  return model.logProbabilities({ ...past, frames: [...past.frames, frame] }).at(-1)!;
}

/** `count` draws of the next frame, each with a seed of its own. */
function drawMany(model: Model, past: Piece, count: number, sampling = plain, avoid?: Frame) {
  return model.next(
    Array.from({ length: count }, () => past),
    sampling,
    Array.from({ length: count }, (_, i) => new Random(1000 + i)),
    Array.from({ length: count }, () => avoid),
  );
}

for (const attacks of [false, true]) {
  const music = musicOf(attacks), name = attacks ? "with attacks" : "without attacks";
  const past = { ...music[0]!, frames: music[0]!.frames.slice(0, 30) };

  Deno.test(`The probabilities of all frames add up to 1 ${name}`, () => {
    const model = trained(attacks, music);
    let total = 0;
    for (const frame of everyFrame(lowest, pitches, attacks ? past.frames.at(-1) : undefined)) {
      total += Math.exp(chance(model, past, frame));
    }
    // What is left belongs to the pitches outside the keyboard, which get a millionth each.
    assertAlmostEquals(total, 1 - (128 - pitches) * 1e-6, 1e-6);
    model.dispose();
  });

  Deno.test(`Frames are drawn as often as they are probable ${name}`, () => {
    const model = trained(attacks, music), draws = 4000;
    const counts = new Map<string, number>();
    for (const frame of drawMany(model, past, draws)) {
      counts.set(frame.join(), (counts.get(frame.join()) ?? 0) + 1);
    }
    let seen = 0;
    for (const frame of everyFrame(lowest, pitches, attacks ? past.frames.at(-1) : undefined)) {
      const expected = draws * Math.exp(chance(model, past, frame));
      const count = counts.get(frame.join()) ?? 0;
      seen += count;
      assert(
        Math.abs(count - expected) < 5 * Math.sqrt(expected) + 5,
        `${frame}: drawn ${count} times, expected ${expected}`,
      );
    }
    assertEquals(seen, draws, "a frame was drawn that is not possible");
    model.dispose();
  });

  Deno.test(`Drawing knows temperature, top-k, top-p and the frame to avoid ${name}`, () => {
    const model = trained(attacks, music);
    const kinds = (sampling: typeof plain, avoid?: Frame) =>
      new Set(drawMany(model, past, 300, sampling, avoid).map((frame) => frame.join()));
    const greedy = kinds({ ...plain, topK: 1 });
    assertEquals(greedy.size, 1);
    assertEquals(kinds({ ...plain, temperature: 1e-5 }), greedy);
    assertEquals(kinds({ ...plain, topP: 1e-6 }), greedy);
    assert(kinds({ ...plain, topP: 0.9 }).size < kinds({ ...plain, temperature: 2 }).size);
    const [likeliest] = drawMany(model, past, 1, { ...plain, topK: 1 });
    assert(!kinds({ ...plain, topK: 1 }, likeliest).has(likeliest!.join()));
    assert(!kinds(plain, likeliest).has(likeliest!.join()));
    assert(!kinds({ ...plain, topK: 1 }, []).has(""));
    const full = Array.from({ length: pitches }, (_, p) => lowest + p);
    assert(!kinds({ ...plain, temperature: 100 }, full).has(full.join()));
    model.dispose();
  });

  Deno.test(`Pitches that cannot be chosen need not be weighed ${name}`, () => {
    const wide = [1, 2].map((seed) =>
      randomPiece(new Random(seed), { length: 60, attacks, lowest: 40, pitches: 45 })
    );
    const model = trained(attacks, wide),
      before = { ...wide[0]!, frames: wide[0]!.frames.slice(0, 30) };
    // All pitches are weighed at a temperature above 1, even if it is the next number of 32 bits.
    const drawn = [1, 1 + 2 ** -23].flatMap((temperature) =>
      [0.5, 0.9, 0.99].map((topP) => drawMany(model, before, 200, { temperature, topK: 0, topP }))
    );
    assertEquals(drawn.slice(0, 3), drawn.slice(3));
    model.dispose();
  });

  Deno.test(`Rules bias and bar what the corpus does not do, where they are in force, ${name}`, () => {
    const ruled = { ...plain, rules: SAMPLING_RULES };
    const sounding = (frame: Frame) => frame.length;
    const mean = (statistics: NoteStatistics, sampling: Sampling = ruled) => {
      const model = trained(attacks, music, statistics);
      const frames = drawMany(model, past, 500, sampling);
      model.dispose();
      return frames.reduce((sum, frame) => sum + sounding(frame), 0) / frames.length;
    };
    const usual = { onsetsPerFrame: 0, longestNote: 100, longestSilence: 100 };
    const [sparse, free, full] = [
      mean({ ...usual, notesPerFrame: 0.1 }),
      mean({ ...usual, notesPerFrame: 6 }, plain),
      mean({ ...usual, notesPerFrame: 6 }),
    ];
    assert(sparse < free && free < full, `${sparse}, ${free}, ${full}`);

    const onsets = (onsetsPerFrame: number) => {
      const statistics = { ...usual, notesPerFrame: 0, onsetsPerFrame };
      const model = trained(attacks, music, statistics);
      const frames = drawMany(model, past, 500, ruled);
      model.dispose();
      const before = past.frames.at(-1)!;
      const begins = (code: number) => attacks ? code < 128 : !before.includes(code);
      return frames.flat().filter(begins).length;
    };
    assert(onsets(0.1) < onsets(0) && onsets(0) < onsets(6));

    const held = attacks ? 61 + 128 : 61;
    const model = trained(attacks, music, {
      notesPerFrame: 1,
      onsetsPerFrame: 0,
      longestNote: 4,
      longestSilence: 4,
    });
    const after = (frames: Frame[], sampling: Sampling = ruled) =>
      drawMany(model, { ...past, frames }, 300, sampling);
    const goesOn = (frames: Frame[], sampling?: Sampling) =>
      after(frames, sampling).some((frame) => frame.includes(held));
    assert(goesOn([[], [61], [held], [held]]), "a note of three frames may go on");
    assert(!goesOn([[], [61], [held], [held], [held]]), "one of four frames may not");
    assert(goesOn([[], [61], [held], [held], [held]], plain), "unless there is no rule");
    assert(after([[61], [], [], []]).some((frame) => frame.length === 0));
    assert(after([[61], [], [], [], []]).every((frame) => frame.length > 0));
    assert(after([[61], [], [], [], []], plain).some((frame) => frame.length === 0));
    model.dispose();
  });

  Deno.test(`A piece is drawn the same alone and among others, frame after frame, ${name}`, () => {
    const model = trained(attacks, music);
    const play = (starts: readonly Piece[]) => {
      const played = starts.map((start) => ({ ...start, frames: [...start.frames] }));
      const randoms = starts.map((_, i) => new Random(70 + i));
      for (let t = 0; t < 40; t++) {
        model.next(played, plain, randoms).forEach((frame, i) => played[i]!.frames.push(frame));
      }
      return played;
    };
    const together = play([past, music[1]!, { name: "", frames: [], metres: [] }]);
    assertEquals(play([past])[0], together[0]);
    assertNotEquals(together[0]!.frames, together[1]!.frames);
    for (const { frames } of together) {
      for (const [t, frame] of frames.entries()) {
        const before = new Set(frames[t - 1]?.map((code) => code & 127));
        for (const code of frame) {
          assert(code < 128 || before.has(code & 127), `${code} is held but did not sound`);
        }
        const sorted = [...frame].sort((a, b) => (a & 127) - (b & 127));
        assertEquals(frame, sorted);
      }
    }
    model.dispose();
  });
}

for (const attacks of [false, true]) {
  const music = musicOf(attacks), name = attacks ? "with attacks" : "without attacks";
  const past = { ...music[0]!, frames: music[0]!.frames.slice(0, 30) };
  const before = past.frames.at(-1)!.map((code) => code & 127);

  /** Of the pitches from `lowest` on: those given. */
  const givenOf = (rules: readonly number[]) => {
    const given = new Uint8Array(128);
    given.set(rules, lowest);
    return given;
  };

  Deno.test(`Where all pitches are given, the weight is the frame's chance ${name}`, () => {
    const model = trained(attacks, music);
    const frames = everyFrame(lowest, pitches, attacks ? past.frames.at(-1) : undefined)
      .filter((_, index) => index % 7 === 0);
    const constraints = frames.map((frame) => {
      const given = givenOf(new Array<number>(pitches).fill(OFF));
      for (const code of frame) given[code & 127] = code >= 128 ? STAYS : STRUCK;
      return given;
    });
    const { frames: drawn, logWeights } = model.byPitch!.next(
      frames.map(() => past),
      plain,
      frames.map((_, i) => new Random(i)),
      constraints,
    );
    assertEquals(drawn, frames);
    const outside = (128 - pitches) * Math.log1p(-1e-6);
    for (const [i, frame] of frames.entries()) {
      assertAlmostEquals(logWeights[i]! + outside, chance(model, past, frame), 1e-5);
    }
    model.dispose();
  });

  Deno.test(`Weighted draws with a given pitch add up to the model's own chances ${name}`, () => {
    const model = trained(attacks, music), draws = 4000;
    const high = lowest + 4, held = attacks && before.includes(high);
    const given = givenOf([FREE, FREE, FREE, OFF, held ? STAYS : STRUCK]);
    const { frames, logWeights } = model.byPitch!.next(
      Array.from({ length: draws }, () => past),
      plain,
      Array.from({ length: draws }, (_, i) => new Random(500 + i)),
      Array.from({ length: draws }, () => given),
    );
    const weights = new Map<string, number>();
    for (const [i, frame] of frames.entries()) {
      weights.set(`${frame}`, (weights.get(`${frame}`) ?? 0) + Math.exp(logWeights[i]!));
    }
    for (const [text, weight] of weights) {
      const frame = text.split(",").map(Number);
      assert(frame.includes(held ? high + 128 : high) && !frame.includes(lowest + 3));
      const expected = Math.exp(chance(model, past, frame));
      const most = Math.exp(Math.max(...logWeights));
      assert(
        Math.abs(weight / draws - expected) < 5 * Math.sqrt(most * expected / draws) + 1e-3,
        `${frame}: ${weight / draws}, expected ${expected}`,
      );
    }
    model.dispose();
  });
}

Deno.test("Given notes beyond the keyboard stand in the frame; the end of a piece is judged alone", () => {
  const model = trained(true, musicOf(true)), piece = musicOf(true)[0]!;
  const given = new Uint8Array(128);
  given[20] = STRUCK;
  given[110] = STAYS;
  const { frames: [frame] } = model.byPitch!.next([piece], plain, [new Random(1)], [given]);
  assertEquals([frame![0], frame!.at(-1)], [20, 110 + 128]);
  const [end] = model.byPitch!.judge([piece], 40);
  assertEquals(end, model.logProbabilities(piece).slice(39));
  model.dispose();
});
