import { assertAlmostEquals, assertEquals } from "@std/assert";
import { readMidi } from "../../lib/midi/read.ts";
import { sessionMidi } from "../../lib/page/session.ts";
import { zipOf } from "../../lib/page/zip.ts";
import { createTempoMap } from "../../lib/midi/tempo.ts";

Deno.test("a session is a MIDI file with a track for each player, its bar lines where they were heard", () => {
  const notes = [
    { who: "person", pitch: 60, start: 100, end: 100.5, velocity: 80 },
    { who: "person", pitch: 60, start: 100.4, end: 101, velocity: 70 }, // struck while it sounds
    { who: "model", pitch: 64, start: 104.1, end: 105, velocity: 90 },
  ] as const;
  const lines = [
    { at: 100, quarter: 0.5, quartersPerBar: 4 },
    { at: 104.1, quarter: 0.6, quartersPerBar: 3 },
    { at: 105.9, quarter: 0.6, quartersPerBar: 3, signature: [6, 8] },
  ] as const;
  const music = readMidi(sessionMidi({ notes, lines }));
  assertEquals(music.repairs, []);
  assertEquals(music.parts.map(({ name, notes }) => [name, notes.length]), [["You", 2], [
    "Model",
    1,
  ]]);
  const { secondsAt } = createTempoMap(music);
  const [you, model] = music.parts;
  assertEquals(you!.notes[0]!.endTicks, you!.notes[1]!.startTicks);
  assertAlmostEquals(secondsAt(model!.notes[0]!.startTicks), 4.1, 0.002);
  assertEquals(model!.notes[0]!.startTicks, 2 * 4 * 480); // on a bar line
  const signatures = music.timeSignatures.map((one) => [one.numerator, one.denominator]);
  assertEquals(signatures, [[4, 4], [3, 4], [6, 8]]);
});

Deno.test("a session without known bar lines, or none at all, is a MIDI file too", () => {
  const note = { who: "person", pitch: 60, start: 5, end: 6, velocity: 80 } as const;
  assertEquals(
    readMidi(sessionMidi({ notes: [note], lines: [] })).parts[0]!.notes[0]!.startTicks,
    0,
  );
  sessionMidi({ notes: [], lines: [] });
});

Deno.test("an archive holds its files as they are", () => {
  const files = { "a.txt": new TextEncoder().encode("one"), "ä.bin": new Uint8Array(1000).fill(7) };
  const zip = zipOf(files), view = new DataView(zip.buffer);
  assertEquals(view.getUint32(0, true), 0x04034b50);
  assertEquals(view.getUint32(14, true), 0x7a6c86f1); // the CRC-32 of "one"
  assertEquals(new TextDecoder().decode(zip.subarray(30, 38)), "a.txtone");
  assertEquals(view.getUint16(zip.length - 12, true), 2);
  const directory = view.getUint32(zip.length - 6, true);
  assertEquals(view.getUint32(directory, true), 0x02014b50);
});
