import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { randomPiece } from "../../tools/fuzz/music.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { secondsAt } from "../../lib/midi/tempo.ts";
import { type PianoOutput, writeMidi } from "../../lib/midi/write.ts";
import { Random } from "../../lib/random.ts";
import { chunk, end, file, meta, off, on, program, tempo, track } from "./bytes.ts";

const piece: PianoOutput = {
  notes: [
    { pitch: 64, velocity: 1, startTicks: 24, endTicks: 48 },
    { pitch: 60, velocity: 127, startTicks: 0, endTicks: 24 },
    { pitch: 64, velocity: 80, startTicks: 0, endTicks: 24 },
  ],
  ticksPerBeat: 24,
  beatsPerMinute: 100,
  timeSignature: { numerator: 3, denominator: 8 },
  name: "Übung\n1",
};

Deno.test("writeMidi writes a conductor track and a piano track, ends before strikes", () => {
  const expected = file(
    { division: 24 },
    chunk("MTrk", [
      ...meta(0, 3, ...new TextEncoder().encode("Übung 1")),
      ...tempo(0, 600_000),
      ...meta(0, 0x58, 3, 3, 24, 8),
      ...end(48),
    ]),
    track(
      ...[meta(0, 3, ...new TextEncoder().encode("Piano")), program(0, 0)],
      ...[on(0, 60, 127), on(0, 64, 80), off(24, 60), off(0, 64), on(0, 64, 1), off(24, 64)],
    ),
  );
  assertEquals(writeMidi(piece), expected);
});

Deno.test("writeMidi ends both tracks where the music ends", () => {
  const bytes = writeMidi({ ...piece, endTicks: 1000 });
  const { parts, tempos } = readMidi(new Uint8Array([...bytes.subarray(0, -4), 0x83])); // cut off
  assertEquals([parts[0]!.notes.length, tempos.length], [3, 1]);
  assertEquals([...bytes.subarray(-5)], end(1000 - 48));
  assertEquals(writeMidi({ ...piece, endTicks: 10 }), writeMidi(piece)); // not before its notes
});

Deno.test("writeMidi and readMidi give random music back exactly, and the same bytes each time", () => {
  const random = new Random(5);
  let notes = 0;
  for (let i = 0; i < 500; i++) {
    const output = randomPiece(random);
    const bytes = writeMidi(output);
    assertEquals(writeMidi({ ...output, notes: [...output.notes].reverse() }), bytes);
    const music = readMidi(bytes);
    assertEquals(music.parts.flatMap((part) => part.notes), [...output.notes]);
    assertEquals(music.repairs, []);
    assertEquals(music.ticksPerBeat, output.ticksPerBeat);
    assertEquals(music.timeSignatures, [{ ticks: 0, ...output.timeSignature }]);
    const oneBeat = secondsAt(music, output.ticksPerBeat);
    assertAlmostEquals(oneBeat, 60 / output.beatsPerMinute, 0.5e-6);
    notes += output.notes.length;
  }
  assert(notes > 10_000);
});

Deno.test("writeMidi refuses what has no place in a file", () => {
  const note = { pitch: 60, velocity: 100, startTicks: 0, endTicks: 10 };
  const wrong: [Partial<PianoOutput>, string][] = [
    [{ notes: [{ ...note, pitch: 128 }] }, "pitch is 128"],
    [{ notes: [{ ...note, velocity: 0 }] }, "velocity is 0"],
    [{ notes: [{ ...note, velocity: 99.5 }] }, "velocity is 99.5"],
    [{ notes: [{ ...note, startTicks: -1 }] }, "startTicks is -1"],
    [{ notes: [{ ...note, endTicks: 0 }] }, "endTicks of a note is 0"],
    [{ notes: [{ ...note, endTicks: 2 ** 28 }] }, "endTicks of a note is 268435456"],
    [{ notes: [note, { ...note, startTicks: 9, endTicks: 20 }] }, "overlap at tick 9"],
    [{ ticksPerBeat: 0x8000 }, "ticksPerBeat is 32768"],
    [{ beatsPerMinute: 1 }, "microseconds per beat is 60000000"],
    [{ beatsPerMinute: NaN }, "microseconds per beat is NaN"],
    [{ timeSignature: { numerator: 0, denominator: 4 } }, "numerator is 0"],
    [{ timeSignature: { numerator: 4, denominator: 5 } }, "power of two is 2.3"],
    [{ endTicks: 1.5 }, "endTicks is 1.5"],
  ];
  for (const [change, message] of wrong) {
    assertThrows(() => writeMidi({ ...piece, ...change }), RangeError, message);
  }
});

Deno.test("writeMidi writes an empty piece, and 100,000 notes", () => {
  assertEquals(readMidi(writeMidi({ ...piece, notes: [] })).parts, []);
  const notes = Array.from({ length: 100_000 }, (_, i) => {
    const startTicks = i * 8;
    return { pitch: 20 + i % 80, velocity: 64, startTicks, endTicks: startTicks + 240 };
  });
  assertEquals(readMidi(writeMidi({ ...piece, notes })).parts[0]!.notes, notes);
});
