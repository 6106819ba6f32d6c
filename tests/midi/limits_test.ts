import { assert, assertEquals, assertThrows } from "@std/assert";
import { type MidiLimits, midiLimits } from "../../lib/midi/music.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { chunk, file, meta, off, on, tempo, track } from "./bytes.ts";
import { crowd, empty, slowing, stuck } from "./large.ts";

const hour = 3600 * 2 * 480; // in ticks, at 120 beats per minute and 480 ticks per beat

function refused(bytes: Uint8Array, reason: string, limits: Partial<MidiLimits> = {}) {
  assertThrows(() => readMidi(bytes, limits), Error, reason);
}

Deno.test("readMidi refuses what exceeds a limit, and says which", () => {
  const two = track(on(0, 60), off(480, 60), on(0, 62), off(480, 62));
  refused(file({}, two), "it has more than 20 bytes, the limit", { bytes: 20 });
  refused(file({}, two, two), "it has more than 1 tracks, the limit", { tracks: 1 });
  refused(file({}, two), "it has more than 1 notes, the limit", { notes: 1 });
  refused(file({}, two), "it has more than 4 events, the limit", { events: 4 });
  refused(file({}, two), "it lasts 1 minutes, the limit is 0", { seconds: 0 });
  refused(file({}, two), "it has more than 1 beats, the limit", { beats: 1 });
  refused(file({}, track(on(0, 60, 200))), "it is damaged throughout", { damagedBytes: 0 });
  const counts = { tracks: 1, notes: 2, events: 5, seconds: 1, beats: 2 };
  assertEquals(readMidi(file({}, two), counts).repairs, []);
});

Deno.test("readMidi ends a stuck note a bar on, cuts one held for an hour, and refuses 77 hours", () => {
  const pause = Array.from({ length: 77 }, () => meta(hour, 1));
  const stuck = readMidi(file({}, track(on(0, 60), ...pause)));
  assertEquals(stuck.parts[0]!.notes, [
    { pitch: 60, velocity: 100, startTicks: 0, endTicks: 4 * 480 },
  ]);
  assertEquals(stuck.repairs, ["1 note without an end closed at the end of the music"]);
  const held = readMidi(file({}, track(on(0, 60), meta(hour, 1), off(1, 60))));
  assertEquals(held.parts[0]!.notes[0]!.endTicks, midiLimits.noteSeconds * 2 * 480);
  assertEquals(held.repairs, ["1 note held too long cut"]);
  refused(
    file({}, track(...pause, on(0, 60), off(1, 60))),
    "it lasts 4,621 minutes, the limit is 360",
  );
});

Deno.test("readMidi refuses six million beats within a minute", () => {
  const bytes = file({ division: 1 }, track(tempo(0, 10), on(0, 60), off(6_000_000, 60)));
  refused(bytes, "it has more than 100,000 beats, the limit");
});

Deno.test("readMidi cuts long notes over tempo changes at the right tick", () => {
  const bytes = file({}, track(on(0, 60), tempo(480, 1_000_000), off(4800, 60)));
  const { parts } = readMidi(bytes, { noteSeconds: 2 });
  assertEquals(parts[0]!.notes[0]!.endTicks, 480 + 720);
});

Deno.test("readMidi reads 65,535 tracks, 200,000 notes on one key and 100,000 tempos", () => {
  assertEquals(readMidi(empty(65_535)).repairs, []);
  assertEquals(readMidi(crowd(100_000)).parts[0]!.notes.length, 100_000);
  assertEquals(readMidi(stuck(200_000)).parts[0]!.notes.length, 200_000);
  assertEquals(readMidi(slowing(100_000)).tempos.length, 100_001);
});

Deno.test("readMidi bounds memory by its limits, whatever a file is filled with", () => {
  const fill = (bytes: number[], head = file({}, chunk("MTrk", [], midiLimits.bytes - 22))) => {
    const filled = new Uint8Array(midiLimits.bytes);
    filled.set(head);
    for (let i = head.length; i + bytes.length <= filled.length; i += bytes.length) {
      filled.set(bytes, i);
    }
    return filled;
  };
  refused(fill(on(0, 60)), "it has more than 250,000 notes, the limit");
  refused(fill(off(0, 60)), "it has more than 1,000,000 events, the limit");
  refused(fill(chunk("MTrk", []), file({})), "it has more than 65,535 tracks, the limit");
  assert(readMidi(fill([0x4d])).repairs.length > 0); // M, as tracks begin with
  refused(new Uint8Array(midiLimits.bytes).fill(0x4d), "not a MIDI file: it has no MIDI header");
});
