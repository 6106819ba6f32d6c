import { assertEquals } from "@std/assert";
import { findBars } from "../../lib/beats/bar_search.ts";
import { beatSearch } from "../../lib/beats/beat_search.ts";
import { PERIODS } from "../../lib/beats/salience.ts";

/** Beats found among events of given odds, to a hundredth of a second; all periods are as likely. */
function found(events: readonly (readonly [time: number, beat: number])[]): number[] {
  const salience = {
    beat: Float32Array.from(events, ([, beat]) => beat),
    downbeat: new Float32Array(events.length),
    period: new Float32Array(events.length * PERIODS.length),
  };
  const { times } = beatSearch(Float64Array.from(events, ([time]) => time), salience)();
  return times.map((time) => Math.round(time * 100) / 100);
}

Deno.test("steady music keeps its beat past a strong note beside it", () => {
  const beats = Array.from({ length: 40 }, (_, i) => Math.round(100 + 48 * i) / 100);
  const events = beats.map((time, i): [number, number] => [time, i === 20 ? 0 : 3]);
  events.splice(21, 0, [beats[20]! + 0.12, 7]);
  assertEquals(found(events), beats);
});

Deno.test("free music is followed from long beats to short ones", () => {
  let time = 1;
  const events = Array.from({ length: 40 }, (_, i): [number, number] => {
    time += i % 2 === 0 ? 0.56 : 0.42;
    return [time, 0.5];
  });
  assertEquals(found(events), events.map(([time]) => Math.round(time * 100) / 100));
});

Deno.test("four bars with their accent on the third beat do not move the bar lines", () => {
  const isSyncopated = (i: number) => i >= 24 && i < 40;
  const downbeat = Float32Array.from({ length: 64 }, (_, i) => {
    if (!isSyncopated(i)) return i % 4 === 0 ? 1.5 : -3;
    return i % 4 === 0 ? -1.2 : i % 4 === 2 ? 1.2 : -3;
  });
  const events = Array.from(downbeat, (_, i) => i);
  const salience = { beat: new Float32Array(64).fill(10), downbeat, period: new Float32Array() };
  const { downbeat: found } = findBars(events, salience);
  assertEquals(events.filter((i) => found[i]), events.filter((i) => i % 4 === 0));
});
