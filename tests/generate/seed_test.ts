import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { continueMusic } from "../../lib/generate/continue.ts";
import { framesToMidi, stepTiming } from "../../lib/generate/output.ts";
import { parseNotes, phaseAt, seedFromNotes, seedFromPiece } from "../../lib/generate/seed.ts";
import { readMidi } from "../../lib/midi/read.ts";
import type { Model } from "../../lib/model/model.ts";
import { Vocabulary } from "../../lib/tokens/vocabulary.ts";

Deno.test("parseNotes reads note names and pitches", () => {
  assertEquals(parseNotes("C4"), [60]);
  assertEquals(parseNotes("60,64,67"), [60, 64, 67]);
  assertEquals(parseNotes("g4, Bb3,F#-1,c4"), [6, 58, 60, 67]);
  for (const wrong of ["H4", "128", "", "C", "60,", "G9#"]) {
    assertThrows(() => parseNotes(wrong), Error, "neither a note");
  }
});

Deno.test("seedFromNotes takes the nearest combination and says so", () => {
  const vocabulary = Vocabulary.fromCounts(new Map([["60", 3], ["64~,72", 1]]));
  assertEquals(seedFromNotes("C4", vocabulary, []).remark, undefined);
  const seed = seedFromNotes("E4,B4", vocabulary, []);
  assertEquals(seed.frames, [[64, 72]]);
  assertStringIncludes(
    seed.remark!,
    "64,71 is not in the vocabulary; starting from the nearest, 64,72",
  );
});

Deno.test("seedFromPiece keeps the end of a piece and its place in the bar", () => {
  const frames = Array.from({ length: 20 }, (_, i) => [i]);
  const metres = [{ frame: 0, stepsPerBar: 6, phase: 2 }, { frame: 18, stepsPerBar: 8, phase: 0 }];
  const seed = seedFromPiece({ name: "", frames, metres }, 5);
  assertEquals(seed.frames, [[15], [16], [17], [18], [19]]);
  assertEquals(seed.metres, [{ frame: 0, stepsPerBar: 6, phase: 5 }, {
    frame: 3,
    stepsPerBar: 8,
    phase: 0,
  }]);
  assertEquals(phaseAt(seed.metres, 5), 2);
});

/** Goes on for ever with what it finds, unless it must not. */
const stubborn: Model = {
  kind: "combination",
  grid: { unit: "beat", steps: 4, attacks: false },
  window: 4,
  parameters: 0,
  logProbabilities: () => new Float64Array(),
  next: (pasts, _sampling, _randoms, avoid) =>
    pasts.map(({ frames }, i) => {
      const last = frames.at(-1) ?? [];
      return avoid?.[i]?.join() === last.join() ? [...last.map((code) => code + 1)] : last;
    }),
  dispose() {},
};

Deno.test("continueMusic is never stuck longer than asked, and may be where the guard is off", async () => {
  const start = { frames: [[60]], metres: [], written: 1 };
  const run = (stuckAfter: number) =>
    continueMusic(stubborn, [start], {
      sampling: { temperature: 1, topK: 0, topP: 1 },
      lengths: [12],
      seeds: [1],
      stuckAfter,
    });
  const [guarded] = await run(4);
  assertEquals(guarded!.map(([pitch]) => pitch), [60, 60, 60, 60, 61, 61, 61, 61, 62, 62, 62, 62]);
  const [free] = await run(0);
  assertEquals(new Set(free!.map(([pitch]) => pitch)).size, 1);
});

Deno.test("continueMusic leaves a circle of frames, too, after twice the time", async () => {
  const waltz: Model = {
    ...stubborn,
    next: (pasts, _sampling, _randoms, avoid) =>
      pasts.map(({ frames }, i) => {
        const due = [[60], [64], [67]][frames.length % 3]!;
        return avoid?.[i]?.join() === due.join() ? [72] : due;
      }),
  };
  const start = { frames: [[60]], metres: [], written: 1 };
  const sampling = { temperature: 1, topK: 0, topP: 1 };
  const options = { sampling, lengths: [40], seeds: [1] };
  const [guarded] = await continueMusic(waltz, [start], { ...options, stuckAfter: 8 });
  assertEquals(guarded!.findIndex(([pitch]) => pitch === 72), 16);
  const [free] = await continueMusic(waltz, [start], { ...options, stuckAfter: 0 });
  assertEquals(free!.some(([pitch]) => pitch === 72), false);
});

Deno.test("framesToMidi starts at once, keeps tempo and metre, holds and strikes as the frames say", () => {
  const style = {
    tokenize: {
      grid: { unit: "beat", steps: 4, attacks: true },
      tracks: "piano",
      melody: false,
      pedal: false,
    },
    beatsPerMinute: 90,
    timeSignature: [3, 4],
    meanVelocity: 64,
  } as const;
  const music = readMidi(framesToMidi([[], [], [60], [188, 64], [60], []], style, 100, "x"));
  assertEquals(music.tempos, [{ ticks: 0, microsecondsPerBeat: 666_667 }]);
  assertEquals(music.timeSignatures, [{ ticks: 0, numerator: 3, denominator: 4 }]);
  const notes = music.parts.flatMap(({ notes }) => notes).map((
    { pitch, startTicks, endTicks, velocity },
  ) => [pitch, startTicks, endTicks, velocity]);
  assertEquals(notes, [[60, 0, 240, 100], [64, 120, 240, 100], [60, 240, 360, 100]]);
});

Deno.test("stepTiming gives every grid whole ticks and its own speed", () => {
  for (let steps = 1; steps <= 200; steps++) {
    for (const unit of ["beat", "second"] as const) {
      const { ticksPerBeat, ticksPerStep, beatsPerMinute } = stepTiming({
        unit,
        steps,
        attacks: true,
      }, 100);
      assertEquals([ticksPerBeat % 1, ticksPerStep % 1, ticksPerBeat < 32_768], [0, 0, true]);
      const secondsPerStep = ticksPerStep / ticksPerBeat * 60 / beatsPerMinute;
      assertEquals(
        secondsPerStep.toFixed(9),
        (unit === "beat" ? 0.6 / steps : 1 / steps).toFixed(9),
      );
    }
  }
});
