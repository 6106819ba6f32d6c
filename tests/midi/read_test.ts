import { assertEquals, assertThrows } from "@std/assert";
import { readMidi } from "../../lib/midi/read.ts";
import {
  ascii,
  chunk,
  control,
  end,
  file,
  meta,
  name,
  off,
  on,
  program,
  tempo,
  track,
} from "./bytes.ts";

/** One note, C from tick 0 to 96. */
const note = [on(0, 60), off(96, 60)];
const plain = [{ pitch: 60, velocity: 100, startTicks: 0, endTicks: 96 }];

/** Notes of all parts, and what was repaired. */
function read(bytes: Uint8Array) {
  const { parts, repairs } = readMidi(bytes);
  return { notes: parts.flatMap((part) => part.notes), repairs };
}

Deno.test("readMidi reads notes, names, programmes, pedal, tempo and metre of a good file", () => {
  const bytes = file(
    { division: 96 },
    track(name("Étude"), tempo(0, 600_000), meta(0, 0x58, 6, 3, 24, 8), tempo(96, 400_000)),
    track(name("Right"), program(0, 1), on(0, 64, 80), control(10, 64, 127), on(38, 60), [
      ...[48, 60, 0], // running status, and velocity 0 for the end
      ...[0, 64, 0],
    ], control(10, 64, 0)),
  );
  assertEquals(readMidi(bytes), {
    ticksPerBeat: 96,
    tempos: [{ ticks: 0, microsecondsPerBeat: 600_000 }, {
      ticks: 96,
      microsecondsPerBeat: 400_000,
    }],
    timeSignatures: [{ ticks: 0, numerator: 6, denominator: 8 }],
    keySignatures: [],
    parts: [{
      track: 1,
      channel: 0,
      program: 1,
      programSet: true,
      name: "Right",
      drum: false,
      notes: [
        { pitch: 64, velocity: 80, startTicks: 0, endTicks: 96 },
        { pitch: 60, velocity: 100, startTicks: 48, endTicks: 96 },
      ],
      pedal: [{ ticks: 10, down: true }, { ticks: 106, down: false }],
    }],
    repairs: [],
  });
});

Deno.test("readMidi parts the notes of a track by channel and by the programme they were struck with", () => {
  const { parts } = readMidi(file(
    { format: 0 },
    track(
      program(0, 40, 1),
      on(0, 70, 90, 1),
      on(0, 60),
      on(0, 36, 90, 9),
      [
        ...program(10, 41, 1), // while the violin's note sounds
        ...on(0, 71, 90, 1),
      ],
      off(10, 70, 1),
      off(0, 71, 1),
      off(0, 60),
      off(0, 36, 9),
    ),
  ));
  assertEquals(
    parts.map(({ channel, program, programSet, drum, notes }) => [
      ...[channel, program, programSet, drum],
      ...[notes.length, notes[0]!.startTicks, notes[0]!.endTicks],
    ]),
    [
      [0, 0, false, false, 1, 0, 20],
      [1, 40, true, false, 1, 0, 20],
      [9, 0, false, true, 1, 0, 20],
      [1, 41, true, false, 1, 10, 20],
    ],
  );
});

Deno.test("readMidi gives a channel the programme and pedal that another track sets", () => {
  const { parts } = readMidi(
    file(
      {},
      track(program(0, 19), control(5, 64, 64)),
      track(...note),
      track(program(0, 2), ...note),
    ),
  );
  assertEquals(parts.map(({ program, programSet, pedal }) => [program, programSet, pedal]), [
    [19, true, [{ ticks: 5, down: true }]],
    [2, true, [{ ticks: 5, down: true }]],
  ]);
});

Deno.test("readMidi goes on with the running status after meta and system-exclusive events", () => {
  const sysex = [0, 0xf0, 3, 0x7e, 0x7f, 0xf7];
  const { notes, repairs } = read(
    file({}, track(on(0, 60), meta(0, 1, 65), [96, 60, 0], sysex, [0, 62, 90], [96, 62, 0])),
  );
  assertEquals([notes.length, notes[1]!.endTicks, repairs], [2, 192, []]);
});

Deno.test("readMidi passes over messages for the wire", () => {
  for (const message of [[0xf1, 5], [0xf2, 5, 5], [0xf3, 5], [0xf4], [0xf6], [0xf8], [0xfe]]) {
    assertEquals(read(file({}, track(on(0, 60), [0, ...message], off(96, 60)))), {
      notes: plain,
      repairs: ["1 message without a place in a file ignored"],
    });
  }
});

Deno.test("readMidi finds the header in a RIFF container and behind other bytes", () => {
  const inner = [...file({}, track(...note))];
  const riff = [
    ...ascii("RIFF"),
    60,
    0,
    0,
    0,
    ...ascii("RMIDdata"),
    inner.length,
    0,
    0,
    0,
    ...inner,
  ];
  assertEquals(read(new Uint8Array(riff)), {
    notes: plain,
    repairs: ["taken out of its RIFF container (.rmi)"],
  });
  const behind = read(new Uint8Array([...new Array(128).fill(0), ...inner]));
  assertEquals(behind, { notes: plain, repairs: ["128 bytes before the MIDI header ignored"] });
});

Deno.test("readMidi reads tracks between junk and chunks of other kinds", () => {
  const bytes = file({ declared: 1 }, chunk("XFIH", [1, 2, 3]), [0, 0], track(...note), [7, 7, 7]);
  assertEquals(read(bytes), { notes: plain, repairs: ["16 bytes outside of any track ignored"] });
});

Deno.test("readMidi believes the events where the length of a track is wrong", () => {
  const body = [...note.flat(), ...end()];
  const second = track(on(0, 72), off(10, 72));
  for (const length of [0, 1, body.length - 4, body.length + 3, body.length + 40, 0xffffffff]) {
    const { notes, repairs } = read(file({}, chunk("MTrk", body, length), second));
    assertEquals(notes.map((note) => note.pitch), [60, 72], `length ${length}`);
    assertEquals(repairs, ["1 track of wrong length read to the real end"], `length ${length}`);
  }
});

Deno.test("readMidi believes the declared length where the end mark comes early", () => {
  const bytes = file(
    {},
    chunk("MTrk", [...note.flat(), ...end(), 1, 2, 3]),
    track(on(0, 72), off(9, 72)),
  );
  assertEquals(read(bytes).notes.length, 2);
  assertEquals(read(bytes).repairs, ["3 bytes after the end of a track ignored"]);
});

Deno.test("readMidi reads a header of another length", () => {
  assertEquals(read(file({ header: [1, 2] }, track(...note))), { notes: plain, repairs: [] });
  const wrong = file({}, track(...note));
  for (const length of [0, 22, 255]) {
    wrong[7] = length;
    assertEquals(read(wrong), {
      notes: plain,
      repairs: ["the wrong length of the header ignored"],
    });
  }
});

Deno.test("readMidi reads a track without end mark, and one that is cut off", () => {
  assertEquals(read(file({}, chunk("MTrk", note.flat()))), {
    notes: plain,
    repairs: ["1 track without an end mark"],
  });
  const whole = file({}, track(...note, on(0, 62), off(300, 62)));
  for (let cut = 1; cut < whole.length; cut++) {
    const bytes = whole.subarray(0, whole.length - cut);
    if (bytes.length < 18) assertThrows(() => readMidi(bytes), Error); // before the first track
    else readMidi(bytes);
  }
  assertEquals(read(whole.subarray(0, whole.length - 6)), {
    notes: [...plain, { pitch: 62, velocity: 100, startTicks: 96, endTicks: 396 }],
    repairs: [
      "1 track cut off inside an event, used up to there",
      "1 track of wrong length read to the real end",
      "1 note without an end closed at the end of the music",
    ],
  });
});

Deno.test("readMidi counts tracks itself", () => {
  assertEquals(read(file({ declared: 65_535 }, track(...note))), {
    notes: plain,
    repairs: ["65,534 tracks fewer than the header declares"],
  });
  assertEquals(read(file({ format: 0, declared: 1 }, track(), track(...note))), {
    notes: plain,
    repairs: ["1 track more than the header declares, read all the same"],
  });
});

Deno.test("readMidi puts the sequences of format 2 one after the other, each from a whole bar", () => {
  const bytes = file({ format: 2, division: 24 }, track(...note), track(on(0, 62), off(24, 62)));
  const music = readMidi(bytes);
  assertEquals(music.parts.map((part) => part.notes[0]!.startTicks), [0, 96]);
  assertEquals(music.repairs, ["the 2 sequences of format 2 put one after the other"]);
});

Deno.test("readMidi reads an unknown format as format 1", () => {
  assertEquals(read(file({ format: 77 }, track(...note))), {
    notes: plain,
    repairs: ["the unknown format read as format 1"],
  });
});

Deno.test("readMidi leaves out what makes no sense, and says so", () => {
  const bytes = file(
    {},
    track(tempo(0, 0), meta(0, 0x51, 7), meta(0, 0x58, 0, 2, 24, 8), meta(0, 0x58, 4, 200, 24, 8), [
      ...on(0, 60, 200),
      ...[0, 0x90, 200, 100],
    ], off(96, 60)),
  );
  const music = readMidi(bytes);
  assertEquals(music.tempos, [{ ticks: 0, microsecondsPerBeat: 500_000 }]);
  assertEquals(music.timeSignatures, [{ ticks: 0, numerator: 4, denominator: 4 }]);
  assertEquals(music.parts[0]!.notes, [{ ...plain[0]!, velocity: 127 }]);
  assertEquals(music.repairs, [
    "4 tempos or metres without meaning ignored",
    "2 values out of range put right",
  ]);
});

Deno.test("readMidi takes a metre event of two bytes", () => {
  const { timeSignatures, repairs } = readMidi(file({}, track(meta(0, 0x58, 3, 2), ...note)));
  assertEquals(timeSignatures, [{ ticks: 0, numerator: 3, denominator: 4 }]);
  assertEquals(repairs, []);
});

Deno.test("readMidi takes the key signature of most tracks, and none without meaning", () => {
  const key = (...data: number[]) => meta(0, 0x59, ...data);
  const { keySignatures, repairs } = readMidi(file(
    {},
    track(key(0xfa, 1), ...note, key(7, 0), meta(9, 0x59, 7, 0)),
    track(key(2, 0), key(9, 0), key(1)),
    track(key(0xfa, 1), key(1, 2)),
  ));
  assertEquals(keySignatures, [
    { ticks: 0, fifths: -6, mode: "minor" },
    { ticks: 96, fifths: 7, mode: "major" },
  ]);
  assertEquals(repairs, ["3 key signatures without meaning ignored"]);
});

Deno.test("readMidi uses a damaged track up to the damage", () => {
  for (const damage of [[0x81, 0x82, 0x83, 0x84, 0x05], [0, 0xff, 1, 0x81, 0x82, 0x83, 0x84]]) {
    const { notes, repairs } = read(file({}, track(...note, damage, on(0, 62), off(9, 62))));
    assertEquals([notes, repairs[0]], [plain, "1 track damaged, used up to the damage"]);
  }
  assertEquals(read(file({}, track([0, 60, 100]))).notes, []); // no status to go on with
});

Deno.test("readMidi reads on after an end mark where the track's length leads to another one", () => {
  const early = read(file({}, track(...note, end(), on(0, 62), off(480, 62))));
  assertEquals(early.notes.length, plain.length + 1);
  assertEquals(early.repairs, ["1 end mark in the middle of a track ignored"]);
});

Deno.test("readMidi says why it cannot read", () => {
  const reasons: [Uint8Array, string][] = [
    [new Uint8Array(), "the file is empty"],
    [new TextEncoder().encode("Dear reader"), "not a MIDI file: it has no MIDI header"],
    [new TextEncoder().encode("SMF2CLIP\0"), "a MIDI 2.0 clip; only MIDI 1.0 files are read"],
    [Uint8Array.of(0x1f, 0x8b, 8, 0), "not a MIDI file: a gzip archive; unpack it first"],
    [
      new TextEncoder().encode("PK\x03\x04 score.xml"),
      "a ZIP archive; unpack it first (a MusicXML score: name it .mxl)",
    ],
    [new TextEncoder().encode("\n<!DOCTYPE html><title>404"), "a web page, saved in place"],
    [
      new TextEncoder().encode('<?xml version="1.0"?>\n<!DOCTYPE score-partwise PUBLIC "">'),
      "a MusicXML score; name it .musicxml",
    ],
    [new TextEncoder().encode("RIFF\0\0\0\0WAVEfmt "), "not a MIDI file: sound, not notes"],
    [Uint8Array.of(0xff, 0xfb, 0x90, 0x64, 0), "sound, not notes"],
    [Uint8Array.of(0xff, 0xf3, 0x90, 0x64, 0), "sound, not notes"],
    [new TextEncoder().encode("FORM\0\0\0\x10AIFFCOMM"), "sound, not notes"],
    [new TextEncoder().encode("FORM\0\0\0\x0eXDIRINFO"), "an XMI file of a game"],
    [Uint8Array.of(0, 5, 0x16, 7, 0, 2, 0, 0), "a companion file of macOS"],
    [new TextEncoder().encode("version https://git-lfs.example/spec/v1\noid"), "git lfs pull"],
    [new TextEncoder().encode("%PDF-1.4"), "a PDF"],
    [file({}).subarray(0, 13), "the MIDI header is cut off"],
    [file({}, chunk("mtrk", end())), "it has no tracks, though its header declares 1"],
    [
      file({ division: 0 }, track(...note)),
      "its time division is 0, which gives the notes no time",
    ],
    [file({ division: 0xe700 }), "its time division is 0, which gives the notes no time"],
  ];
  for (const [bytes, reason] of reasons) assertThrows(() => readMidi(bytes), Error, reason);
});

Deno.test("readMidi cleans names", () => {
  const named = (...bytes: number[]) =>
    readMidi(file({}, track(meta(0, 3, ...bytes), ...note))).parts[0]!.name;
  assertEquals(named(...ascii("a\x00\x1b[31m\nb\u007f")), "a [31m b");
  assertEquals(named(...new TextEncoder().encode("右手 \u202eevil")), "右手 evil");
  assertEquals(named(0xdc, 0x62, 0x65, 0x72), "Über"); // Latin-1
  assertEquals(named(...new Array(10_000).fill(0x41)).length, 120);
  assertEquals(named(...new TextEncoder().encode("é".repeat(1000))), "é".repeat(120));
});
