import { assert, assertEquals, assertThrows } from "@std/assert";
import { prepareChange } from "../../lib/generate/change/prepare.ts";
import { fillStretch, scoreOf } from "../../lib/generate/change/particles.ts";
import { judge } from "../../lib/generate/judge/judge.ts";
import type { Criteria } from "../../lib/generate/judge/term.ts";
import { framesToMake } from "../../lib/generate/length.ts";
import { lackOfCadence } from "../../lib/generate/plan/ending.ts";
import { newPlan, planInFormOf } from "../../lib/generate/plan/new_plan.ts";
import type { Signature } from "../../lib/midi/metre.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { Random } from "../../lib/random.ts";
import { barsOf } from "../../lib/tokens/bars.ts";
import { keyOf } from "../../lib/tokens/find_key.ts";
import type { Frame } from "../../lib/tokens/frame.ts";
import { inOtherMode, keyName, KEYS, parseKey } from "../../lib/tokens/key.ts";
import { placeOnGrid } from "../../lib/tokens/placed.ts";
import { metresOf, type PlanOfPiece } from "../../lib/tokens/plan.ts";
import { planOf } from "../../lib/tokens/plan_of.ts";
import { noteAt, songOf } from "../midi/song.ts";

const grid = { unit: "beat", steps: 4, attacks: true } as const;

/** A piece over I IV V I in C, in eighths, that ends on a given bass. */
function piece(name: string, signature: Signature, bars = 16, bass = 48): PlanOfPiece {
  const steps = 16 * signature[0] / signature[1], random = new Random(name.length);
  const frames = Array.from({ length: bars * steps }, (_, t): Frame => {
    const bar = Math.floor(t / steps), held = t % steps > 0;
    const root = bar === bars - 1 ? bass : 48 + [0, 5, 7, 0][bar % 4]!;
    const chord = [root, 60, 64, 67].map((pitch) => held ? pitch + 128 : pitch);
    return t % 2 === 0 ? [...chord, 72 + [0, 2, 4, 5, 7][random.below(5)]!] : chord;
  });
  const metres = [{ frame: 0, stepsPerBar: steps, phase: 0, signature }];
  return { name, plan: planOf({ frames, metres }, grid) };
}

const four = ["a", "ab", "abc", "abcd"].map((name) => piece(name, [4, 4]));

Deno.test("a plan closes in every key that is asked for, whatever its donors end on", () => {
  const open = ["x", "xy", "xyz"].map((name) => piece(name, [4, 4], 16, 53));
  for (const corpus of [four, open]) {
    for (const key of KEYS) {
      for (let seed = 0; seed < 4; seed++) {
        const { plan, key: own } = newPlan(corpus, 12, { key }, grid, new Random(seed));
        assertEquals(own, key);
        assertEquals(lackOfCadence(plan.bars.at(-1)!, key), 0, `${keyName(key)}, seed ${seed}`);
      }
    }
  }
});

Deno.test("music in another mode than the corpus's has the notes of that mode", () => {
  const key = parseKey("C minor"), { plan } = newPlan(four, 12, { key }, grid, new Random(1));
  const classes = new Set(plan.bars.flatMap(({ classes }) => classes!.flat()));
  assert(classes.has(3) && !classes.has(4), [...classes].join());
  const form = planInFormOf(four[0]!, undefined, { key }, grid, four);
  assertEquals(form.key, key);
  assertEquals(keyOf(form.plan.bars, true), key);
  assertEquals([4, 9, 11, 7].map((one) => inOtherMode(one, 0, "minor")), [3, 8, 11, 7]);
  assertEquals([3, 8, 10, 11].map((one) => inOtherMode(one, 0, "major")), [4, 9, 11, 11]);
});

Deno.test("the end is judged in the key that is known, not in one that is found", () => {
  const frames: Frame[] = Array.from({ length: 16 }, (_, t) => t % 4 ? [45 + 128] : [45]);
  frames.push([50], ...Array.from({ length: 15 }, () => [50 + 128]));
  const metres = [{ frame: 0, stepsPerBar: 16, phase: 0 }];
  const bars = barsOf(metres, 32, grid), plan = planOf({ frames, metres }, grid);
  const judged = { frames, metres, from: 0, bars, first: 0, last: 1 };
  const close = (key: Criteria["key"]) =>
    judge(judged, { grid, plan, mostCopied: Infinity, key }).values.close;
  assertEquals(close(parseKey("D minor")), 0);
  assertEquals(close(parseKey("A minor")), 0.5);
});

Deno.test("bars in 6/8 and in 3/4 are not mixed, and are written as they are", () => {
  const corpus = [
    ...["w", "wa", "wal"].map((name) => piece(`${name} 3/4`, [3, 4])),
    ...["j", "ji", "jig"].map((name) => piece(`${name} 6/8`, [6, 8])),
  ];
  for (let seed = 0; seed < 20; seed++) {
    for (const asked of [undefined, [6, 8], [3, 4]] as const) {
      const wish = asked ? { metre: { steps: 12, signature: asked } } : {};
      const { plan, form, donors } = newPlan(corpus, 8, wish, grid, new Random(seed));
      const kind = asked?.join("/") ?? form.name.split(" ")[1]!;
      assert([form.name, ...donors].every((name) => name.endsWith(kind)), donors.join());
      assertEquals(metresOf(plan, grid).map(({ signature }) => signature?.join("/")), [kind]);
    }
  }
  const lone = newPlan([corpus[0]!, corpus[3]!], 8, {}, grid, new Random(2));
  assertEquals(
    lone.donors,
    [lone.form.name],
    "a piece without another in its metre lends to itself",
  );
});

Deno.test("a metre that no piece is in is said, and has notes on all its beats", () => {
  const metre = { steps: 20, signature: [5, 4] as const };
  const { plan, remark } = newPlan(four, 12, { metre }, grid, new Random(1));
  assertEquals(
    remark,
    "no piece of the model's corpus is in 5/4; its bars are made of bars in 4/4",
  );
  for (const { onsets } of plan.bars) {
    for (let beat = 0; beat < 5; beat++) {
      assert(onsets!.slice(4 * beat, 4 * beat + 4).some((count) => count > 0), onsets!.join(""));
    }
  }
  assertEquals(newPlan(four, 12, {}, grid, new Random(1)).remark, undefined);
});

Deno.test("seconds are counted at the tempo in which music is written", () => {
  const start = { frames: [], metres: [], written: 0 };
  assertEquals(framesToMake({ seconds: 20 }, 1, grid, 84, start), 112);
  assertEquals(framesToMake({ seconds: 20 }, 1, grid, 72, start), 96);
});

function placed(notes: Parameters<typeof songOf>[0], options: Parameters<typeof songOf>[1] = {}) {
  return placeOnGrid(readMidi(songOf(notes, options)), { grid, tracks: "piano" });
}

const range = (first: number, last = first) => ({ first, last });

Deno.test("a downbeat that is struck a little early belongs to its bar", () => {
  const notes = Array.from({ length: 16 }, (_, beat) => noteAt(60 + beat, beat, 0.9));
  notes[8] = noteAt(68, 8 - 10 / 480, 0.9);
  const { removed } = prepareChange(placed(notes), range(3), { kind: "all" }, grid, "test");
  assertEquals([...removed].map(({ pitch }) => pitch), [68, 69, 70, 71]);
});

Deno.test("bars are counted as in print: the first full bar is 1, an upbeat 0", () => {
  const notes = Array.from({ length: 13 }, (_, beat) => noteAt(60 + beat, beat + 2, 0.9));
  const upbeat = placed(notes, { timeSignature: { numerator: 3, denominator: 4 } });
  const gone = (first: number) =>
    [...prepareChange(upbeat, range(first), { kind: "all" }, grid, "test").removed]
      .map(({ pitch }) => pitch);
  assertEquals([gone(0), gone(1)], [[60], [61, 62, 63]]);
  assertThrows(() => gone(9), RangeError, "it has bars 0 to 4");
});

Deno.test("bars in which another instrument has the piano's channel are not changed", () => {
  const music = readMidi(songOf(Array.from({ length: 32 }, (_, beat) => noteAt(60, beat, 0.9))));
  const [part] = music.parts, beat = music.ticksPerBeat;
  const strings = (from: number, end: number) =>
    part!.notes.filter(({ startTicks }) => startTicks >= from * beat && startTicks < end * beat);
  const parts = [
    { ...part!, program: 0, notes: [...strings(0, 16), ...strings(24, 32)] },
    { ...part!, program: 48, notes: strings(16, 24) },
  ];
  const file = placeOnGrid({ ...music, parts }, { grid, tracks: "piano" });
  const change = (first: number, last: number) =>
    prepareChange(file, range(first, last), { kind: "all" }, grid, "test").removed.size;
  assertEquals(change(3, 4), 8);
  assertThrows(() => change(5, 6), RangeError, "instrument 49 of General MIDI plays there");
});

Deno.test("fillings of all rounds are compared by what is given in the same frames", async () => {
  const costs = { // a model in which every given frame costs 1 nat, and that foresees pitch 61 best
    next: (_pasts: unknown, _sampling: unknown, randoms: readonly Random[]) => ({
      frames: randoms.map((random): Frame => [60 + random.below(2)]),
      logWeights: Float64Array.from(randoms, () => -1),
    }),
    judge: (pieces: readonly { frames: readonly Frame[] }[], from: number) =>
      pieces.map(({ frames }) => Float64Array.of(frames[from - 1]![0] === 61 ? -1 : -5)),
  };
  const plan = { bars: [{ frames: 9, steps: 4 }], ends: true };
  const constraints = Array.from({ length: 8 }, () => new Uint8Array(128));
  const fillings = await fillStretch(costs, {
    hypotheses: [{ before: [[50]], metres: [], plan, constraints }],
    before: [[50]],
    metres: [],
    after: [[1]],
  }, { particles: 16, sampling: { temperature: 1, topK: 0, topP: 1 }, seed: 3 });
  assertEquals(fillings.length, 48);
  assertEquals(new Set(fillings.map(({ logWeights }) => logWeights.length)), new Set([8]));
  assertEquals(new Set(fillings.map(scoreOf)), new Set([-9, -13]));
});
