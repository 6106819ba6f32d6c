import { assert, assertEquals } from "@std/assert";
import { followBeats } from "../../lib/beats/follow.ts";
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
