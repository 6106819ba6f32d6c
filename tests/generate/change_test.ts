import { assert, assertEquals, assertThrows } from "@std/assert";
import { objectionsOf } from "../../lib/generate/judge/choice.ts";
import { chooseFilling } from "../../lib/generate/change/choose.ts";
import { plansForChange } from "../../lib/generate/change/fill.ts";
import { gapPlans } from "../../lib/generate/change/gap_plans.ts";
import { fromFirstNote } from "../../lib/generate/change/make.ts";
import { newNotes } from "../../lib/generate/change/new_notes.ts";
import { fillStretch, scoreOf } from "../../lib/generate/change/particles.ts";
import { prepareChange } from "../../lib/generate/change/prepare.ts";
import { topLine } from "../../lib/generate/change/scope.ts";
import type { Scope } from "../../lib/generate/recipe.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { type ByPitch, ENDS, FREE, OFF, STAYS, STRUCK } from "../../lib/model/model.ts";
import { Random } from "../../lib/random.ts";
import { barLines } from "../../lib/show/piano_roll.ts";
import type { Frame } from "../../lib/tokens/frame.ts";
import { keyOf } from "../../lib/tokens/find_key.ts";
import { neighbours } from "../../lib/tokens/key.ts";
import { placeOnGrid } from "../../lib/tokens/placed.ts";
import type { BarPlan } from "../../lib/tokens/plan.ts";
import { planOf } from "../../lib/tokens/plan_of.ts";
import { noteAt, songOf } from "../midi/song.ts";

const grid = { unit: "beat", steps: 4, attacks: true } as const;
const sampling = { temperature: 1, topK: 0, topP: 1 };

/** Notes as pitch, first beat, beats, velocity. */
type Spec = readonly [pitch: number, start: number, beats: number, velocity?: number];

function fileOf(notes: readonly Spec[], numerator = 4) {
  const timeSignature = { numerator, denominator: 4 };
  return readMidi(songOf(
    notes.map(([pitch, start, beats, velocity = 70]) => noteAt(pitch, start, beats, velocity)),
    { beatsPerMinute: 100, timeSignature },
  ));
}

function placedOf(notes: readonly Spec[]) {
  return placeOnGrid(fileOf(notes), { grid, tracks: "piano" });
}

/** A melody of quarter notes over whole notes, four bars. */
const four: Spec[] = [
  ...Array.from({ length: 16 }, (_, i): Spec => [72 + i % 5, i, 1]),
  ...Array.from({ length: 4 }, (_, bar): Spec => [48 + bar, 4 * bar, 4]),
];

function prepare(notes: readonly Spec[], first: number, last: number, scope: Scope) {
  return prepareChange(placedOf(notes), { first, last }, scope, grid, "test");
}

Deno.test("the notes of the bars go, and all else is free", () => {
  const { removed, from, end, fromBar, endBar, kept, was, constraints } = prepare(four, 2, 3, {
    kind: "all",
  });
  assertEquals([from, end, fromBar, endBar, removed.size], [16, 48, 1, 3, 10]);
  assertEquals(kept.frames.slice(16, 48).every(({ length }) => length === 0), true);
  assertEquals(kept.frames.slice(48), was.frames.slice(48));
  assertEquals(constraints.length, 32);
  assertEquals(new Set(constraints[5]), new Set([FREE]));
  // What sounded up to the bars must not seem to go on.
  assertEquals(constraints[0]![72 + 3], ENDS);
});

Deno.test("what sounds into the bars and out of them is given", () => {
  const held: Spec[] = [[40, 2, 4], [43, 10, 4], ...four];
  const { removed, constraints } = prepare(held, 2, 3, { kind: "all" });
  assertEquals(removed.size, 10);
  assertEquals([0, 7, 8].map((step) => constraints[step]![40]), [STAYS, STAYS, ENDS]);
  assertEquals([23, 24, 31].map((step) => constraints[step]![43]), [FREE, STRUCK, STAYS]);
});

Deno.test("one hand is made anew, the other given", () => {
  const above = prepare(four, 2, 2, { kind: "above", pitch: 60 });
  assertEquals([...above.removed].every(({ pitch }) => pitch >= 60), true);
  assertEquals([above.side, above.removed.size], ["bottom", 4]);
  const [step] = above.constraints;
  assertEquals([step![49], step![50], step![59], step![60]], [STRUCK, OFF, OFF, FREE]);
  const below = prepare(four, 2, 2, { kind: "below", pitch: 60 });
  assertEquals([below.side, below.removed.size], ["top", 1]);
  assertEquals([below.constraints[0]![60], below.constraints[0]![40]], [OFF, FREE]);
  assertThrows(() => prepare(four, 2, 2, { kind: "track", track: 9 }), RangeError, "is in track 1");
});

Deno.test("beats of bars are counted from 1", () => {
  const range = { first: 2, last: 3, firstBeat: 4, lastBeat: 1 };
  const { from, end, fromBar, endBar, removed } = prepareChange(
    placedOf(four.filter(([pitch]) => pitch > 60)),
    range,
    { kind: "all" },
    grid,
    "test",
  );
  assertEquals([from, end, fromBar, endBar, removed.size], [28, 36, 1, 3, 2]);
  const beyond = { first: 2, last: 2, firstBeat: 5, lastBeat: 6 };
  assertThrows(
    () => prepareChange(placedOf(four), beyond, { kind: "all" }, grid, "test"),
    RangeError,
    "bar 2 has 4 quarter notes",
  );
});

Deno.test("a share of the beats goes, the more the greater, and the same ones for a seed", () => {
  const goes = (distance: number, seed = 1) =>
    [...prepare(four, 1, 4, { kind: "share", distance, seed }).removed].map(({ startTicks }) =>
      startTicks
    );
  assertEquals([goes(0).length, goes(1).length], [0, 20]);
  const [some, more] = [goes(0.3), goes(0.6)];
  assert(some.length > 0 && some.length < more.length);
  assert(some.every((tick) => more.includes(tick)));
  assert(`${goes(0.3, 2)}` !== `${some}`);
});

Deno.test("a varied beat has another highest note than before, which its plan has room for", () => {
  const scope = { kind: "share", distance: 1, seed: 1 } as const;
  const line: Spec[] = [0, 4, 7, 12, 7, 4, 2, -1].map((step, beat) => [72 + step, beat, 1]);
  const prepared = prepare(line, 1, 2, scope);
  assertEquals(prepared.barred.length, 8);
  assertEquals([prepared.constraints[0]![72], prepared.constraints[0]![74]], [OFF, FREE]);
  assertEquals([prepared.constraints[1]![72], prepared.constraints[16]![79]], [FREE, OFF]);
  const [{ bars }] = plansForChange(prepared, scope, [], grid, 1) as [{ bars: BarPlan[] }];
  const key = keyOf(planOf(prepared.was, grid).bars);
  const first = [0, 4, ...neighbours(0, key), ...neighbours(4, key)];
  assertEquals(new Set(bars[0]!.classes![0]), new Set(first));
});

Deno.test("neighbours of a pitch class are those in the scale of the key", () => {
  assertEquals(neighbours(0, { tonic: 0, mode: "major" }), [11, 2]);
  assertEquals(neighbours(6, { tonic: 0, mode: "major" }), [5, 7]);
  assertEquals(neighbours(9, { tonic: 9, mode: "minor" }), [8, 11]);
});

Deno.test("the top line leaves out what is below it, struck with it or while it rests", () => {
  const placed = placedOf([[76, 0, 1], [60, 0, 1], [48, 1, 1], [77, 2, 2], [64, 3, 1]]);
  assertEquals([...topLine(placed.notes)].map(({ pitch }) => pitch), [76, 77]);
});

Deno.test("a gap is planned after a like passage of the piece, also a later one", () => {
  const phrase = (at: number, up: number): Spec[] =>
    [0, 2, 4, 5, 7, 5, 4, 2, 0, 4, 7, 12, 11, 7, 5, 2].map((step, i) => [
      60 + step + up,
      at + i,
      i % 3 === 0 ? 0.5 : 1,
    ]);
  const other = (at: number): Spec[] =>
    Array.from({ length: 16 }, (_, i) => [80 - i % 7, at + i / 1, 0.25]);
  const notes = [phrase(0, 0), other(16), phrase(32, 0), other(48), phrase(64, 0)].flat();
  const { was } = prepare(notes, 1, 1, { kind: "all" });
  const plan = planOf(was, grid);
  for (const [from, donor] of [[8, [0, 16]], [4, [12]]] as const) {
    const [best] = gapPlans({ plan, from, end: from + 4 }, [], 4, grid, new Random(1));
    const { like, onsets } = best!.bars[from + 1]!;
    assert(donor.some((bar) => like?.bar === bar + 1), `bar ${from} is like ${like?.bar}`);
    assertEquals(onsets, plan.bars[like!.bar]!.onsets);
    assertEquals(best!.bars.length, plan.bars.length);
  }
});

/** A model that draws one of two pitches, weighs draws as told, and foresees only after the higher. */
function coin(weight: (pitch: number) => number): ByPitch {
  return {
    next(pasts, _sampling, randoms) {
      const frames = pasts.map((_, i): Frame => [60 + randoms[i]!.below(2)]);
      return { frames, logWeights: Float64Array.from(frames, ([pitch]) => weight(pitch!)) };
    },
    judge: (pieces, from) =>
      pieces.map(({ frames }) =>
        Float64Array.from(frames.slice(from), () => frames[from - 1]![0] === 61 ? -1 : -5)
      ),
  };
}

const hypothesis = {
  before: [[50]],
  metres: [],
  plan: { bars: [{ frames: 9, steps: 4 }], ends: true },
};
const free = Array.from({ length: 8 }, () => new Uint8Array(128));

Deno.test("the best filling is the one after which the music is likeliest to go on", async () => {
  const stretch = {
    hypotheses: [{ ...hypothesis, constraints: free }],
    before: [[50]],
    metres: [],
    after: [[1], [2]],
  };
  const drawing = { particles: 16, sampling, seed: 3 };
  const fillings = await fillStretch(coin(() => 0), stretch, drawing);
  assertEquals(fillings.length, 48);
  assertEquals([fillings[0]!.continuation, fillings.at(-1)!.continuation], [-2, -10]);
  assertEquals(fillings[0]!.frames.length, 8);
  const scores = fillings.map(scoreOf);
  assertEquals(scores, scores.toSorted((a, b) => b - a));
  assertEquals(fillings, await fillStretch(coin(() => 0), stretch, drawing));
});

Deno.test("what is given weighs the fillings, and they are chosen anew by it", async () => {
  const stretch = {
    hypotheses: [{ ...hypothesis, constraints: free }],
    before: [[50]],
    metres: [],
    after: [],
  };
  const fillings = await fillStretch(coin((pitch) => pitch === 61 ? 0 : -20), stretch, {
    particles: 32,
    sampling,
    seed: 3,
  });
  assertEquals(fillings.length, 32);
  // All but those of the last frame come from particles that were weighed.
  const lower = fillings.flatMap(({ frames }) => frames.slice(0, 7)).filter(([pitch]) =>
    pitch === 60
  );
  assertEquals(lower, []);
});

Deno.test("a filling that is nearly what stood there, or copied, is dropped for a worse one", () => {
  const prepared = prepare(four, 2, 3, { kind: "all" });
  const as = (frames: readonly Frame[]) => ({
    frames,
    hypothesis: 0,
    logWeights: [],
    continuation: 0,
  });
  const before = as(prepared.was.frames.slice(16, 48));
  const other = as(before.frames.map((frame) => frame.map((code) => code + 1)));
  const scope = { kind: "all" } as const;
  const choice = chooseFilling([before, other], prepared, scope, { mostCopied: 8 }, grid);
  assertEquals(choice.best, 1);
  assertEquals(objectionsOf(choice), { problems: [], dropped: ["as before"] });
  const copies = { longest: () => ({ beats: 9 }), share: () => 0 };
  const alone = chooseFilling([other], prepared, scope, { mostCopied: 8, copies }, grid);
  assertEquals(objectionsOf(alone).problems, [
    "copied: 9 beats in a row are in the training music",
  ]);
});

Deno.test("new notes are as loud as those near, and end where notes that stay begin", () => {
  const loud = four.map(([pitch, start, beats]): Spec => [pitch, start, beats, 90]);
  const music = fileOf(loud), placed = placeOnGrid(music, { grid, tracks: "piano" });
  const prepared = prepareChange(placed, { first: 2, last: 2 }, { kind: "all" }, grid, "test");
  const frames: Frame[] = prepared.constraints.map((_, t) => t % 4 === 0 ? [65] : [65 + 128]);
  const notes = newNotes(frames, prepared, {
    music,
    placed,
    scope: { kind: "all" },
    grid,
    touch: 0,
    style: {},
  });
  assertEquals(
    notes.map((n) => [n.pitch, n.startTicks, n.endTicks, n.velocity, n.track]),
    [0, 1, 2, 3].map((beat) => [65, 1920 + 480 * beat, 1920 + 480 * (beat + 1), 90, 1]),
  );
});

Deno.test("bars are counted as in print: an upbeat is 0, empty bars before the music do not count", () => {
  const line = (from: number): Spec[] =>
    Array.from({ length: 9 }, (_, i): Spec => [60 + i, from + i, 1]);
  const range = (notes: Spec[], first: number) => {
    const { origin, from, end } = prepare(notes, first, first, { kind: "all" });
    return [(origin + from) / 4, (origin + end) / 4];
  };
  assertEquals(range(line(0), 1), [0, 4]);
  assertEquals([range(line(3), 0), range(line(3), 1)], [[3, 4], [4, 8]], "without its rests");
  assertEquals([range(line(8), 1), range(line(11), 0), range(line(11), 1)], [
    ...[[8, 12], [11, 12], [12, 16]],
  ]);
  assertEquals(range(line(8), 0), [4, 8], "the empty bar before the music");
  assertThrows(() => range(line(0), 0), RangeError, "it has bars 1 to 3");
});

Deno.test("a whole piece that was changed begins with its upbeat, as in a card and in the file", () => {
  const scope = { kind: "share", distance: 1, seed: 1 } as const;
  const notes = Array.from({ length: 9 }, (_, i): Spec => [60 + i, 3 + i, 1]);
  const { was } = prepareChange(placedOf(notes), undefined, scope, grid, "test");
  const { piece, plan } = fromFirstNote(was, planOf(was, grid));
  assertEquals([was, piece].map(({ metres, frames }) => barLines(metres, 0, frames.length)[0]), [
    { frame: 0, bar: 1 },
    { frame: 4, bar: 1 }, // and before it, bar 0
  ]);
  assertEquals(plan.bars[0]!.frames, 4);
  assertEquals(fromFirstNote(piece, plan), { piece, plan });
});

Deno.test("a downbeat that is struck early belongs to its bar", () => {
  const early = four.map((
    [pitch, start, beats],
  ): Spec => [pitch, start === 8 ? 7.98 : start, beats]);
  const { removed } = prepare(early, 3, 3, { kind: "all" });
  assertEquals([...removed].filter(({ startTicks }) => startTicks < 8 * 480).length, 2);
});
