import { assertEquals } from "@std/assert";
import { beamsIn } from "../../lib/score/beams.ts";
import { spell } from "../../lib/score/spelling.ts";
import { type ScoreBar, type ScoreNote, UNITS } from "../../lib/score/notes.ts";
import { scoreMusic } from "../../lib/score/score_music.ts";
import { settle } from "../../lib/score/settle.ts";
import { valuesOf } from "../../lib/score/values.ts";
import { segmentsOf, separateVoices } from "../../lib/score/voices.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { songOf } from "../midi/song.ts";

function bar(numerator: number, denominator: number): ScoreBar {
  const length = numerator * 4 * UNITS / denominator;
  return { start: 0, length, numerator, denominator, missing: 0 };
}

/** A note from beat to beat. */
function note(pitch: number, from: number, to: number): ScoreNote {
  const [start, end] = [Math.round(from * UNITS), Math.round(to * UNITS)];
  return { pitch, start, end, part: 0, hand: "right", division: 1, divided: [0, 0], graces: [] };
}

/** How one note or rest from beat to beat is written: `4.` is a dotted quarter. */
function written(bar: ScoreBar, from: number, to: number, rest = false): string {
  const segment = {
    start: from * UNITS,
    end: to * UNITS,
    notes: rest ? [] : [{
      pitch: 60,
      tiedFrom: false,
      tiedTo: false,
      graces: [],
      isRolled: false,
      isStaccato: false,
    }],
  };
  return valuesOf(segment, bar, []).map(({ value, dots }) => value + ".".repeat(dots))
    .join(" ");
}

Deno.test("Note values show the beats: ties over the stronger ones, plain syncopations kept", () => {
  const common = bar(4, 4), waltz = bar(3, 4), jig = bar(6, 8);
  assertEquals(written(common, 0, 4), "1");
  assertEquals(written(common, 0, 3), "2.");
  assertEquals(written(common, 1, 3), "2");
  assertEquals(written(common, 0.5, 1.5), "4");
  assertEquals(written(common, 1.5, 2.5), "8 8");
  assertEquals(written(common, 0.5, 3.5), "4. 4.");
  assertEquals(written(common, 0.75, 1.5), "16 8");
  assertEquals(written(common, 0, 2.5), "2 8");
  assertEquals(written(waltz, 0, 3), "2.");
  assertEquals(written(waltz, 0.5, 3), "8 2");
  assertEquals(written(jig, 0, 3), "2.");
  assertEquals(written(jig, 0, 1.5), "4.");
  assertEquals(written(jig, 1, 2), "8 8");
  assertEquals(written(jig, 0, 2), "4. 8");
});

Deno.test("A double-dotted note is one note where the next longer one could stand", () => {
  const common = bar(4, 4);
  assertEquals(written(common, 0, 1.75), "4..");
  assertEquals(written(common, 3, 3.875), "8..");
  assertEquals(written(common, 0, 3.5), "2..");
  assertEquals(written(common, 1, 2.75), "4 8.", "over the middle of the bar");
  assertEquals(written(common, 0.25, 2), "8. 4");
  assertEquals(written(common, 0, 1.75, true), "4 8 16", "a rest");
  assertEquals(written(bar(6, 8), 0, 1.75), "4. 16");
});

Deno.test("Rests never hide a beat", () => {
  assertEquals(written(bar(4, 4), 1, 3, true), "4 4");
  assertEquals(written(bar(4, 4), 0.5, 2, true), "8 4");
  assertEquals(written(bar(4, 4), 2, 4, true), "2");
  assertEquals(written(bar(6, 8), 1.5, 3, true), "4.");
  assertEquals(written(bar(3, 4), 1, 3, true), "4 4");
});

Deno.test("Three notes in the time of two are found, and written as such", () => {
  const common = bar(4, 4);
  const notes = [0, 1, 2].map((i) => note(60 + i, i / 3, (i + 1) / 3));
  const { notes: settled, tuplets: [tuplets] } = settle(notes, [common]);
  const values = segmentsOf(settled, 0, 4 * UNITS)
    .flatMap((segment) => valuesOf(segment, common, tuplets!));
  const tuplet = { start: 0, length: UNITS, actual: 3, normal: 2, value: 8 };
  assertEquals(tuplets, [tuplet]);
  assertEquals(values.map(({ value, tuplet }) => [value, tuplet]), [
    [8, tuplet],
    [8, tuplet],
    [8, tuplet],
    [4, undefined],
    [2, undefined],
  ]);
  assertEquals(beamsIn(values, common).slice(0, 3), [["begin"], ["continue"], ["end"]]);
});

Deno.test("Beats are divided as their notes ask for, also where a player is a little off", () => {
  const onsets = [0, 1 / 4, 1 / 2, 1, 4 / 3, 5 / 3, 2, 2.5, 3];
  for (const off of [0, 0.02]) {
    const notes = onsets.map((onset, i) => {
      const startTicks = Math.round(480 * (onset + (i % 2 ? off : -off) + 4));
      return { pitch: 60, velocity: 80, startTicks, endTicks: startTicks + 100 };
    });
    const music = readMidi(songOf(notes));
    const sheet = scoreMusic(music, music.parts);
    assertEquals(
      sheet.notes.map(({ start }) => start),
      onsets.map((onset) => Math.round(onset * UNITS)),
    );
  }
});

Deno.test("A hand has one voice until notes of different lengths overlap, then two", () => {
  const one = [note(60, 0, 1), note(64, 0, 1), note(62, 1, 2), note(86, 2, 3), note(40, 3, 4)];
  assertEquals(separateVoices(one).map((voice) => voice.length), [5, 0]);
  const two = [note(55, 0, 1), note(72, 0, 4), note(57, 1, 2), note(59, 2, 3), note(60, 3, 4)];
  assertEquals(separateVoices(two).map((voice) => voice.map(({ pitch }) => pitch)), [
    [72],
    [55, 57, 59, 60],
  ]);
});

Deno.test("Pitches are spelled as their key has them", () => {
  const name = (pitch: number, fifths: number, mode: "major" | "minor") => {
    const { letter, alter, octave } = spell(pitch, { fifths, mode });
    return letter + (alter < 0 ? "b".repeat(-alter) : "#".repeat(alter)) + octave;
  };
  assertEquals([60, 61, 63, 66, 68, 70].map((pitch) => name(pitch, 0, "major")), [
    "C4",
    "C#4",
    "Eb4",
    "F#4",
    "G#4",
    "Bb4",
  ]);
  assertEquals([66, 68, 63].map((pitch) => name(pitch, 0, "minor")), ["F#4", "G#4", "D#4"]);
  assertEquals([59, 71].map((pitch) => name(pitch, -6, "major")), ["Cb4", "Cb5"]);
  assertEquals([60, 72].map((pitch) => name(pitch, 4, "minor")), ["B#3", "B#4"]);
});
