import { assertEquals } from "@std/assert";
import { metreSpans, musicBegins } from "../../lib/midi/bar_lines.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { file, meta, off, on, track } from "./bytes.ts";

const LILYPOND = meta(0, 0x01, ...new TextEncoder().encode("LilyPond 2.24.1               "));

/** Bars in quarters: a low long bass on one place of the bar, short chords on the others. */
function quarters(first: number, beatsPerBar: number, texts: readonly number[][]) {
  const beats = Array.from({ length: 60 }, (_, beat) => {
    const isBass = beat % beatsPerBar === first;
    const pitches = isBass ? [36, 48] : [60];
    return [
      ...pitches.map((pitch) => on(0, pitch)),
      ...pitches.map((pitch, i) => off(i === 0 ? isBass ? 480 : 120 : 0, pitch)),
      ...isBass ? [] : [on(360, 1), off(0, 1)],
    ];
  });
  return readMidi(file({}, track(...texts, ...beats.flat())));
}

function waltz(first: number, text: readonly number[][] = [LILYPOND]) {
  return quarters(first, 3, [...text, meta(0, 0x58, 3, 2, 24, 8)]);
}

const signatures = (music: ReturnType<typeof readMidi>) =>
  music.timeSignatures.map(({ ticks, numerator, denominator }) =>
    `${ticks}: ${numerator}/${denominator}`
  );

Deno.test("A file by LilyPond gets the upbeat that its bars are off by, and says so", () => {
  const music = waltz(1);
  assertEquals(signatures(music), ["0: 1/4", "480: 3/4"]);
  assertEquals(music.repairs.filter((repair) => repair.includes("upbeat")), [
    "the bar lines moved by the upbeat, which LilyPond leaves out",
  ]);
  assertEquals(metreSpans(music)[0]!.upbeat, true);
  const [span, ...others] = metreSpans(quarters(1, 4, [LILYPOND]));
  assertEquals([span, others], [
    { from: 0, line: -3 * 480, signature: [4, 4], upbeat: true },
    [],
  ], "without a metre");
});

Deno.test("A file of very many parts has bar lines like any other", () => {
  const parts = Array.from({ length: 150_000 }, (_, track) => ({
    ...{ track, channel: 0, program: 0, programSet: false, name: "", drum: false, pedal: [] },
    notes: [{ pitch: 60, velocity: 64, startTicks: 480, endTicks: 960 }],
  }));
  const timeSignatures = [{ ticks: 0, numerator: 4, denominator: 4 }];
  assertEquals(musicBegins({ ticksPerBeat: 480, timeSignatures, parts }), 0);
});

Deno.test("Bar lines stay where they are right, in doubt, or another program's", () => {
  assertEquals(signatures(waltz(0)), ["0: 3/4"]);
  assertEquals(signatures(waltz(2)), ["0: 3/4"], "more than half a bar");
  assertEquals(signatures(waltz(1, [])), ["0: 3/4"]);
});

Deno.test("A file by LilyPond with very many notes at once is read like any other", () => {
  const keys = [...Array(15).keys()].flatMap((channel) =>
    [...Array(100).keys()].map((pitch) => [channel < 9 ? channel : channel + 1, pitch] as const)
  );
  const chord = track(
    ...keys.map(([channel, pitch]) => [0, 0x90 | channel, pitch, 64]),
    ...keys.map(([channel, pitch], i) => [i === 0 ? 96 : 0, 0x80 | channel, pitch, 64]),
  );
  const scale = [...Array(120).keys()].flatMap((i) => [on(0, 60 + i % 12), off(480, 60 + i % 12)]);
  const music = readMidi(
    file({}, track(LILYPOND, ...scale), ...Array<number[]>(90).fill(chord)),
  );
  assertEquals(music.parts.reduce((all, { notes }) => all + notes.length, 0), 135_000 + 120);
});
