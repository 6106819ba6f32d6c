import { assert, assertEquals } from "@std/assert";
import { followBeats } from "../../lib/beats/follow.ts";
import { gaussian, Random } from "../../lib/random.ts";
import { notated } from "../../lib/tokens/notated.ts";
import { playedPiece, recordingOf } from "../beats/player.ts";

Deno.test("played music is written as if it were typed: on divisions of beats, chords together", () => {
  const { notes } = playedPiece({
    ...{ inBar: 4, bars: 24, period: 0.55, freedom: 0.12, jitter: 0.008, seed: 6 },
  });
  const recording = recordingOf(notes);
  const { music, found } = followBeats(recording, recording.parts, "auto");
  assert(found);
  const written = notated(music, found), eighth = written.ticksPerBeat / 2;
  const all = written.parts.flatMap(({ notes }) => notes);
  assertEquals(all.length, notes.length);
  const onEighths = all.filter(({ startTicks }) => startTicks % eighth === 0).length;
  assert(onEighths > 0.95 * all.length, `${onEighths} of ${all.length}`);
  assert(all.every(({ startTicks, endTicks }) => endTicks > startTicks));
  const onsets = new Set(all.map(({ startTicks }) => startTicks)).size;
  const played = new Set(music.parts[0]!.notes.map(({ startTicks }) => startTicks)).size;
  assert(onsets < 0.6 * played, "chords are written together");
  assertEquals([written.tempos, written.timeSignatures], [music.tempos, music.timeSignatures]);
});

/** A walking bass below swung eighths, at 168 beats a minute. */
function swungSolo() {
  const random = new Random(7), period = 60 / 168;
  return Array.from({ length: 128 }, (_, beat) => {
    const strike = (place: number, pitch: number, length: number) => {
      const start = 1 + (beat + place) * period + 0.008 * gaussian(random);
      return { pitch, velocity: 80, start, end: start + length * period };
    };
    const bass = strike(0, beat % 4 === 0 ? 36 : 40 + random.below(8), 0.9);
    return [bass, strike(0, 64 + random.below(12), 0.6), strike(0.64, 64 + random.below(12), 0.3)];
  }).flat().sort((a, b) => a.start - b.start);
}

Deno.test("a solo in swing is written in even eighths, in bars of four", () => {
  const recording = recordingOf(swungSolo());
  const { music, found } = followBeats(recording, recording.parts, "auto");
  assertEquals([found?.bar, found?.quarters], ["4/4", 1]);
  const written = notated(music, found!), eighth = written.ticksPerBeat / 2;
  const { notes } = written.parts[0]!;
  const even = notes.filter(({ startTicks }) => startTicks % eighth === 0).length;
  assert(even > 0.97 * notes.length, `${even} of ${notes.length}`);
});
