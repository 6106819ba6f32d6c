import { assertAlmostEquals, assertEquals } from "@std/assert";
import { readMidi } from "../../lib/midi/read.ts";
import { betterGrid, lossesOnGrids, OFFERED_GRIDS } from "../../lib/tokens/grid_loss.ts";
import { noteAt, songOf } from "../midi/song.ts";

/** The grid that is offered to notes of a rhythm, on four steps a beat. */
function offered(onsets: readonly number[], pitch = (i: number) => 60 + i % 12) {
  const music = readMidi(songOf(onsets.map((onset, i) => noteAt(pitch(i), onset, 0.1))));
  const losses = lossesOnGrids(music, { tracks: "piano" }, OFFERED_GRIDS);
  return { losses, better: betterGrid(losses, 4, onsets.length)?.stepsPerBeat };
}

const every = (beats: number, count = 96) => Array.from({ length: count }, (_, i) => i * beats);

Deno.test("Triplets and swing are offered a grid of thirds, sixteenths none", () => {
  const { losses, better } = offered(every(1 / 3));
  assertEquals(better, 3);
  assertAlmostEquals(losses.find(({ stepsPerBeat }) => stepsPerBeat === 4)!.beatsOff, 1 / 18, 1e-3);
  assertEquals(offered(every(0.25)).better, undefined);
  const swing = every(0.5).map((onset) => onset % 1 === 0 ? onset : onset + 1 / 6);
  assertEquals(offered(swing).better, 3);
  assertEquals(offered([...every(0.25), ...every(1 / 3).map((onset) => onset + 24)]).better, 12);
});

Deno.test("Keys struck again within a step are offered a finer grid", () => {
  assertEquals(offered(every(0.125), (i) => 60 + Math.floor(i / 2) % 12).better, 8);
});
