import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { readMidi } from "../../lib/midi/read.ts";
import { Random } from "../../lib/random.ts";
import { findMidiFiles } from "../../lib/store/midi_files.ts";
import { starterFolder } from "../../lib/starter/build.ts";
import { decodeFrames, type GridNote } from "../../lib/tokens/grid.ts";
import type { Metre } from "../../lib/tokens/piece.ts";
import { tokenize, type TokenizeSettings } from "../../lib/tokens/tokenize.ts";
import { growTrees } from "../../lib/touch/boosting.ts";
import { FEATURES, featuresOf } from "../../lib/touch/features.ts";
import type { PlayedNote } from "../../lib/midi/music.ts";
import { loudness, TouchLearner, type TouchStyle } from "../../lib/touch/learn.ts";
import { applyTouch } from "../../lib/touch/perform.ts";
import type { TouchSettings } from "../../lib/touch/settings.ts";
import { RULES } from "../../lib/touch/rules.ts";
import { CONTEXT_SIZE } from "../../lib/touch/context.ts";
import { songOf } from "../midi/song.ts";
import { askTrees, decodeTrees, encodeTrees } from "../../lib/touch/trees.ts";

function settings(steps: number, unit: "beat" | "second" = "beat"): TokenizeSettings {
  return { grid: { unit, steps, attacks: true }, tracks: "piano", melody: false, pedal: false };
}

const FOUR_FOUR: Metre[] = [{ frame: 0, stepsPerBar: 16, phase: 0 }];

function touch(strength: number, more: Partial<TouchSettings> = {}): TouchSettings {
  return {
    grid: settings(4).grid,
    metres: FOUR_FOUR,
    ticksAt: (step) => 120 * step,
    ticksPerBeat: 480,
    beatsPerMinute: 120,
    velocity: 80,
    strength,
    pedal: true,
    ...more,
  };
}

const starter = (await findMidiFiles(starterFolder)).names.map((name) => ({
  name,
  music: readMidi(Deno.readFileSync(`${starterFolder}/${name}`)),
}));

/** A player who drags, spreads chords, cuts notes short and pedals beyond all measure. */
const BOLD: TouchStyle = {
  ...{ weights: RULES, notes: 1, pieces: 1 },
  timing: {
    tempo: { weights: { lastOfBar: 2, top: -1 }, pieces: 1 },
    onset: { weights: { pitch: 0.3, bass: -0.5, secondQuarter: 0.2 }, pieces: 1 },
    end: { weights: { level: -1, onsetRule: 90, joined: 0.6 }, pieces: 1 },
    pedal: { weights: { barLine: 1, halfBar: 1 }, pieces: 1 },
  },
};

for (const [steps, unit] of [[4, "beat"], [12, "beat"], [1, "beat"], [24, "second"]] as const) {
  Deno.test(`Touch leaves the grid as it is: read again at ${steps} per ${unit}, same frames`, () => {
    for (const { name, music } of starter) {
      const how = settings(steps, unit), { grid } = how;
      const { frames, metres } = tokenize(music, how);
      const notes = decodeFrames(frames, true);
      const ticksPerStep = unit === "beat" ? 480 / steps : 40, ticksPerBeat = 480;
      for (const [strength, style] of [[0], [1], [2], [1, BOLD]] as const) {
        const beatsPerMinute = 120;
        const { tempos, ...played } = applyTouch(
          notes,
          touch(strength, {
            ...{ grid, style },
            metres,
            ticksAt: (step) => ticksPerStep * step,
            ticksPerBeat,
            beatsPerMinute,
          }),
        );
        const { notes: own, pedal } = played;
        const read = readMidi(
          songOf(own, { pedal, tempoChanges: tempos, ticksPerBeat, beatsPerMinute }),
        );
        assertEquals(read.repairs, [], name);
        assertEquals(tokenize(read, how).frames, frames, `${name} at ${strength}`);
        assertEquals(read.parts[0]!.pedal, played.pedal.map((change) => ({ ...change })));
      }
    }
  });
}

Deno.test("Touch at 0 is flat, at 1 follows the rules, and is the same each time", () => {
  const notes: GridNote[] = [48, 60, 64, 72].flatMap((pitch) =>
    Array.from({ length: 8 }, (_, i) => ({ pitch: pitch + i % 3, start: 4 * i, end: 4 * i + 4 }))
  ).sort((a, b) => a.start - b.start || a.pitch - b.pitch);
  const flat = applyTouch(notes, touch(0));
  assertEquals(new Set(flat.notes.map(({ velocity }) => velocity)), new Set([80]));
  assertEquals([flat.pedal, flat.tempos], [[], []]);
  assert(flat.notes.every(({ startTicks, endTicks }) => startTicks % 120 + endTicks % 120 === 0));

  const full = applyTouch(notes, touch(1));
  assertEquals(full, applyTouch(notes, touch(1)));
  const chord = (at: number) => full.notes.slice(4 * at, 4 * at + 4);
  for (let at = 0; at < 8; at++) {
    const [bass, inner, , top] = chord(at);
    assert(top!.velocity > inner!.velocity + 5, "the top voice is above the inner ones");
    assert(top!.velocity > bass!.velocity);
    assertEquals(top!.startTicks, 480 * at, "the melody is on the beat");
    assertEquals(inner!.startTicks - top!.startTicks, 19, "what goes with it 20 ms later");
  }
  const last = full.tempos.at(-1)!;
  assert(last.microsecondsPerBeat > 1.2 * 500_000, "a ritardando");
  const mean = full.notes.reduce((sum, { velocity }) => sum + velocity, 0) / full.notes.length;
  assertAlmostEquals(mean, 80, 1);
});

Deno.test("The pedal joins one harmony, and stays up where notes would blur or rests stand", () => {
  const broken = [48, 52, 55, 60, 48, 52, 55, 60];
  const arpeggio = (pitches: number[], length: number) =>
    pitches.map((pitch, i) => ({ pitch, start: 2 * i, end: 2 * i + length }));
  const { pedal } = applyTouch(arpeggio(broken, 2), touch(1));
  assertEquals(pedal.map(({ down }) => down), [true, false]);
  assertEquals(pedal[0]!.ticks, Math.round(0.08 * 960), "just after the harmony began");
  assert(pedal[1]!.ticks >= 16 * 120, "until it ends");
  assertEquals(applyTouch(arpeggio([60, 61, 62, 63, 64, 65, 66, 67], 2), touch(1)).pedal, []);
  assertEquals(applyTouch(arpeggio(broken, 1), touch(1)).pedal, []);
  assertEquals(applyTouch(arpeggio(broken, 2), touch(1, { pedal: false })).pedal, []);
});

/** A piece whose player follows a hidden rule, with some noise. */
function performance(seed: number, rule: Readonly<Record<string, number>>): PlayedNote[] {
  let state = seed;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const notes: GridNote[] = [];
  for (let step = 0; step < 640; step += 2) {
    const pitches = new Set(
      Array.from({ length: 1 + Math.floor(3 * random()) }, () => 36 + Math.floor(48 * random())),
    );
    for (const pitch of [...pitches].sort((a, b) => a - b)) {
      notes.push({ pitch, start: step, end: step + 1 + Math.floor(4 * random()) });
    }
  }
  const louder = loudness(featuresOf(notes, FOUR_FOUR, settings(4).grid), { weights: rule });
  return notes.map((note, i) => ({
    ...note,
    velocity: Math.round(70 + louder[i]! + 6 * (random() - 0.5)),
  }));
}

Deno.test("What a player does is learned from performances and foretold on others", () => {
  const rule = { top: 12, barLine: 8, pitch: -5, duration: 4 };
  const learner = new TouchLearner();
  for (let seed = 1; seed <= 6; seed++) {
    learner.add(performance(seed, rule), FOUR_FOUR, settings(4));
  }
  const style = learner.finish()!;
  assertEquals(style.pieces, 6);
  const unseen = performance(99, rule);
  const features = featuresOf(unseen, FOUR_FOUR, settings(4).grid);
  const mean = unseen.reduce((sum, { velocity }) => sum + velocity, 0) / unseen.length;
  const error = (told: ArrayLike<number>) =>
    unseen.reduce((sum, { velocity }, i) => sum + Math.abs(velocity - mean - told[i]!), 0);
  const flat = error(new Float64Array(unseen.length));
  assert(error(loudness(features, style)) < 0.4 * flat);
  assert(error(loudness(features, style)) < 0.6 * error(loudness(features, { weights: RULES })));
});

Deno.test("One performance moves the rules towards its player; typed files teach nothing", () => {
  const learner = new TouchLearner();
  const typed = performance(1, {}).map((note) => ({ ...note, velocity: 80 }));
  for (let i = 0; i < 5; i++) learner.add(typed, FOUR_FOUR, settings(4));
  assertEquals(learner.finish(), undefined);
  const player = { top: 9, barLine: 6 };
  learner.add(performance(2, player), FOUR_FOUR, settings(4));
  const style = learner.finish()!;
  assertEquals(style.pieces, 1);
  const unseen = performance(77, player);
  const features = featuresOf(unseen, FOUR_FOUR, settings(4).grid);
  const mean = unseen.reduce((sum, { velocity }) => sum + velocity, 0) / unseen.length;
  const error = (weights: TouchStyle["weights"]) =>
    loudness(features, { weights })
      .reduce((sum, told, i) => sum + Math.abs(unseen[i]!.velocity - mean - told), 0);
  assert(error(style.weights) < 0.8 * error(RULES));
  assert(error(style.weights) < error({}));
});

Deno.test("Features are numbers of moderate size for every starter piece", () => {
  for (const { name, music } of starter) {
    const { frames, metres } = tokenize(music, settings(4));
    const { rows, size } = featuresOf(decodeFrames(frames, true), metres, settings(4).grid);
    assertEquals(size, FEATURES.length);
    assert(rows.every((value) => Math.abs(value) <= 10), name);
  }
});

const GROWING = {
  trees: 60,
  depth: 3,
  rate: 0.2,
  rows: 1500,
  features: 1,
  least: 10,
  shrink: 5,
} as const;

/** Rows of three features, and a step that no weights of them tell: whether two of them agree. */
function agreement(count: number, seed: number) {
  const random = new Random(seed);
  const rows = Float32Array.from({ length: 3 * count }, () => 2 * random.next() - 1);
  const targets = Float32Array.from(
    { length: count },
    (_, i) => rows[3 * i]! > 0 === rows[3 * i + 1]! > 0 ? 10 : -10,
  );
  return { rows, targets };
}

Deno.test("Trees learn what takes two features together, tell it of new rows, and are text", () => {
  const { rows, targets } = agreement(3000, 1);
  const trees = growTrees(rows, 3, targets, GROWING, new Random(1));
  assertEquals(trees, growTrees(rows, 3, targets, GROWING, new Random(1)), "same seed, same trees");
  const unseen = agreement(500, 2);
  const error = unseen.targets.reduce(
    (sum, target, i) =>
      sum + Math.abs(target - askTrees(trees, unseen.rows.subarray(3 * i, 3 * i + 3))),
    0,
  ) / 500;
  assert(error < 2, `error ${error}, where the mean has 10`);
  assertEquals(decodeTrees(encodeTrees(trees), 3), trees);
  assertThrows(() => decodeTrees(encodeTrees(trees), 1), Error, "performance style");
  assertThrows(() => decodeTrees(encodeTrees(trees).slice(0, -8), 3), Error, "performance style");
});

Deno.test("Trees say nothing where there is nothing to be told", () => {
  const { rows } = agreement(400, 3);
  const trees = growTrees(rows, 3, new Float32Array(400), GROWING, new Random(1));
  assertEquals(
    new Set(rows.keys().map((i) => askTrees(trees, rows.subarray(i, i + 3)))),
    new Set([0]),
  );
});

Deno.test("Of ten pieces, what weights cannot tell is learned too", () => {
  const learner = new TouchLearner();
  const played = (seed: number) =>
    performance(seed, { top: 6 }).map((note) => ({
      ...note,
      velocity: note.velocity + (note.pitch > 60 === note.start % 4 > 0 ? 12 : 0),
    }));
  for (let seed = 1; seed <= 10; seed++) learner.add(played(seed), FOUR_FOUR, settings(4));
  const style = learner.finish()!;
  const unseen = played(99), features = featuresOf(unseen, FOUR_FOUR, settings(4).grid);
  const mean = unseen.reduce((sum, { velocity }) => sum + velocity, 0) / unseen.length;
  const error = (told: ArrayLike<number>) =>
    unseen.reduce((sum, { velocity }, i) => sum + Math.abs(velocity - mean - told[i]!), 0);
  const { trees: _, ...weights } = style;
  assert(error(loudness(features, style)) < 0.7 * error(loudness(features, weights)));
});

Deno.test("Each note has context features", () => {
  const notes = [
    { pitch: 48, start: 0, end: 16 },
    { pitch: 60, start: 0, end: 4 },
    { pitch: 72, start: 0, end: 4 },
    { pitch: 71, start: 4, end: 8 },
    { pitch: 55, start: 16, end: 20 },
  ];
  const { context, places } = featuresOf(notes, FOUR_FOUR, settings(4).grid);
  assertEquals(context.length, notes.length * CONTEXT_SIZE);
  const of = (note: number) => [...context.subarray(note * CONTEXT_SIZE, note * CONTEXT_SIZE + 12)];
  // tops of the chords around, from here; sizes before and after; place in the chord; above, below
  assertEquals(of(1), [12, 12, 11, -5, 3, 1, 1, 1, 1, 1, 12, 12]);
  assertEquals(of(3), [1, 1, -16, -16, 3, 1, 0, 0, 0, 1, 40, 23]);
  assertEquals([...places.barOf], [0, 0, 0, 0, 1]);
  assert(context.every(Number.isFinite));
  const empty = featuresOf([], FOUR_FOUR, settings(4).grid);
  assertEquals(empty.context.length, 0);
});

const metre = (numerator: number, denominator: number): Metre[] => [{
  frame: 0,
  stepsPerBar: 16 * numerator / denominator,
  phase: 0,
  signature: [numerator, denominator],
}];

/** Where the pedal goes down, in steps, under chords of so many steps each. */
function pedalled(chords: readonly number[], metres: readonly Metre[]): number[] {
  let at = 0;
  const notes = chords.flatMap((length, i): GridNote[] => {
    const roots = i % 2 === 0 ? [60, 64, 67] : [62, 65, 69], start = at;
    at += length;
    return Array.from({ length: length / 2 }, (_, k) => ({
      ...{ pitch: roots[k % 3]!, start: start + 2 * k, end: start + 2 * k + 2 },
    }));
  });
  const { pedal } = applyTouch(notes, touch(1, { metres }));
  return pedal.filter(({ down }) => down).map(({ ticks }) => Math.floor(ticks / 120));
}

Deno.test("The pedal changes on the beats of the metre: dotted ones in 6/8 and 9/8", () => {
  assertEquals(pedalled([6, 6, 6, 6], metre(6, 8)), [0, 6, 12, 18]);
  assertEquals(pedalled([6, 6, 6], metre(9, 8)), [0, 6, 12]);
  assertEquals(pedalled([8, 8], metre(4, 4)), [0, 8]);
});

Deno.test("Notes are on the beat where their metre has one", () => {
  const eighths = (metres: readonly Metre[], count: number) => {
    const notes = Array.from({ length: count }, (_, i) => ({
      ...{ pitch: 60 + i % 2, start: 2 * i, end: 2 * i + 2 },
    }));
    const { rows, size } = featuresOf(notes, metres, settings(4).grid);
    const value = (i: number, name: (typeof FEATURES)[number]) =>
      rows[i * size + FEATURES.indexOf(name)];
    return notes.map((_, i) =>
      value(i, "barLine") ? "|" : value(i, "halfBar") ? "h" : value(i, "beat") ? "b" : "."
    ).join("");
  };
  assertEquals(eighths(metre(6, 8), 6), "|..h..");
  assertEquals(eighths(metre(9, 8), 9), "|..b..b..");
  assertEquals(eighths(metre(12, 8), 12), "|..b..h..b..");
  assertEquals(eighths(metre(3, 8), 3), "|..");
  assertEquals(eighths(metre(3, 4), 6), "|.b.b.");
  assertEquals(eighths(metre(4, 4), 8), "|.b.h.b.");
  assertEquals(eighths(metre(7, 8), 7), "|.b.b..");
});
