import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Music, Note, PedalChange } from "../../lib/midi/music.ts";
import { barsOf, firstBarNumber } from "../../lib/tokens/bars.ts";
import { sustain } from "../../lib/tokens/pedal.ts";
import { tokenize, type TokenizeSettings } from "../../lib/tokens/tokenize.ts";
import { workOf } from "../work.ts";

const settings: TokenizeSettings = {
  grid: { unit: "beat", steps: 4, attacks: true },
  tracks: "piano",
  melody: false,
  pedal: false,
};

function musicOf(
  notes: [pitch: number, start: number, end: number][],
  more: Partial<Music> = {},
  pedal: PedalChange[] = [],
): Music {
  return {
    ticksPerBeat: 480,
    tempos: [{ ticks: 0, microsecondsPerBeat: 500_000 }],
    timeSignatures: [{ ticks: 0, numerator: 4, denominator: 4 }],
    keySignatures: [],
    parts: [{
      track: 0,
      channel: 0,
      program: 0,
      programSet: true,
      name: "",
      drum: false,
      notes: notes.map(([pitch, startTicks, endTicks]): Note => ({
        pitch,
        startTicks,
        endTicks,
        velocity: 80,
      })),
      pedal,
    }],
    repairs: [],
    ...more,
  };
}

Deno.test("tokenize puts onsets and ends on the nearest step and gives short notes one step", () => {
  const { frames, loss } = tokenize(
    musicOf([[60, 0, 130], [62, 115, 125], [64, 250, 480]]),
    settings,
  );
  assertEquals(frames, [[60], [62], [64], [192]]);
  assertEquals(loss.lengthened, 1);
  assertEquals(loss.merged, 0);
  assertAlmostEquals(loss.meanShift, (0 + 5 / 120 + 10 / 120) / 3, 1e-9);
});

Deno.test("tokenize counts notes that melt into another one", () => {
  const { loss, notes } = tokenize(musicOf([[60, 0, 20], [60, 30, 50], [60, 480, 960]]), settings);
  assertEquals([notes, loss.merged], [3, 1]);
});

Deno.test("tokenize takes no notice of the tempo on a grid of beats, and all on one of seconds", () => {
  const tempos = [{ ticks: 0, microsecondsPerBeat: 500_000 }, {
    ticks: 480,
    microsecondsPerBeat: 250_000,
  }];
  const music = musicOf([[60, 0, 480], [62, 480, 960]], { tempos });
  assertEquals(tokenize(music, settings).frames.length, 8);
  const inSeconds = { ...settings, grid: { unit: "second", steps: 24, attacks: true } } as const;
  const { frames, metres } = tokenize(music, inSeconds);
  assertEquals(frames.length, 12 + 6);
  assertEquals(frames[12], [62]);
  assertEquals(metres, []);
});

Deno.test("tokenize trims silence at both ends and keeps the place in the bar", () => {
  const { frames, metres } = tokenize(musicOf([[60, 480 * 5, 480 * 6]]), settings);
  assertEquals(frames.length, 4);
  assertEquals(metres, [{ frame: 0, stepsPerBar: 16, phase: 4, signature: [4, 4] }]);
});

Deno.test("tokenize cuts silences over four bars to four and keeps the place in the bar", () => {
  const { frames, metres, cutSteps } = tokenize(
    musicOf([[60, 0, 480], [62, 480 * 25, 480 * 26]]), // 24 beats of silence
    settings,
  );
  assertEquals(cutSteps, 4 * 24 - 64);
  assertEquals(frames.length, 4 + 64 + 4);
  assertEquals(frames[68], [62]);
  assertEquals(metres.at(-1), { frame: 68, stepsPerBar: 16, phase: 4, signature: [4, 4] });
});

Deno.test("tokenize keeps metre changes where they happen", () => {
  const timeSignatures = [
    { ticks: 0, numerator: 3, denominator: 4 },
    { ticks: 480 * 6, numerator: 6, denominator: 8 },
  ];
  const { metres, timeSignature } = tokenize(
    musicOf([[60, 0, 480 * 15]], { timeSignatures }),
    settings,
  );
  assertEquals(metres, [
    { frame: 0, stepsPerBar: 12, phase: 0, signature: [3, 4] },
    { frame: 24, stepsPerBar: 12, phase: 0, signature: [6, 8] },
  ]);
  assertEquals(timeSignature, [6, 8]);
});

Deno.test("tokenize says so when there is nothing to read", () => {
  const nothing = musicOf([], { parts: [] });
  assertThrows(() => tokenize(nothing, settings), Error, "it has no notes");
  assertThrows(
    () => tokenize({ ...nothing, repairs: ["1 track damaged, used up to the damage"] }, settings),
    Error,
    "no notes could be read from it: 1 track damaged",
  );
});

Deno.test("sustain lengthens notes to the pedal's release, but not over the next stroke of a pitch", () => {
  const [part] = musicOf([[60, 0, 100], [60, 300, 350], [64, 0, 600], [67, 900, 950]], {}, [
    { ticks: 50, down: true },
    { ticks: 500, down: false },
    { ticks: 940, down: true },
  ]).parts;
  const held = { ...part!, pedal: [{ ticks: 50, down: true }, { ticks: 1e9, down: false }] };
  assertEquals(sustain(held, 480).at(-1)!.endTicks, 950 + 16 * 480);
  const ends = sustain(part!, 480).map((
    { pitch, startTicks, endTicks },
  ) => [pitch, startTicks, endTicks]);
  assertEquals(ends, [[60, 0, 300], [64, 0, 600], [60, 300, 500], [67, 900, 950]]);
});

Deno.test("tokenize refuses a small file that would become more frames or pitches than fit", () => {
  const fine = { ...settings, grid: { ...settings.grid, steps: 96 } };
  const beat = 480;
  const chord = Array.from(
    { length: 128 },
    (_, pitch): [number, number, number] => [pitch, 0, 9999 * beat],
  );
  assertThrows(() => tokenize(musicOf(chord), fine), Error, "8,000,000 sounding pitches");
  assertThrows(
    () => tokenize(musicOf([[60, 0, 99_999 * beat]]), fine),
    Error,
    "1,000,000 frames on this grid",
  );
  const twice: [number, number, number][] = [[60, 0, 10_000 * beat], [60, 1, 10_000 * beat]];
  assertEquals(tokenize(musicOf(twice), fine).frames.length, 960_000);
});

Deno.test("tokenize has work that grows with the number of metres and silences, not with its square", async () => {
  const work = async (count: number) => {
    const apart = 480 * 40;
    const music = musicOf(
      Array.from({ length: count }, (_, i) => [60, i * apart, i * apart + 480]),
      {
        timeSignatures: Array.from({ length: count }, (_, i) => ({
          ticks: i * apart,
          numerator: 3 + i % 2,
          denominator: 4,
        })),
      },
    );
    return await workOf(() => assertEquals(tokenize(music, settings).metres.length, count));
  };
  const [some, many] = [await work(500), await work(4_000)];
  assert(some > 500, `${some}`);
  assert(many < 10 * some, `eight times as much is ${(many / some).toFixed(1)} times the work`);
});

Deno.test("Bars of one beat that follow each other are read as beats of a bar of four", () => {
  const stepsPerBar = (beats: number, then: number) => {
    const signatures = [{ ticks: 0, numerator: 1, denominator: 4 }, {
      ticks: beats * 480,
      numerator: then,
      denominator: 4,
    }];
    const notes = Array.from(
      { length: 16 },
      (_, i): [number, number, number] => [60, 480 * i, 480 * i + 240],
    );
    return tokenize(musicOf(notes, { timeSignatures: signatures }), settings).metres
      .map(({ stepsPerBar }) => stepsPerBar);
  };
  assertEquals(stepsPerBar(8, 3), [16, 12]);
  assertEquals(stepsPerBar(1, 3), [12]); // an upbeat
});

/** Bars of a piece: their numbers, frames and signatures. */
function barsWith(music: Music, steps = 4) {
  const grid = { unit: "beat", steps, attacks: true } as const;
  const { frames, metres } = tokenize(music, { ...settings, grid });
  const bars = barsOf(metres, frames.length, grid), first = firstBarNumber(bars);
  return bars.map(({ frames, signature }, i) => `${i + first}: ${frames} ${signature.join("/")}`);
}

const signed = (...all: [beat: number, numerator: number, denominator: number][]) => ({
  timeSignatures: all.map(([beat, numerator, denominator]) => ({
    ticks: beat * 480,
    numerator,
    denominator,
  })),
});

const line = (from: number, count: number, length = 1) =>
  Array.from({ length: count }, (_, i): [number, number, number] => {
    const start = 480 * (from + i * length);
    return [60 + i % 5, start, start + 480 * length];
  });

Deno.test("A short first bar is an upbeat of the metre that follows, numbered 0", () => {
  assertEquals(barsWith(musicOf(line(0, 9), signed([0, 1, 4], [1, 4, 4]))), [
    "0: 4 4/4",
    "1: 16 4/4",
    "2: 16 4/4",
  ]);
  assertEquals(barsWith(musicOf(line(0, 8), signed([0, 2, 4], [2, 3, 4]))), [
    "0: 8 3/4",
    "1: 12 3/4",
    "2: 12 3/4",
  ]);
  const alternating = signed([0, 4, 4], [4, 5, 4], [9, 4, 4], [13, 5, 4]);
  assertEquals(barsWith(musicOf(line(0, 18), alternating)).slice(0, 2), ["1: 16 4/4", "2: 20 5/4"]);
});

Deno.test("An upbeat after rests is bar 0 from half a bar of silence on, else a bar 1 with rests", () => {
  assertEquals(barsWith(musicOf(line(3, 5)))[0], "0: 4 4/4");
  assertEquals(barsWith(musicOf(line(11, 5)))[0], "0: 4 4/4");
  assertEquals(barsWith(musicOf(line(0.5, 5)))[0], "1: 14 4/4");
});

Deno.test("Bars parted by a repeat are one bar, and what an upbeat lacks ends no metre", () => {
  const parted = signed([0, 2, 2], [4, 3, 4], [7, 1, 4], [8, 2, 2]);
  assertEquals(barsWith(musicOf(line(0, 12), parted)), ["1: 16 2/2", "2: 16 2/2", "3: 16 2/2"]);
  const complement = signed([0, 1, 4], [1, 4, 4], [9, 3, 4]);
  assertEquals(barsWith(musicOf(line(0, 12), complement)), [
    "0: 4 4/4",
    "1: 16 4/4",
    "2: 16 4/4",
    "3: 12 4/4",
  ]);
  const changed = signed([0, 4, 4], [8, 3, 4]);
  assertEquals(barsWith(musicOf(line(0, 11), changed)).at(-1), "3: 12 3/4");
});

Deno.test("A bar shorter than a step moves nothing off the grid", () => {
  const notes = Array.from({ length: 16 }, (_, i): [number, number, number] => {
    const start = 128 + 256 * i - 8;
    return [72 + i % 3, start, start + 208];
  });
  const timeSignatures = [{ ticks: 0, numerator: 1, denominator: 32 }, {
    ticks: 128,
    numerator: 4,
    denominator: 4,
  }];
  const music = musicOf(notes, { ticksPerBeat: 1024, timeSignatures });
  const { frames, loss } = tokenize(music, settings);
  assertAlmostEquals(loss.meanShift, (16 * 8 / 256) / 16, 0.01);
  assertEquals(frames.map((frame) => frame.filter((code) => code < 128).length), Array(16).fill(1));
  assertEquals(barsWith(music), ["1: 16 4/4"]);
});

Deno.test("The metre of a piece does not hang on the order of its tracks", () => {
  const timeSignatures = [{ ticks: 0, numerator: 3, denominator: 4 }, {
    ticks: 480 * 12,
    numerator: 4,
    denominator: 4,
  }];
  const [part] = musicOf(line(0, 156)).parts, [short] = musicOf(line(0, 12)).parts;
  for (const parts of [[part!, short!], [short!, part!]]) {
    assertEquals(tokenize(musicOf([], { parts, timeSignatures }), settings).timeSignature, [4, 4]);
  }
});

Deno.test("tokenize gives its notes their velocities, after silence is cut as before", () => {
  const music = musicOf([[60, 0, 480], [62, 480 * 25, 480 * 26]]);
  const { played, frames } = tokenize(music, settings);
  assertEquals(played.map(({ start, velocity }) => [start, velocity]), [[0, 80], [68, 80]]);
  assertEquals(frames[68], [62]);
});

Deno.test("A file that is late or early throughout is read where it is, bar lines and all", () => {
  for (const late of [-41, -30, 44, 55]) {
    const notes = Array.from({ length: 16 }, (_, i): [number, number, number] => {
      const start = 480 * (4 + i) + late;
      return [72 + i % 4, start, start + 470];
    });
    const { loss, beats, frames, metres } = tokenize(musicOf(notes), settings);
    assertAlmostEquals(beats.shift, late / 480, 1e-3);
    assertAlmostEquals(loss.meanShift, 0, 0.01);
    assertEquals([frames.length, metres[0]!.phase], [64, 0]);
  }
});

Deno.test("A grace note is struck a step before its main note, on the beat or before it", () => {
  for (const [grace, main] of [[450, 480], [456, 480], [480, 510]] as const) {
    const music = musicOf([[60, 0, 480], [75, grace, main], [76, main, 960]]);
    const { frames } = tokenize(music, settings);
    const step = (pitch: number) => frames.findIndex((frame) => frame.includes(pitch));
    assertEquals([step(75), step(76)], [3, 4]);
  }
  const chord = musicOf([[60, 470, 960], [64, 480, 960], [67, 490, 960]]);
  assertEquals(tokenize(chord, settings).frames[0], [60, 64, 67]);
  const staccato = musicOf([[60, 480, 510], [64, 480, 510], [67, 482, 960]]);
  assertEquals(tokenize(staccato, settings).frames[0], [60, 64, 67]);
});

Deno.test("Notes struck twice at once are counted apart from what the grid melts", () => {
  const notes: [number, number, number][] = [[60, 0, 480], [60, 0, 480], [62, 480, 960]];
  const { loss } = tokenize(musicOf([...notes, [62, 484, 900], [64, 960, 990], [64, 1000, 1030]]), {
    ...settings,
  });
  assertEquals([loss.doubled, loss.merged], [2, 1]);
});

Deno.test("Where notes go on as before a metre that begins between two steps, so does the grid", () => {
  const timeSignatures = [{ ticks: 0, numerator: 4, denominator: 4 }, {
    ticks: 480 * 8 + 50,
    numerator: 3,
    denominator: 4,
  }];
  const { loss, metres } = tokenize(musicOf(line(0, 32), { timeSignatures }), settings);
  assertAlmostEquals(loss.meanShift, 0, 1e-9);
  assertEquals(metres.map(({ frame, stepsPerBar }) => [frame, stepsPerBar]), [[0, 16], [32, 12]]);
});
