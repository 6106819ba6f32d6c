import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { fitBeats } from "../../lib/midi/beat_fit.ts";
import { Random } from "../../lib/random.ts";

const BEAT = 480;

/** Sixteenths, eighths and quarters in a made-up order, as onsets in beats. */
function rhythm(count: number, seed = 1): number[] {
  const random = new Random(seed);
  let at = 0;
  return Array.from({ length: count }, () => {
    const onset = at;
    at += [0.25, 0.25, 0.5, 0.5, 1][random.below(5)]!;
    return onset;
  });
}

function fitOf(onsets: readonly number[]) {
  const notes = onsets.map((onset, i) => {
    const startTicks = Math.round(onset * BEAT), length = (onsets[i + 1] ?? onset + 1) - onset;
    const endTicks = Math.max(startTicks + 1, startTicks + Math.round(length * BEAT));
    return { pitch: 60, startTicks, endTicks };
  });
  const timeSignatures = [{ ticks: 0, numerator: 4, denominator: 4 }];
  return fitBeats({ ticksPerBeat: BEAT, timeSignatures, parts: [] }, notes);
}

/** About normal, with a standard deviation of 1. */
function noise(random: Random): number {
  return Array.from({ length: 12 }, () => random.next()).reduce((sum, x) => sum + x, -6);
}

Deno.test("Typed, swung, shifted and humanly inexact music follows its beats", () => {
  const typed = rhythm(400), random = new Random(7);
  const swung = typed.map((onset) => {
    const beat = Math.floor(onset), part = onset - beat;
    return beat + (part < 0.5 ? part * 4 / 3 : 2 / 3 + (part - 0.5) * 2 / 3);
  });
  const triplets = Array.from({ length: 300 }, (_, i) => i / 3);
  const inexact = typed.map((onset) => 1 + onset + 0.04 * noise(random)); // 20 ms at 120 a minute
  const slow = typed.map((onset) => onset * 1.001);
  for (const onsets of [typed, swung, triplets, inexact, slow, typed.map((onset) => onset + 0.3)]) {
    assertEquals(fitOf(onsets).verdict, "grid");
  }
});

Deno.test("Music in a tempo of its own, or in none, follows no beat of its file", () => {
  const random = new Random(3);
  let at = 0;
  const rubato = rhythm(400).map((onset, i, all) => {
    const tempo = 0.93 + 0.2 * Math.sin(i / 23);
    return at += (onset - (all[i - 1] ?? 0)) * tempo + 0.02 * noise(random);
  });
  assertEquals(fitOf(rubato).verdict, "none");
  assertEquals(fitOf(rhythm(400).map((onset) => onset * 1.07)).verdict, "none");
});

Deno.test("Of few onsets nothing is said", () => {
  assertEquals(fitOf(rhythm(63)).verdict, "few");
  assertEquals(fitOf([]).verdict, "few");
});

Deno.test("A constant shift is found, one of a player's size or of typed off-beats is none", () => {
  for (const shift of [-0.12, -0.085, 0.03, 0.0917, 0.12]) {
    const shifted = rhythm(200).map((onset) => 1 + onset + shift);
    assertAlmostEquals(fitOf(shifted).shift, shift, 2 / BEAT);
  }
  const quarters = Array.from({ length: 16 }, (_, i) => i + 1 - 41 / BEAT);
  assertAlmostEquals(fitOf(quarters).shift, -41 / BEAT, 1e-3);
  assertEquals(fitOf(rhythm(200)).shift, 0);
  assertEquals(fitOf(rhythm(200).map((onset) => onset + 0.01)).shift, 0);
  const offBeats = Array.from({ length: 100 }, (_, i) => i + 0.5);
  assertEquals(fitOf(offBeats).shift, 0);
  const swing = Array.from({ length: 100 }, (_, i) => Math.floor(i / 2) + (i % 2) * 2 / 3);
  assertEquals(fitOf(swing).shift, 0);
  const offTriplets = Array.from({ length: 90 }, (_, i) => i / 3 + 1 / 6); // typed, on sixths
  assertEquals(fitOf(offTriplets).shift, 0);
  assert(fitOf(quarters.slice(0, 3)).shift === 0, "three notes tell no shift");
});

Deno.test("Beats are where long and low notes begin, if these shun the file's own", () => {
  const random = new Random(5);
  const pop = (late: number) => {
    const notes = Array.from({ length: 64 }, (_, bar) => [
      ...[0, 2].map((beat) => ({ pitch: 40, onset: 4 * bar + beat, beats: 2 })),
      ...Array.from({ length: 6 }, () => ({
        pitch: 72,
        onset: 4 * bar + random.below(16) / 4,
        beats: 0.25,
      })),
    ]).flat().map(({ pitch, onset, beats }) => {
      const startTicks = Math.round((1 + onset + late) * BEAT);
      return { pitch, startTicks, endTicks: startTicks + beats * BEAT };
    });
    const timeSignatures = [{ ticks: 0, numerator: 4, denominator: 4 }];
    return fitBeats({ ticksPerBeat: BEAT, timeSignatures, parts: [] }, notes).shift;
  };
  for (const late of [0, 0.1, 0.25, 0.3, -0.25, -0.2]) {
    assertAlmostEquals(pop(late), late, 2 / BEAT);
  }
});
