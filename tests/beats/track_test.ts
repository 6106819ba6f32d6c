import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { readMidi } from "../../lib/midi/read.ts";
import { mean } from "../../lib/numbers.ts";
import { Random } from "../../lib/random.ts";
import { buildStarter } from "../../lib/starter/build.ts";
import { findMidiFiles } from "../../lib/store/midi_files.ts";
import { play } from "../../tools/beats/play.ts";
import type { Score } from "../../tools/beats/score.ts";
import { scoreOf } from "../../tools/beats/scores.ts";
import { trackBeats } from "../../lib/beats/track.ts";
import { agreement, playedPiece } from "./player.ts";

let scores: Promise<Score[]> | undefined;

/** Scores of the starter music. */
async function readStarter(): Promise<Score[]> {
  const folder = await Deno.makeTempDir();
  try {
    await buildStarter({ out: folder });
    const { names } = await findMidiFiles(folder);
    return names.map((name) => {
      const score = scoreOf(name, readMidi(Deno.readFileSync(join(folder, name))));
      assert(score);
      return score;
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Agreement of found beats and bar lines with those of a score that is played freely. */
function playedAndFound(score: Score, seed: number): { beats: number; lines: number } {
  const played = play(score, new Random(seed)), found = trackBeats(played.notes);
  assert(found);
  const timesOf = (all: typeof played.beats) => all.map(({ time }) => time);
  return {
    beats: agreement(timesOf(played.beats), found.times),
    lines: agreement(
      timesOf(played.beats.filter(({ place }) => place === 0)),
      found.times.filter((_, i) => found.downbeat[i]),
    ),
  };
}

Deno.test("beats and bar lines of scores that are played freely are mostly found", async () => {
  const all = (await (scores ??= readStarter())).map((score) => playedAndFound(score, 1));
  const beats = all.map(({ beats }) => beats), lines = all.map(({ lines }) => lines);
  assert(mean(beats) > 0.7, `beats ${beats}`); // beats at twice or half the tempo count in part
  assert(mean(lines) > 0.7, `bar lines ${lines}`);
});

Deno.test("beats of one piece stay at one level, however freely it is played", async () => {
  const folia = (await (scores ??= readStarter())).find(({ name }) => name.includes("folia"));
  assert(folia);
  const beats = [1, 2, 3].map((seed) => playedAndFound(folia, seed).beats);
  assert(mean(beats) > 0.88, `beats ${beats}`); // 0.85 by the network's first opinion of the period
});

Deno.test("a metre that is known settles the bars", () => {
  const manner = { bars: 24, period: 0.5, freedom: 0.08, jitter: 0.008, seed: 3 };
  const { notes } = playedPiece({ ...manner, inBar: 4 });
  for (const beats of [3, 4]) {
    const found = trackBeats(notes, { metre: { beats, unit: { denominator: 4, parts: 1 } } });
    assert(found);
    const lines = found.downbeat.flatMap((is, i) => is ? [i] : []);
    const lengths = lines.slice(1).map((line, i) => line - lines[i]!);
    assert(lengths.filter((length) => length === beats).length > 0.8 * lengths.length);
    assertEquals(found.unit, { denominator: 4, parts: 1 });
  }
});

Deno.test("the same notes give the same beats; a few notes, and a day of them, give none", () => {
  const { notes } = playedPiece({
    inBar: 3,
    bars: 12,
    period: 0.5,
    freedom: 0.1,
    jitter: 0.01,
    seed: 1,
  });
  assertEquals(trackBeats(notes), trackBeats(notes));
  assertEquals(trackBeats([]), undefined);
  assertEquals(trackBeats(notes.slice(0, 8)), undefined);
  const far = notes.map((note, i) => ({ ...note, start: i * 600, end: i * 600 + 1 }));
  assertEquals(trackBeats(far), undefined);
});

Deno.test("beats rise, and all are between the first note and the last", () => {
  for (const period of [0.2, 0.9, 2.5]) { // also tempi that no beat is counted in
    const { notes } = playedPiece({
      inBar: 4,
      bars: 12,
      period,
      freedom: 0.3,
      jitter: 0.05,
      seed: 7,
    });
    const found = trackBeats(notes);
    assert(found && found.times.length >= 2);
    assert(found.times.every((time, i) => i === 0 || time > found.times[i - 1]!));
    assert(found.times[0]! > notes[0]!.start - 1 && found.times.at(-1)! < notes.at(-1)!.end + 3);
  }
});
