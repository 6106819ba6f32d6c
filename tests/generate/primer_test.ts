import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { continueMusic } from "../../lib/generate/continue.ts";
import { pieceToMidi, stepTiming } from "../../lib/generate/output.ts";
import { parseNotes, primerFromNotes, primerFromPiece } from "../../lib/generate/primer.ts";
import { readMidi } from "../../lib/midi/read.ts";
import type { Model } from "../../lib/model/model.ts";
import { phaseAt } from "../../lib/tokens/excerpt.ts";
import { Vocabulary } from "../../lib/tokens/vocabulary.ts";

Deno.test("parseNotes reads note names and pitches", () => {
  assertEquals(parseNotes("C4"), [60]);
  assertEquals(parseNotes("60,64,67"), [60, 64, 67]);
  assertEquals(parseNotes("g4, Bb3,F#-1,c4"), [6, 58, 60, 67]);
  for (const wrong of ["H4", "128", "", "C", "60,", "G9#"]) {
    assertThrows(() => parseNotes(wrong), Error, "neither a note");
  }
});

Deno.test("primerFromNotes takes the nearest combination and says so", () => {
  const vocabulary = Vocabulary.fromCounts(new Map([["60", 3], ["64~,72", 1]]));
  assertEquals(primerFromNotes("C4", vocabulary, []).remark, undefined);
  const seed = primerFromNotes("E4,B4", vocabulary, []);
  assertEquals(seed.frames, [[64, 72]]);
  assertStringIncludes(
    seed.remark!,
    "64,71 is not in the vocabulary; starting from the nearest, 64,72",
  );
});

Deno.test("primerFromPiece keeps the end of a piece and its place in the bar", () => {
  const frames = Array.from({ length: 20 }, (_, i) => [i]);
  const metres = [{ frame: 0, stepsPerBar: 6, phase: 2 }, { frame: 18, stepsPerBar: 8, phase: 0 }];
  const seed = primerFromPiece({ name: "", frames, metres }, 5);
  assertEquals(seed.frames, [[15], [16], [17], [18], [19]]);
  assertEquals(seed.metres, [{ frame: 0, stepsPerBar: 6, phase: 5 }, {
    frame: 3,
    stepsPerBar: 8,
    phase: 0,
  }]);
  assertEquals(phaseAt(seed.metres, 5), 2);
});

const sampling = { temperature: 1, topK: 0, topP: 1, rules: ["no-standstill"] } as const;

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
      sampling,
      lengths: [12],
      seeds: [1],
      stuckAfter,
    });
  const [guarded] = await run(4);
  assertEquals(guarded!.map(([pitch]) => pitch), [60, 60, 60, 60, 61, 61, 61, 61, 62, 62, 62, 62]);
  const [free] = await run(0);
  const without = await continueMusic(stubborn, [start], {
    sampling: { ...sampling, rules: [] },
    lengths: [12],
    seeds: [1],
    stuckAfter: 4,
  });
  assertEquals(without, [free]);
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
  const options = { sampling, lengths: [40], seeds: [1] };
  const [guarded] = await continueMusic(waltz, [start], { ...options, stuckAfter: 8 });
  assertEquals(guarded!.findIndex(([pitch]) => pitch === 72), 16);
  const [free] = await continueMusic(waltz, [start], { ...options, stuckAfter: 0 });
  assertEquals(free!.some(([pitch]) => pitch === 72), false);
});

const writing = {
  grid: { unit: "beat", steps: 4, attacks: true },
  beatsPerMinute: 90,
  timeSignature: [3, 4],
  velocity: 100,
  name: "x",
} as const;

/** Pitch, start and end in sixteenths, and velocity of the notes of a file. */
function notesOf(bytes: Uint8Array): number[][] {
  const { parts, ticksPerBeat } = readMidi(bytes);
  const steps = (ticks: number) => ticks / ticksPerBeat * 4;
  return parts.flatMap(({ notes }) => notes).map(({ pitch, startTicks, endTicks, velocity }) => [
    pitch,
    steps(startTicks),
    steps(endTicks),
    velocity,
  ]);
}

Deno.test("pieceToMidi keeps tempo and metre, holds and strikes as the frames say", () => {
  const frames = [[60], [188, 64], [60], []];
  const metres = [{ frame: 0, stepsPerBar: 12, phase: 0 }];
  const bytes = pieceToMidi({ frames, metres }, writing);
  const music = readMidi(bytes);
  assertEquals(music.tempos, [{ ticks: 0, microsecondsPerBeat: 666_667 }]);
  assertEquals(music.timeSignatures, [{ ticks: 0, numerator: 3, denominator: 4 }]);
  assertEquals(notesOf(bytes), [[60, 0, 2, 100], [64, 1, 2, 100], [60, 2, 3, 100]]);
});

Deno.test("pieceToMidi writes changes of metre, an upbeat with rests before it, and drops bars of rest", () => {
  const rest: number[][] = Array.from({ length: 12 }, () => []);
  const metres = [
    { frame: 0, stepsPerBar: 12, phase: 8 },
    { frame: 28, stepsPerBar: 6, phase: 0 },
    { frame: 34, stepsPerBar: 18, phase: 0 },
  ];
  const frames = [[60], ...rest, ...rest, [], [], [], ...rest.slice(0, 6), [62]];
  const bytes = pieceToMidi({ frames, metres }, { ...writing, timeSignature: [4, 4] });
  const { ticksPerBeat, timeSignatures } = readMidi(bytes);
  assertEquals(
    timeSignatures.map(({ ticks, numerator, denominator }) => [
      ticks / ticksPerBeat * 4,
      numerator,
      denominator,
    ]),
    [[0, 3, 4], [36, 3, 8], [42, 9, 8]],
  );
  assertEquals(notesOf(bytes).map(([pitch, start]) => [pitch, start]), [[60, 8], [62, 42]]);
  const later = pieceToMidi({ frames: [...rest, [], [60]], metres: metres.slice(0, 1) }, writing);
  assertEquals(notesOf(later).map(([, start]) => start), [9]);
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
