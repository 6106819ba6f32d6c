import { assertEquals } from "@std/assert";
import { readMidi } from "../../lib/midi/read.ts";
import { control, file, meta, off, on, track } from "./bytes.ts";

/** Notes as `pitch start–end`, and repairs, of events in one track. */
function paired(...events: number[][]): [string[], readonly string[]] {
  const { parts, repairs } = readMidi(file({}, track(...events)));
  const notes = parts.flatMap((part) => part.notes)
    .map((note) => `${note.pitch} ${note.startTicks}–${note.endTicks}`);
  return [notes, repairs];
}

Deno.test("pairing gives each end to the oldest open note when two voices hold a key", () => {
  assertEquals(paired(on(0, 60), on(10, 60), off(10, 60), off(10, 60)), [
    ["60 0–20", "60 10–30"],
    [],
  ]);
});

Deno.test("pairing takes a repeated note whichever of end and strike comes first in its tick", () => {
  const notes = ["60 0–10", "60 10–20"];
  assertEquals(paired(on(0, 60), off(10, 60), on(0, 60), off(10, 60)), [notes, []]);
  assertEquals(paired(on(0, 60), on(10, 60), off(0, 60), off(10, 60)), [notes, []]);
});

Deno.test("pairing keeps channels apart", () => {
  const { parts, repairs } = readMidi(
    file({}, track(on(0, 60), on(5, 60, 90, 1), off(5, 60), off(5, 60, 1))),
  );
  assertEquals(parts.map(({ channel, notes }) => [channel, notes[0]!.endTicks]), [[0, 10], [
    1,
    15,
  ]]);
  assertEquals(repairs, []);
});

Deno.test("pairing ignores an end without a note", () => {
  assertEquals(paired(off(0, 60), on(10, 60), off(10, 60), off(10, 60)), [
    ["60 10–20"],
    ["2 note ends without a note ignored"],
  ]);
});

Deno.test("pairing closes a note without an end at the end of the track", () => {
  assertEquals(paired(on(0, 60), on(0, 62), off(10, 62), meta(90, 1)), [
    ["60 0–100", "62 0–10"],
    ["1 note without an end closed at the end of the music"],
  ]);
});

Deno.test("pairing does not let a note without an end shift the ends of those after it", () => {
  const [notes, repairs] = paired(
    ...[on(0, 60), off(5, 60), on(5, 60), on(10, 60), off(5, 60), on(5, 60), off(5, 60)],
  );
  assertEquals(notes, ["60 0–5", "60 10–20", "60 20–25", "60 30–35"]);
  assertEquals(repairs, ["1 note without an end closed where the same key is struck again"]);
});

Deno.test("pairing keeps two voices before a note without an end as they are", () => {
  const [notes] = paired(
    ...[on(0, 60), on(10, 60), off(10, 60), off(10, 60), on(10, 60), on(10, 60), off(5, 60)],
  );
  assertEquals(notes, ["60 0–20", "60 10–30", "60 40–50", "60 50–55"]);
});

Deno.test("pairing takes the late end of a note that was struck again for what it is", () => {
  // Struck at 0, at 10 and at 20, where the end of the second comes after the third is struck.
  const [notes, repairs] = paired(on(0, 60), on(10, 60), on(10, 60), off(0, 60), off(10, 60));
  assertEquals(notes, ["60 0–10", "60 10–20", "60 20–30"]);
  assertEquals(repairs, [
    "2 notes without an end closed where the same key is struck again",
    "1 note end without a note ignored",
  ]);
});

Deno.test("pairing uses a note once that is struck twice at the same moment and ends once", () => {
  const { parts, repairs } = readMidi(
    file({}, track(on(0, 60, 50), on(0, 60, 70), off(10, 60), meta(10, 1))),
  );
  assertEquals(parts[0]!.notes, [{ pitch: 60, velocity: 70, startTicks: 0, endTicks: 10 }]);
  assertEquals(repairs, ["1 note struck twice at the same moment used once"]);
});

Deno.test("pairing makes a note of no length one tick long", () => {
  assertEquals(paired(on(5, 60), off(0, 60)), [
    ["60 5–6"],
    ["1 note of no length made one tick long"],
  ]);
});

Deno.test("pairing ends notes that have no end where all notes of the channel are switched off", () => {
  const repair = "1 note without an end closed where all notes are switched off";
  assertEquals(paired(on(0, 60), control(40, 123, 0), meta(60, 1)), [["60 0–40"], [repair]]);
  assertEquals(paired(control(0, 120, 0), on(9, 60), control(1, 120, 0), meta(60, 1)), [
    ["60 9–10"],
    [repair],
  ]);
  const other = paired(on(0, 60), control(40, 123, 0, 5), meta(60, 1));
  assertEquals(other[0], ["60 0–100"]);
  // A note with an end of its own keeps it, as its end would be without a note otherwise.
  assertEquals(paired(on(0, 60), control(40, 123, 0), off(10, 60)), [["60 0–50"], []]);
});
