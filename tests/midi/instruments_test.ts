import { assertAlmostEquals, assertEquals } from "@std/assert";
import { timedEvents } from "../../lib/audio/render.ts";
import { musicBegins } from "../../lib/midi/bar_lines.ts";
import { handOfName, kindOfName } from "../../lib/midi/part_names.ts";
import { choosePiano } from "../../lib/midi/piano.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { heardTempo } from "../../lib/midi/tempo.ts";
import { sustain } from "../../lib/tokens/pedal.ts";
import { control, end, file, name, off, on, program, tempo, track } from "./bytes.ts";
import { noteAt, songOf } from "./song.ts";

const BEAT = 480, PEDAL = 64;

/** Notes with the pedal, as `pitch start–end` in beats. */
function heard(bytes: Uint8Array): string[] {
  const music = readMidi(bytes);
  return choosePiano(music, "piano").parts.flatMap((part) => sustain(part, music.ticksPerBeat))
    .sort((a, b) => a.startTicks - b.startTicks || a.pitch - b.pitch)
    .map((note) => `${note.pitch} ${note.startTicks / BEAT}–${note.endTicks / BEAT}`);
}

Deno.test("A piano has one pedal, whichever of its channels moves it", () => {
  const hands = (pedalChannel: number) =>
    track(
      ...[program(0, 0, 7), program(0, 0, 8), control(0, PEDAL, 127, pedalChannel)],
      ...[on(0, 48, 80, 7), on(0, 72, 80, 8), off(240, 48, 7), off(0, 72, 8)],
      ...[control(1680, PEDAL, 0, pedalChannel), on(960, 76, 80, 8), off(480, 76, 8)],
    );
  for (const channel of [0, 7, 8, 15]) {
    assertEquals(heard(file({}, hands(channel))), ["48 0–4", "72 0–4", "76 6–7"]);
  }
});

Deno.test("A bass beside a piano has no part in its pedal, nor the piano in the bass's", () => {
  const bytes = (channel: number) =>
    file(
      {},
      track(program(0, 0, 0), on(0, 72), off(240, 72), on(2640, 76), off(480, 76)),
      track(
        ...[program(0, 33, 1), control(0, PEDAL, 127, channel), on(0, 40, 80, 1)],
        ...[off(240, 40, 1), control(1680, PEDAL, 0, channel)],
      ),
    );
  const ends = (channel: number) => readMidi(bytes(channel)).parts.map(({ pedal }) => pedal.length);
  assertEquals(ends(0), [2, 0]);
  assertEquals(ends(1), [0, 2]);
});

Deno.test("Reset All Controllers lets the pedal up; a hovering pedal does not flutter", () => {
  const reset = file(
    {},
    track(control(0, PEDAL, 127), on(0, 60), off(480, 60), control(480, 121, 0), on(960, 64)),
  );
  assertEquals(heard(reset)[0], "60 0–2");
  const hover = Array.from(
    { length: 20 },
    (_, i) => control(20, PEDAL, i % 2 === 0 ? 66 : 60 - i % 12),
  );
  const bytes = file(
    {},
    track(control(0, PEDAL, 100), ...hover, control(20, PEDAL, 10), on(0, 60), off(9, 60)),
  );
  assertEquals(readMidi(bytes).parts[0]!.pedal.map(({ down }) => down), [true, false]);
  const switched = [64, 63, 64, 63].map((value) => control(20, PEDAL, value));
  const simple = readMidi(file({}, track(...switched, on(0, 60), off(9, 60))));
  assertEquals(simple.parts[0]!.pedal.length, 4);
});

Deno.test("A track of controllers alone moves the pedal of its channel, beside what the notes' own does", () => {
  const notes = track(control(0, PEDAL, 127), on(0, 60), off(240, 60), on(1680, 64), off(480, 64));
  const reset = track(control(960, 121, 0));
  assertEquals(heard(file({}, notes, reset)), ["60 0–2", "64 4–5"]);
});

Deno.test("The sostenuto pedal holds what is down when it goes down, and nothing later", () => {
  const bytes = file(
    {},
    track(
      ...[on(0, 48), control(240, 66, 127), off(240, 48), on(0, 72), off(480, 72)],
      ...[control(960, 66, 0), on(0, 74), off(480, 74)],
    ),
  );
  assertEquals(heard(bytes), ["48 0–4", "72 1–2", "74 4–5"]);
});

Deno.test("Names tell instruments from titles, in many languages", () => {
  const kinds: Record<string, readonly string[]> = {
    piano: [
      "Piano",
      "Grand Piano",
      "Klavier",
      "Фортепиано",
      "ピアノ",
      "Piano (right hand)",
      "Konzertflügel",
      "Piano droit",
    ],
    hand: [
      "RH",
      "left hand",
      "Main gauche",
      "treble:",
      "upper",
      "mano destra",
      "Rechterhand",
      "r. H.",
    ],
    drums: [
      "Drums",
      "Schlagzeug",
      "Ударные",
      "ドラム",
      "Drum Kit 1",
      "Percussion",
      "Drums (Standard)",
      "Drum Rack",
    ],
    other: [
      "Bass",
      "E-Bass",
      "Strings",
      "Violin I",
      "Streicher",
      "Контрабас",
      "Slap Bass 1",
      "Basso elettrico",
    ],
    undefined: ["", "Track 1", "Carol of the Bells", "All About That Bass", "Drums of War"],
  };
  for (const [kind, names] of Object.entries(kinds)) {
    for (const name of names) assertEquals(`${kindOfName(name)}`, kind, name);
  }
});

Deno.test("Names tell hands, in many languages and short", () => {
  const pairs = [
    ["Klavier (r. H.)", "Klavier (l. H.)"],
    ["ピアノ（右手）", "ピアノ（左手）"],
    ["Pianoforte dx", "Pianoforte sx"],
    ["Rechterhand", "Linkerhand"],
    ["Piano R", "Piano L"],
    ["treble", "bass"],
    ["Main droite", "Main gauche"],
  ];
  for (const [right, left] of pairs) {
    assertEquals([right!, left!].map(handOfName), ["right", "left"], right);
  }
  assertEquals(["Piano", "Left and right", ""].map(handOfName), [undefined, undefined, undefined]);
});

Deno.test("Parts that are called drums or bass are no piano; a silent part is left out; both said", () => {
  const notes = (channel = 0) => [on(0, 60, 80, channel), off(480, 60, channel)];
  const chosen = (...tracks: number[][]) => {
    const { parts, reason } = choosePiano(readMidi(file({}, ...tracks)), "piano");
    return [parts.map(({ name }) => name).join(), reason];
  };
  const band = ["Drums", "Bass", "Grand Piano"].map((called) => track(name(called), ...notes()));
  assertEquals(chosen(...band), ["Grand Piano", "1 of 3 parts: Drums, Bass by name are no piano"]);
  assertEquals(chosen(band[1]!)[0], "Bass");
  for (const [upper, lower] of [["treble:", "bass:"], ["Soprano", "Bass"], ["RH", "Bass"]]) {
    const staves = [track(name(upper!), ...notes()), track(name(lower!), ...notes())];
    assertEquals(chosen(...staves)[0], `${upper},${lower}`);
  }
  const guide = track(name("Guide"), program(0, 0, 1), control(0, 7, 0, 1), ...notes(1));
  assertEquals(chosen(track(name("Piano"), ...notes()), guide), [
    "Piano",
    "1 of 2 parts: called a piano; silent: Guide",
  ]);
});

Deno.test("A track called Piano on channel 10 is a piano; keys that no piano has are left out", () => {
  const ten = file({}, track(name("Piano"), on(0, 60, 80, 9), off(480, 60, 9)));
  const { parts, reason } = choosePiano(readMidi(ten), "piano");
  assertEquals([parts.length, reason.includes("channel 10")], [1, true]);
  const keys = file({}, track(on(0, 60), on(0, 14, 1), off(10, 14), off(470, 60)));
  const within = choosePiano(readMidi(keys), "piano");
  assertEquals(within.parts[0]!.notes.map(({ pitch }) => pitch), [60]);
  assertEquals(within.reason.endsWith("1 note beyond the piano's keys left out"), true);
});

Deno.test("A note that is never let go ends with the music, not with a far end mark", () => {
  const melody = Array.from({ length: 8 }, (_, i) => [...on(0, 60 + i), ...off(480, 60 + i)]);
  const bytes = file({}, track(on(0, 36), ...melody, end(480 * 3600)));
  assertEquals(heard(bytes).find((note) => note.startsWith("36")), "36 0–8");
  const alone = file({}, track(on(0, 36), end(480 * 3600)));
  assertEquals(heard(alone), ["36 0–4"]);
});

Deno.test("The tempo is that of the music, not of an empty bar before it", () => {
  const music = readMidi(
    file({}, track(tempo(0, 60606), tempo(1920, 833_333), on(0, 60), off(1920, 60))),
  );
  assertAlmostEquals(heardTempo(music, 1920, 3840), 72, 0.01);
  assertEquals(heardTempo(music, 0, 0), 120);
});

Deno.test("Expression makes sound softer as its value says, and empty bars before music are cut", () => {
  const bytes = file(
    {},
    track(
      control(0, 11, 127),
      on(0, 60),
      off(480, 60),
      control(0, 11, 10),
      on(0, 60),
      off(480, 60),
    ),
  );
  const music = readMidi(bytes), events = timedEvents(music, music.parts);
  const values = events.filter(({ kind }) => kind === "expression").map(({ velocity }) => velocity);
  assertEquals(values, [127, Math.round(127 * Math.sqrt(10 / 127))]);
  const late = readMidi(songOf([noteAt(60, 36, 1)]));
  assertEquals(musicBegins(late), 36 * BEAT);
  assertEquals(timedEvents(late, late.parts, 36 * BEAT)[0]!.frame, 0);
  assertEquals(musicBegins(readMidi(songOf([noteAt(60, 3, 1)]))), 0);
});
