import { assert, assertEquals } from "@std/assert";
import { readMidi } from "../../lib/midi/read.ts";
import { engrave } from "../../lib/score/engrave.ts";
import { musicXml } from "../../lib/score/musicxml.ts";
import { type ScoreSheet, writeSheet } from "../../lib/score/sheet.ts";
import { spellingsOf } from "../../lib/score/spelling.ts";
import { file, meta, name, off, on, tempo, track } from "../midi/bytes.ts";
import { noteAt, songOf } from "../midi/song.ts";
import { problemsOf } from "./problems.ts";

const BEAT = 480;

const signature = (delta: number, numerator: number, power: number) =>
  meta(delta, 0x58, numerator, power, 24, 8);

/** Notes of equal length, one after the other. */
const line = (pitches: readonly number[], beats = 1) =>
  pitches.flatMap((pitch) => [on(0, pitch), off(beats * BEAT, pitch)]);

function sheetOf(...tracks: number[][][]): ScoreSheet {
  const sheet = writeSheet(readMidi(file({}, ...tracks.map((events) => track(...events)))), "test");
  assertEquals(problemsOf(sheet), []);
  return sheet;
}

const tempos = (sheet: ScoreSheet) =>
  sheet.bars.flatMap(({ beatsPerMinute }, bar) =>
    beatsPerMinute === undefined ? [] : [[bar, Math.round(beatsPerMinute)]]
  );
const perMinute = (beats: number) => Math.round(60e6 / beats);
const SCALE = [60, 62, 64, 65, 67, 65, 64, 62];

Deno.test("The tempo is that of the music, not of empty bars or the first beat; lasting ones stand", () => {
  const set = tempo(0, perMinute(990)), rest = on(4 * BEAT, 60);
  assertEquals(
    tempos(sheetOf([set, tempo(4 * BEAT, perMinute(72)), ...line(SCALE)])),
    [[0, 72]],
  );
  assertEquals(tempos(sheetOf([tempo(1, perMinute(82)), ...line(SCALE)])), [[0, 82]]);
  assertEquals(tempos(sheetOf([set, ...[rest], off(BEAT, 60)])), [[0, 990]], "no other");
  const drifting = SCALE.flatMap((pitch, i) => [
    tempo(0, perMinute(i === 0 ? 100 : 60 + i % 4)),
    ...line([pitch]),
  ]);
  const [[bar, beats]] = tempos(sheetOf([...drifting, ...drifting.slice(5)])) as [[number, number]];
  assert(bar === 0 && Math.abs(beats - 62) <= 3, `${beats}`);
  const within = sheetOf([
    ...[tempo(0, perMinute(60)), on(0, 60), tempo(2 * BEAT, perMinute(120)), off(2 * BEAT, 60)],
    ...line([62]),
  ]);
  assertEquals(tempos(within), [[0, 60]], "no mean of two");
  const two = sheetOf([
    tempo(0, perMinute(60)),
    ...line(SCALE),
    tempo(0, perMinute(140)),
    ...line(SCALE),
  ]);
  assertEquals(tempos(two), [[0, 60], [2, 140]]);
  assertEquals([...musicXml(two).matchAll(/<sound tempo="(\d+)/g)].map(([, beats]) => beats), [
    "60",
    "140",
  ]);
});

Deno.test("Short first bars are upbeats, parted bars one, empty ones before the music none", () => {
  const shapes = (sheet: ScoreSheet) =>
    sheet.bars.map(({ numerator, denominator, missing }) =>
      `${numerator}/${denominator}${missing > 0 ? " upbeat" : ""}`
    );
  const quarter = sheetOf([signature(0, 1, 2), ...line([60]), signature(0, 4, 2), ...line(SCALE)]);
  assertEquals(shapes(quarter), ["4/4 upbeat", "4/4", "4/4"]);
  assert(musicXml(quarter).includes('<measure number="0" implicit="yes">'));
  const parted = [signature(0, 3, 2), ...line([67, 65, 64]), signature(0, 1, 2), ...line([62])];
  const march = sheetOf([
    signature(0, 2, 1),
    ...line([60, 62, 64, 65]),
    ...parted,
    signature(0, 2, 1),
    ...line(SCALE),
  ]);
  assertEquals(shapes(march), new Array(4).fill("2/2"));
  const late = sheetOf([on(9 * 4 * BEAT, 60), off(BEAT, 60), ...line(SCALE.slice(1))]);
  assertEquals(shapes(late), ["4/4", "4/4"]);
  const upbeat = sheetOf([signature(0, 3, 2), on(11 * BEAT, 67), off(BEAT, 67), ...line(SCALE)]);
  assertEquals(shapes(upbeat).slice(0, 2), ["3/4 upbeat", "3/4"]);
});

Deno.test("Hands are what tracks are named, however many and wherever they play", () => {
  const hands = (names: readonly string[], tracks: readonly number[][]) =>
    sheetOf(...tracks.map((pitches, i) => [name(names[i]!), ...line(pitches)]))
      .notes.map(({ hand, pitch }) => `${pitch} ${hand}`).sort();
  const crossing = [[60, 64, 67, 64], [43, 43, 79, 81]];
  const expected = [
    ...crossing[0]!.map((pitch) => `${pitch} right`),
    ...crossing[1]!.map((pitch) => `${pitch} left`),
  ].sort();
  for (
    const [right, left] of [
      ["Right Hand", "Left Hand"],
      ["Piano RH", "Piano LH"],
      ["upper:", "lower:"],
      [
        "rechte Hand",
        "linke Hand",
      ],
      ["M.D.", "M.G."],
      ["Piano, Staff 1", "Piano, Staff 2"],
      ["pianoUp", "pianoDown"],
      ["Правая рука", "Левая рука"],
      ["右手", "左手"],
    ]
  ) assertEquals(hands([right!, left!], crossing), expected, right);
  const rest = (pitches: number[]) => pitches;
  assertEquals(
    hands(["right", "left", "right", "left"], [[55, 57], [48, 50], [76, 77], [36, 38]].map(rest)),
    ["36 left", "38 left", "48 left", "50 left", "55 right", "57 right", "76 right", "77 right"],
  );
  assert(
    sheetOf([name("Primo right"), ...line([84])], [name("Secondo left"), ...line([40])])
      .isForFourHands,
  );
  assert(!sheetOf([name("right"), ...line([84])], [name("left"), ...line([40])]).isForFourHands);
});

Deno.test("Eighths are beamed in the groups of their metre, in every metre", () => {
  const groups = (numerator: number, denominator: number, accents: readonly number[] = []) => {
    const unit = 4 / denominator, notes = [];
    for (let bar = 0; bar < 4; bar++) {
      for (let at = 0; at < numerator; at++) {
        const beat = (bar * numerator + at) * unit;
        notes.push(noteAt(72 + at % 5, beat, unit));
        if (accents.includes(at)) notes.push(noteAt(40, beat, 2 * unit));
      }
    }
    const sheet = writeSheet(
      readMidi(songOf(notes, { timeSignature: { numerator, denominator } })),
      "t",
    );
    assertEquals(problemsOf(sheet), []);
    const xml = musicXml({ ...sheet, bars: sheet.bars.slice(1, 2) });
    const upper = xml.split("<backup>")[0]!;
    const beams = [...upper.matchAll(/<beam number="1">(begin|continue|end)/g)].map(([, beam]) =>
      beam
    );
    return beams.join(" ").split("end").map((group) => group.trim().split(" ").length + 1).slice(
      0,
      -1,
    )
      .join("+");
  };
  assertEquals(groups(5, 8), "2+3");
  assertEquals(groups(5, 8, [0, 3]), "3+2");
  assertEquals(groups(7, 8), "2+2+3");
  assertEquals(groups(7, 8, [0, 3, 5]), "3+2+2");
  assertEquals(groups(4, 8), "2+2");
  assertEquals(groups(10, 8), "2+2+2+2+2");
  assertEquals(groups(3, 16), "3");
  assertEquals(groups(6, 8), "3+3");
  assertEquals(groups(4, 4).length, 0, "quarters have none");
});

Deno.test("Triads are spelled in thirds, and a tied note keeps its name", () => {
  const chords = (bars: readonly (readonly number[])[]) =>
    writeSheet(
      readMidi(
        songOf(bars.flatMap((chord, bar) => chord.map((pitch) => noteAt(pitch, 4 * bar, 4)))),
      ),
      "test",
    );
  const cadence = [[48, 60, 64, 67], [53, 60, 65, 69], [55, 59, 62, 67], [48, 60, 64, 67]];
  const names = (sheet: ScoreSheet, bar: number) => {
    const spellings = spellingsOf(sheet.bars);
    return sheet.bars[bar]!.staves.flatMap(({ voices }) => voices.flat())
      .flatMap(({ notes }) => notes).map((note) => {
        const { letter, alter } = spellings.get(note)!;
        return letter + (alter < 0 ? "b" : "#").repeat(Math.abs(alter));
      });
  };
  const minor = chords([...cadence, ...cadence, [41, 65, 68, 72], ...cadence, ...cadence]);
  assertEquals(new Set(names(minor, 8)), new Set(["F", "Ab", "C"]));
  const neapolitan = chords([...cadence, ...cadence, [41, 61, 65, 68], ...cadence, ...cadence]);
  assertEquals(new Set(names(neapolitan, 8)), new Set(["F", "Db", "Ab"]));
  const secondary = chords([...cadence, ...cadence, [52, 64, 68, 71], ...cadence, ...cadence]);
  assertEquals(new Set(names(secondary, 8)), new Set(["E", "G#", "B"]));

  const tied = writeSheet(
    readMidi(songOf([
      ...[...cadence, ...cadence].flatMap((chord, bar) =>
        chord.map((pitch) => noteAt(pitch, 4 * bar, 4))
      ),
      ...[52, 64, 71].map((pitch) => noteAt(pitch, 32, 4)),
      noteAt(80, 32, 8), // G sharp over E, and on over F minor
      ...[53, 60, 65].map((pitch) => noteAt(pitch, 36, 4)),
    ])),
    "test",
  );
  assert(
    names(tied, 8).includes("G#") && names(tied, 9).includes("G#") &&
      !names(tied, 9).includes("Ab"),
  );
});

Deno.test("Metronome marks of dotted beats need no music font", async () => {
  for (const [numerator, denominator] of [[6, 8], [9, 8], [12, 8], [6, 16], [4, 4]] as const) {
    const song = songOf(
      Array.from({ length: 12 }, (_, i) => noteAt(60 + i, i / 2, 0.5)),
      { timeSignature: { numerator, denominator }, beatsPerMinute: 90 },
    );
    const [page] = await engrave(musicXml(writeSheet(readMidi(song), "test")));
    assert(!/[\uE000-\uF8FF]/.test(page!), "a character of a music font");
    const mark = { 4: "♩=90", 8: "♩.=60", 16: "♪.=120" }[denominator];
    const words = page!.replaceAll(/<[^>]*>|\s/g, "");
    assert(words.includes(mark), `${numerator}/${denominator}: ${words}`);
  }
});
