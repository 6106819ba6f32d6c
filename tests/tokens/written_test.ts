import { assertEquals } from "@std/assert";
import type { NoteOnGrid } from "../../lib/tokens/place.ts";
import { asWritten } from "../../lib/tokens/written.ts";

const STEP = 0.125; // seconds, at 120 beats a minute and four steps a beat

/** Notes played at seconds, placed on the nearest steps: [start, end, pitch]. */
function placed(...notes: readonly [number, number, number][]): NoteOnGrid[] {
  return notes.map(([from, to, pitch]) => {
    const exact = from / STEP, start = Math.round(exact);
    const note = { pitch, velocity: 80, startTicks: from * 1000, endTicks: to * 1000 };
    return {
      note,
      pitch,
      velocity: 80,
      exact,
      start,
      end: Math.max(start + 1, Math.round(to / STEP)),
    };
  }).sort((a, b) => a.start - b.start);
}

const beat = {
  ...{ stepsPerQuarter: 4, quarters: 1, secondsAt: (quarters: number) => quarters * 4 * STEP },
};

const written = (...notes: readonly [number, number, number][]) =>
  asWritten(placed(...notes), beat).map(({ start, end, pitch }) => [start, end, pitch]);

Deno.test("what is struck together is written together, even across the middle between two steps", () => {
  assertEquals(written([0.05, 0.5, 48], [0.068, 0.5, 64]), [[0, 4, 48], [0, 4, 64]]);
  assertEquals(written([0.06, 0.5, 48], [0.08, 0.5, 64]), [[1, 4, 48], [1, 4, 64]]);
});

Deno.test("notes end where their voice goes on, held over or let go early", () => {
  const scale = [60, 62, 64, 65];
  const steps = scale.map((pitch, i) => [4 * i, 4 * i + 4, pitch]);
  for (const share of [0.4, 0.7, 1.2, 1.6]) {
    const played = scale.map((
      pitch,
      i,
    ): [number, number, number] => [i * 0.5, i * 0.5 + share * 0.5, pitch]);
    assertEquals(written(...played).slice(0, 3), steps.slice(0, 3), `held for ${share}`);
  }
});

Deno.test("a short note before a long silence, and a note held under others, keep their ends", () => {
  assertEquals(written([0, 0.25, 60], [2, 2.5, 60]), [[0, 2, 60], [16, 20, 60]]);
  const held = written([0, 2, 40], [0, 0.5, 60], [0.5, 1, 62], [1, 1.5, 64], [1.5, 2, 65]);
  assertEquals(held[0], [0, 16, 40]);
});

Deno.test("swung eighths are written as even ones", () => {
  const swung = Array.from({ length: 8 }, (_, i): [number, number, number] => {
    const start = (i >> 1) * 0.5 + (i % 2 === 0 ? 0 : 0.33);
    return [start, start + 0.16, 60 + i];
  });
  const starts = asWritten(placed(...swung), { ...beat, swing: 0.66 }).map(({ start }) => start);
  assertEquals(starts, [0, 2, 4, 6, 8, 10, 12, 14]);
});
