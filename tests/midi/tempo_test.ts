import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { readMidi } from "../../lib/midi/read.ts";
import { createTempoMap, secondsAt } from "../../lib/midi/tempo.ts";
import { Random } from "../../lib/random.ts";
import { file, off, on, tempo, track } from "./bytes.ts";

const notes = [on(0, 60), off(960, 60)];

Deno.test("secondsAt follows tempo changes wherever they stand", () => {
  const music = readMidi(
    file(
      {},
      track(tempo(480, 1_000_000)),
      track(...notes, tempo(0, 250_000)),
      track(tempo(480, 2_000_000)),
    ),
  );
  assertEquals(music.tempos.map((change) => [change.ticks, change.microsecondsPerBeat]), [
    [0, 500_000], // 120 beats per minute until a tempo is set
    [480, 2_000_000], // of two at the same tick, the later in the file
    [960, 250_000],
  ]);
  assertEquals([0, 240, 480, 720, 960, 1440].map((ticks) => secondsAt(music, ticks)), [
    ...[0, 0.25, 0.5, 1.5, 2.5, 2.75],
  ]);
});

Deno.test("secondsAt counts SMPTE frames where a file does, whatever its tempos", () => {
  for (const [frames, perSecond] of [[24, 24], [25, 25], [29, 30 / 1.001], [30, 30]] as const) {
    const music = readMidi(
      file({ division: ((256 - frames) << 8) | 40 }, track(tempo(0, 123_456), ...notes)),
    );
    assertAlmostEquals(secondsAt(music, 40 * 3), 3 / perSecond);
    assertEquals(music.tempos, [{ ticks: 0, microsecondsPerBeat: 500_000 }]);
    assertEquals(music.repairs, []);
  }
  const odd = readMidi(file({ division: ((256 - 16) << 8) | 96 }, track(...notes)));
  assertEquals(secondsAt(odd, 96 * 16), 1);
  assertEquals(odd.repairs, ["the unusual SMPTE frame rate taken as it is"]);
});

Deno.test("createTempoMap gives ticks back for seconds, in any order, over thousands of changes", () => {
  const random = new Random(1);
  const tempos = [{ ticks: 0, microsecondsPerBeat: 500_000 }];
  for (let i = 0; i < 5_000; i++) {
    const ticks = tempos[i]!.ticks + 1 + random.below(50);
    tempos.push({ ticks, microsecondsPerBeat: 1 + random.below(0xffffff) });
  }
  const map = createTempoMap({ ticksPerBeat: 96, tempos });
  const end = tempos.at(-1)!.ticks + 100;
  let before = -1;
  for (let ticks = 0; ticks <= end; ticks++) {
    const seconds = map.secondsAt(ticks);
    assert(seconds > before);
    before = seconds;
  }
  for (let i = 0; i < 1_000; i++) {
    const ticks = random.next() * end;
    assertAlmostEquals(map.ticksAt(map.secondsAt(ticks)), ticks, 1e-3);
  }
});
