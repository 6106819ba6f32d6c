import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { withBeats } from "../../lib/beats/rewrite.ts";
import type { TrackedBeats } from "../../lib/beats/track.ts";
import { createTempoMap } from "../../lib/midi/tempo.ts";
import { playedPiece, recordingOf } from "./player.ts";

const QUARTER = { denominator: 4, parts: 1 } as const,
  DOTTED = { denominator: 8, parts: 3 } as const;

function beatsOf(
  times: readonly number[],
  upbeat: number,
  inBar: number,
  unit: TrackedBeats["unit"],
) {
  const downbeat = times.map((_, i) => (i - upbeat) % inBar === 0);
  return { times, downbeat, unit, sureness: 1 };
}

Deno.test("all seconds stay as they were played, and beats come on whole quarters", () => {
  const { notes, beats } = playedPiece({
    ...{ inBar: 3, bars: 16, period: 0.55, freedom: 0.15, jitter: 0.01, seed: 2 },
  });
  const music = recordingOf(notes), before = createTempoMap(music);
  for (const unit of [QUARTER, DOTTED]) {
    const after = withBeats(music, beatsOf(beats, 0, 3, unit)), map = createTempoMap(after);
    const beatTicks = after.ticksPerBeat * 4 * unit.parts / unit.denominator;
    music.parts[0]!.notes.forEach((note, i) => {
      const now = after.parts[0]!.notes[i]!;
      assertAlmostEquals(map.secondsAt(now.startTicks), before.secondsAt(note.startTicks), 1e-3);
      assertAlmostEquals(map.secondsAt(now.endTicks), before.secondsAt(note.endTicks), 1e-3);
    });
    for (const time of beats) {
      const place = map.ticksAt(time) / beatTicks;
      assertAlmostEquals(place, Math.round(place), 2e-3);
    }
  }
});

Deno.test("an upbeat is a shorter first bar, and a changed metre has a time signature", () => {
  const { notes, beats } = playedPiece({
    ...{ inBar: 4, bars: 8, period: 0.5, freedom: 0.1, jitter: 0.01, seed: 4 },
  });
  const music = recordingOf(notes);
  const shown = (found: TrackedBeats) =>
    withBeats(music, found).timeSignatures.map(({ ticks, numerator, denominator }) =>
      `${ticks / 960}: ${numerator}/${denominator}`
    );
  // the silence before the first beat is one beat, too
  assertEquals(shown(beatsOf(beats, 0, 4, QUARTER)), ["0: 1/4", "1: 4/4"]);
  assertEquals(shown(beatsOf(beats, 2, 4, QUARTER)), ["0: 3/4", "3: 4/4"]);
  assertEquals(shown(beatsOf(beats, 3, 4, QUARTER)), ["0: 4/4"]);
  assertEquals(shown(beatsOf(beats, 0, 2, DOTTED)), ["0: 3/8", "1.5: 6/8"]);
  const changing = {
    ...beatsOf(beats, 0, 4, QUARTER),
    downbeat: beats.map((_, i) => i < 12 ? i % 3 === 0 : i % 4 === 0),
  };
  assertEquals(shown(changing), ["0: 1/4", "1: 3/4", "13: 4/4"]);
});

Deno.test("beats without any bar line, and music that begins at once, can be written", () => {
  const notes = [0, 0.5, 1, 1.5].map((start) => ({
    start,
    end: start + 0.4,
    pitch: 60,
    velocity: 64,
  }));
  const music = recordingOf(notes);
  const found = { times: [0, 0.5, 1, 1.5], downbeat: [false, false, false, false] };
  const after = withBeats(music, { ...found, unit: QUARTER, sureness: 0 });
  assertEquals(after.parts[0]!.notes.map(({ startTicks }) => startTicks), [0, 960, 1920, 2880]);
  assert(after.timeSignatures.every(({ numerator }) => numerator >= 1 && numerator <= 255));
  assertEquals(after.timeSignatures[0]!.ticks, 0);
});
