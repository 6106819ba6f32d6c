import { assert, assertAlmostEquals } from "@std/assert";
import { evened } from "../../lib/beats/evened.ts";
import { eventsOf } from "../../lib/beats/events.ts";
import { median } from "../../lib/numbers.ts";

Deno.test("a performance that slows down is evened out to one period, and its notes with it", () => {
  const beats = Array.from({ length: 41 }, (_, i) => 0.4 * (1.04 ** i - 1) / 0.04);
  const notes = beats.slice(0, -1).flatMap((start, i) => {
    const middle = (start + beats[i + 1]!) / 2, end = beats[i + 1]!;
    return [{ start, end: middle, pitch: 60, velocity: 80 }, {
      ...{ start: middle, end, pitch: 64, velocity: 80 },
    }];
  });
  const events = eventsOf(notes), even = evened(events, beats);
  const usual = median(beats.slice(1).map((beat, i) => beat - beats[i]!))!;
  for (let i = 4; i + 6 < events.size; i++) { // the curve that smooths the tempo ends before both ends
    assertAlmostEquals(even.time[i + 2]! - even.time[i]!, usual, 0.03 * usual);
    assertAlmostEquals(Math.exp(even.longest[i]!), usual / 2, 0.03 * usual);
  }
  assert(events.time.at(-1)! - events.time.at(-3)! > 1.5 * usual, "it slowed down");
});

Deno.test("a steady performance stays as it is", () => {
  const beats = [0, 0.5, 1, 1.5, 2];
  const events = eventsOf(
    beats.map((start) => ({ start, end: start + 0.4, pitch: 60, velocity: 80 })),
  );
  const even = evened(events, beats);
  even.time.forEach((time, i) => assertAlmostEquals(time, events.time[i]!, 1e-9));
});
