/**
 * Why files are not read with `@tonejs/midi`, and that where it does read them, it finds the same.
 * @module
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import tone from "@tonejs/midi";
import { randomPiece } from "../../tools/fuzz/music.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { writeMidi } from "../../lib/midi/write.ts";
import { Random } from "../../lib/random.ts";
import { chunk, end, file, meta, off, on, program, tempo, track } from "./bytes.ts";
import { songOf } from "./song.ts";

type Row = [pitch: number, velocity: number, startTicks: number, endTicks: number];

function byAll(a: Row, b: Row): number {
  return a[2] - b[2] || a[0] - b[0] || a[3] - b[3];
}

function here(bytes: Uint8Array): Row[] {
  return readMidi(bytes).parts.flatMap((part) => part.notes)
    .map((
      { pitch, velocity, startTicks, endTicks },
    ): Row => [pitch, velocity, startTicks, endTicks])
    .sort(byAll);
}

function there(bytes: Uint8Array): Row[] {
  return new tone.Midi(bytes).tracks.flatMap((track) => track.notes)
    .map(({ midi, velocity, ticks, durationTicks }): Row => [
      ...[midi, Math.round(velocity * 127)] as const,
      ...[ticks, ticks + durationTicks] as const,
    ])
    .sort(byAll);
}

const note = [on(0, 60), off(96, 60)];

Deno.test("@tonejs/midi finds the same notes, tempo and metre in what writeMidi writes", () => {
  const random = new Random(11);
  for (let i = 0; i < 200; i++) {
    const written = randomPiece(random);
    const bytes = writeMidi(written);
    assertEquals(there(bytes), here(bytes));
    assertEquals(here(bytes).length, written.notes.length);
    const { header } = new tone.Midi(bytes);
    assertEquals(header.ppq, written.ticksPerBeat);
    assert(Math.abs(header.tempos[0]!.bpm - written.beatsPerMinute) < 0.01);
    const { numerator, denominator } = written.timeSignature;
    assertEquals(header.timeSignatures[0]!.timeSignature, [numerator, denominator]);
  }
});

Deno.test("@tonejs/midi finds the same notes in tracks, channels and voices that meet on a key", () => {
  const bytes = file(
    {},
    track(tempo(0, 600_000)),
    track(program(0, 0), on(0, 60), on(10, 60), off(10, 60), on(0, 64, 90, 1), off(10, 60), [
      ...off(10, 64, 1),
    ]),
    track(program(0, 48, 2), on(5, 72, 64, 2), off(100, 72, 2)),
  );
  assertEquals(there(bytes), here(bytes));
  assertEquals(here(bytes).length, 4);
});

Deno.test("readMidi reads what @tonejs/midi throws on", () => {
  const readable = {
    "a message for the wire": file({}, track(on(0, 60), [0, 0xfe], off(96, 60))),
    "a chunk of another kind": file({ declared: 1 }, chunk("Junk", [1, 2]), track(...note)),
    "a metre event of three bytes": file({}, track(meta(0, 0x58, 4, 2, 24), ...note)),
    "bytes before the header": new Uint8Array([1, 2, 3, ...file({}, track(...note))]),
    "a text of 200,000 characters": file({}, longText(), track(...note)),
  };
  for (const [what, bytes] of Object.entries(readable)) {
    let thrown: unknown;
    try {
      there(bytes);
    } catch (error) {
      thrown = error; // a string, as a rule
    }
    assert(thrown !== undefined, what);
    assertEquals(here(bytes), [[60, 100, 0, 96]], what);
  }
});

Deno.test("readMidi finds notes that @tonejs/midi loses or gives wrong ends", () => {
  const stuck = [on(0, 60), ...[10, 10, 10].flatMap((gap) => [on(gap, 60), off(5, 60)])];
  const cases: Record<string, [Uint8Array, Row[]]> = {
    "a note without an end shifts the ends of those after it": [
      file({}, track(...stuck)),
      [[60, 100, 0, 10], [60, 100, 10, 15], [60, 100, 25, 30], [60, 100, 40, 45]],
    ],
    "a note without an end is lost": [
      file({}, track(on(0, 60), end(96))),
      [[60, 100, 0, 96]],
    ],
    "a note held over a change of programme is lost": [
      file({}, track(program(0, 0), on(0, 60), program(10, 1), off(86, 60))),
      [[60, 100, 0, 96]],
    ],
    "a wrong length of a track hides the next track": [
      file({}, chunk("MTrk", [...note.flat(), ...end()], 60), track(on(0, 72), off(96, 72))),
      [[60, 100, 0, 96], [72, 100, 0, 96]],
    ],
    "tracks beyond the declared number are lost": [
      file({ declared: 1 }, track(...note), track(on(0, 72), off(96, 72))),
      [[60, 100, 0, 96], [72, 100, 0, 96]],
    ],
  };
  for (const [what, [bytes, notes]] of Object.entries(cases)) {
    assertEquals(here(bytes), notes, what);
    assertNotEquals(there(bytes), notes, what);
  }
});

Deno.test("@tonejs/midi has no seconds for SMPTE time, and two clocks before the first tempo", () => {
  const smpte = new tone.Midi(file({ division: 0xe728 }, track(...note)));
  assert(Number.isNaN(smpte.tracks[0]!.notes[0]!.time));
  const late = new tone.Midi(file({}, track(on(480, 60), tempo(0, 1_000_000), off(480, 60))));
  assertEquals([late.header.ticksToSeconds(479), late.header.ticksToSeconds(480)], [479 / 960, 1]);
});

Deno.test("writeMidi writes names that @tonejs/midi garbles", () => {
  const midi = new tone.Midi();
  midi.addTrack().addNote({ midi: 60, ticks: 0, durationTicks: 10 });
  midi.name = "右手";
  assertNotEquals(new tone.Midi(midi.toArray()).name, midi.name);
  const text = new TextDecoder().decode(songOf([], { name: "右手" }));
  assert(text.includes("右手"));
});

function longText(): number[] {
  const size = [0x8c, 0x9a, 0x40]; // 200,000
  return chunk("MTrk", [0, 0xff, 1, ...size, ...new Array<number>(200_000).fill(65), ...end()]);
}
