import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { meanNotes, transposeContent } from "../../lib/generate/plan/content.ts";
import { type FormBar, formOf } from "../../lib/generate/plan/form.ts";
import { harmonyOf, learnHarmony, surprise } from "../../lib/generate/plan/harmony.ts";
import { joinsOf, sequenceOf } from "../../lib/generate/plan/joins.ts";
import { mainMetre } from "../../lib/generate/plan/metre.ts";
import { likeInDonor } from "../../lib/generate/plan/resembling.ts";
import { newPlan, planInFormOf } from "../../lib/generate/plan/new_plan.ts";
import { classesAround, costOf } from "../../lib/generate/plan/passage_cost.ts";
import { donorOf } from "../../lib/generate/plan/donors.ts";
import { findChords } from "../../lib/harmony/find.ts";
import { planWithChords } from "../../lib/harmony/piece_chords.ts";
import { Random } from "../../lib/random.ts";
import { barsOf } from "../../lib/tokens/bars.ts";
import { chordSymbol } from "../../lib/tokens/chord_symbol.ts";
import type { Frame } from "../../lib/tokens/frame.ts";
import { keyOf } from "../../lib/tokens/find_key.ts";
import { classCounts, keyFit, keyName, parseKey } from "../../lib/tokens/key.ts";
import type { Grid } from "../../lib/tokens/piece.ts";
import { metresOf, type Plan, type PlanOfPiece } from "../../lib/tokens/plan.ts";
import { planOf } from "../../lib/tokens/plan_of.ts";
import { checkPlan, encodePlan } from "../../lib/tokens/plan_text.ts";
import { GRID, played } from "../harmony/music.ts";

const grid: Grid = { unit: "beat", steps: 4, attacks: true };

/** A made-up piece in a major key: chords over I vi IV V, every phrase like the first but for its end. */
function piece(
  name: string,
  { tonic = 0, steps = 16, bars = 24, every = 2, of = grid, upbeat = 0 }: {
    tonic?: number;
    steps?: number;
    bars?: number;
    every?: number;
    of?: Grid;
    upbeat?: number;
  } = {},
): PlanOfPiece {
  const random = new Random(tonic + 13 * steps);
  const frames: Frame[] = [];
  const roots = [0, 9, 5, 7];
  for (let t = 0; t < bars * steps + upbeat; t++) {
    const bar = Math.floor((t - upbeat) / steps);
    const root = 48 + (tonic + (bar === bars - 1 ? 0 : roots[(bar + 4) % 4]!)) % 12;
    const third = root + ([9].includes(roots[(bar + 4) % 4]!) && bar !== bars - 1 ? 3 : 4);
    const tone = 72 + (tonic + [0, 2, 4, 5, 7, 9, 11][random.below(7)]!) % 12;
    const held = (t - upbeat) % every !== 0;
    frames.push(
      [root, third, root + 7, ...(held ? [] : [tone])].map((pitch, i) =>
        held && i < 3 ? pitch + 128 : pitch
      ),
    );
  }
  const metres = of.unit === "second"
    ? []
    : [{ frame: 0, stepsPerBar: steps, phase: upbeat > 0 ? steps - upbeat : 0 }];
  return { name, plan: planOf({ frames, metres }, of) };
}

const corpus = [
  ...[0, 2, 3, 5, 7, 9].map((tonic, i) =>
    piece(`four-${tonic}`, { tonic, every: [1, 2, 2, 2, 4, 8][i]! })
  ),
  piece("three-1", { steps: 12, tonic: 1, upbeat: 4, every: 8 }),
  piece("three-2", { steps: 12, tonic: 4 }),
];

const donor = donorOf(corpus[0]!);

/** Where bars `from` … `from + length` of a plan stand in another with the same content and similarity. */
function standsIn(plan: Plan, from: number, length: number, other: Plan): boolean {
  const text = ({ bars }: Plan, at: number, length: number) =>
    bars.slice(at, at + length).map(({ like, ...bar }) =>
      JSON.stringify({ ...bar, like: like && [like.bar - at, like.transpose] })
    ).join();
  const wanted = text(plan, from, length);
  return other.bars.some((_, at) =>
    at + length <= other.bars.length && text(other, at, length) === wanted
  );
}

Deno.test("a new plan is as long as asked, sound, in one key, and no piece's own", () => {
  for (const count of [1, 2, 3, 5, 16, 32, 60]) {
    for (let seed = 0; seed < 8; seed++) {
      const { plan, form, donors } = newPlan(corpus, count, {}, grid, new Random(seed));
      checkPlan(plan);
      assertEquals(plan.bars.length, count);
      assert(!donors.includes(form.name), "bars are of other pieces");
      const frames = plan.bars.reduce((sum, { frames }) => sum + frames, 0);
      assertEquals(
        barsOf(metresOf(plan, grid), frames, grid).map((bar) => bar.frames),
        plan.bars.map((bar) => bar.frames),
      );
      for (let at = 0; at + 9 <= count; at++) {
        assert(!corpus.some((one) => standsIn(plan, at, 9, one.plan)), `bars ${at} to ${at + 8}`);
      }
      if (count >= 16) {
        const fit = keyFit(classCounts(plan.bars), keyOf(form.plan.bars));
        assert(fit > 0.6, `${fit}`);
      }
    }
  }
});

Deno.test("bars that are alike in the form have the same content, transposed as it says", () => {
  const { plan } = newPlan(corpus, 32, { metre: { steps: 16 } }, grid, new Random(3));
  let alike = 0;
  for (const { like, classes, onsets } of plan.bars) {
    if (!like || like.degree < 0.5) continue;
    alike++;
    const earlier = plan.bars[like.bar]!;
    assertEquals(onsets, earlier.onsets);
    assertEquals(
      classes,
      earlier.classes!.map((half) =>
        half.map((one) => (one + like.transpose + 12) % 12).sort((a, b) => a - b)
      ),
    );
  }
  assert(alike > 8, `${alike}`);
});

Deno.test("the same seed gives the same plan, another seed another one", () => {
  const [first, again, other] = [1, 1, 2].map((seed) =>
    encodePlan(newPlan(corpus, 24, {}, grid, new Random(seed)).plan)
  );
  assertEquals(first, again);
  assert(first !== other);
});

Deno.test("a corpus of one piece lends its own passages, in other places and its own key", () => {
  const one = piece("one", { tonic: 2, bars: 40 });
  const { plan, donors } = newPlan([one], 40, {}, grid, new Random(1));
  assertEquals(donors, ["one"]);
  assert(encodePlan(plan) !== encodePlan(one.plan));
  assertEquals(keyOf(plan.bars), keyOf(one.plan.bars));
  for (const bars of [1, 2, 3]) {
    const tiny = piece("tiny", { bars });
    assertEquals(newPlan([tiny], 7, {}, grid, new Random(1)).plan.bars.length, 7);
  }
});

Deno.test("a form goes on where its piece is too short: other content, then as it was", () => {
  const { plan } = piece("short", { bars: 12 });
  const form = formOf(plan, 28); // 8 + 8 + 8 + the last 4
  assertEquals(form.map(({ from }) => from).slice(8, 10), [0, 1]);
  assert(form.slice(8, 16).every(({ like }) => !like || like.bar >= 8), "the second time is new");
  assertEquals(form.slice(16, 24).map(({ like }) => like?.bar), [0, 1, 2, 3, 4, 5, 6, 7]);
  assertEquals(form.slice(24).map(({ from }) => from), [8, 9, 10, 11]);
});

Deno.test("a form that is cut keeps its last bars, and leaves out what they were like", () => {
  const { plan } = piece("long", { bars: 40 });
  const form = formOf(plan, 8);
  assertEquals(form.map(({ from }) => from), [0, 1, 2, 3, 36, 37, 38, 39]);
  assert(form.every(({ like }, index) => !like || like.bar < index));
});

Deno.test("a passage is joined to the bars that repeat earlier ones, within its phrase and after it", () => {
  const { plan: { bars } } = donor, length = { frames: 16, steps: 16 };
  const bar = (from: number, like?: number): FormBar => ({
    ...length,
    from,
    like: like === undefined ? null : { bar: like, degree: 1, transpose: 2 },
  });
  const form = [bar(0), bar(1), bar(2), bar(3, 0), bar(4), bar(5, 2), bar(6, 1)];
  const sequence = sequenceOf(form, bars.slice(0, 2), 2, 4);
  assertEquals(sequence, [
    bars[1]!,
    { passage: 0, transpose: 0 },
    transposeContent(bars[0]!, 2),
    { passage: 2, transpose: 0 },
    { passage: 0, transpose: 2 },
    transposeContent(bars[1]!, 2),
  ]);
  const passage = { donor, from: 8, transpose: 0 };
  assertEquals(joinsOf(passage, sequence).length, 5);
  assertEquals(joinsOf(passage, sequence.slice(1, 2)), []);
  const cost = (top: number) =>
    costOf(passage, {
      bars: [bars[8]!],
      at: 0,
      ends: false,
      sequence: [{ passage: 0, transpose: 0 }, { ...bars[9]!, top: [top] }],
    });
  const last = bars[8]!.top!.at(-1)!;
  assertEquals(cost(last + 2), cost(last), "a step");
  assertAlmostEquals(cost(last + 14) - cost(last), 1, 1e-9, "an octave beyond a step");
});

Deno.test("a passage costs more the farther its distance from the key is from that of the form's bars", () => {
  const bars = donor.plan.bars.slice(8, 9), { key } = donor;
  const own = keyFit(classesAround(donor, 8, 1), key);
  const cost = (ownKeyFit: number) =>
    costOf({ donor, from: 8, transpose: 0 }, { bars, at: 0, ends: false, key, ownKeyFit });
  assertAlmostEquals(cost(own - 0.2) - cost(own), 0.5, 1e-9, "nearer to the key");
  assertAlmostEquals(cost(own + 0.2) - cost(own), 0.5, 1e-9, "farther from it");
});

Deno.test("a donor's bar resembles an earlier one that resembles the same bar of the donor", () => {
  const bars = donor.plan.bars.map((bar, at) => ({
    ...bar,
    like: at === 4 || at === 8 ? { bar: 0, degree: 0.8, transpose: at === 4 ? 2 : 0 } : null,
  }));
  const other = { ...donor, plan: { ...donor.plan, bars } };
  const source = { donor: other, from: 4, transpose: 0 };
  const like = likeInDonor({ donor: other, from: 8, transpose: 5 }, [undefined, source]);
  assertEquals([like!.bar, like!.transpose], [1, 3]);
  assertAlmostEquals(like!.degree, 0.64);
  const first = { donor: other, from: 0, transpose: 5 };
  assertEquals(likeInDonor({ ...first, from: 8 }, [source, first])!.bar, 1, "the most similar");
  assertEquals(likeInDonor({ ...first, from: 9 }, [source, first]), null);
  assertEquals(likeInDonor({ ...first, from: 8, donor }, [source]), null);
});

Deno.test("a new plan is in one metre, also where the form's piece changes it", () => {
  const frames = Array.from({ length: 400 }, (_, t) => t % 4 === 0 ? [60, 64 + t % 5] : []);
  const metres = [
    { frame: 0, stepsPerBar: 16, phase: 0 },
    { frame: 320, stepsPerBar: 12, phase: 0 },
  ];
  const changing = { name: "changing", plan: planOf({ frames, metres }, grid) };
  const { plan } = newPlan([changing], 24, {}, grid, new Random(1));
  assertEquals(new Set(plan.bars.map(({ frames, steps }) => `${frames}/${steps}`)).size, 1);
  const own = planInFormOf(changing, 24, {}, grid, [changing]).plan;
  assertEquals(own.bars.map(({ steps }) => steps).slice(-4), [12, 12, 12, 12]);
});

Deno.test("key, density, register and metre are as a person asks", () => {
  const ask = (wishes: Parameters<typeof newPlan>[2]) =>
    newPlan(corpus, 32, wishes, grid, new Random(5)).plan;
  const key = parseKey("E♭ major");
  assertEquals(keyName(keyOf(ask({ key }).bars)), "E♭ major");
  assertEquals(mainMetre(ask({ metre: { steps: 12 } })).steps, 12);
  assertEquals(mainMetre(ask({ metre: { steps: 10 } })).steps, 10);
  const plain = ask({}), fuller = ask({ density: 6 });
  assert(Math.abs(meanNotes(fuller) - 6) < 0.05);
  assert(meanNotes(ask({ density: "sparse" })) < meanNotes(ask({ density: "full" })));
  assertEquals(ask({ register: 12 }).bars[0]!.register, plain.bars[0]!.register! + 12);
  assertEquals(ask({ register: 12 }).bars[0]!.classes, plain.bars[0]!.classes);
  assertThrows(() => ask({ density: 0 }), RangeError, "Cannot use density 0");
  assertThrows(() => parseKey("H major"), Error, 'Cannot use key "H major"');
  assertEquals(["Am", "a minor", "F#", "bb maj"].map((text) => keyName(parseKey(text))), [
    "A minor",
    "A minor",
    "F♯ major",
    "B♭ major",
  ]);
});

Deno.test("in the form of a piece: its whole plan, or as many bars as asked, in the key asked for", () => {
  const [one] = corpus;
  assertEquals(planInFormOf(one!, undefined, {}, grid, corpus).plan, one!.plan);
  assertEquals(planInFormOf(one!, 8, {}, grid, corpus).plan.bars.length, 8);
  const moved = planInFormOf(one!, undefined, { key: parseKey("E major") }, grid, corpus).plan;
  assertEquals(keyName(keyOf(moved.bars)), "E major");
  assertEquals(moved.bars[3]!.onsets, one!.plan.bars[3]!.onsets);
  assertThrows(
    () => planInFormOf(one!, undefined, { metre: { steps: 12 } }, grid, corpus),
    Error,
    "in 3/4: it is in 4/4",
  );
});

Deno.test("grids without beats, and bars of no whole number of steps, have plans as well", () => {
  const seconds: Grid = { unit: "second", steps: 8, attacks: true };
  const pieces = [0, 5].map((tonic) => piece(`s${tonic}`, { tonic, of: seconds }));
  const { plan } = newPlan(pieces, 20, {}, seconds, new Random(1));
  checkPlan(plan);
  assertEquals(plan.bars.length, 20);
  const coarse: Grid = { unit: "beat", steps: 1, attacks: false };
  const odd = ["a", "b"].map((name) => piece(name, { steps: 2.5, bars: 16, of: coarse }));
  const { plan: halves } = newPlan(odd, 9, {}, coarse, new Random(2));
  assertEquals(halves.bars.reduce((sum, { frames }) => sum + frames, 0), 23);
});

/** A piece of four-part chords, one a bar, with them in its plan. */
function chorded(name: string, symbols: string): PlanOfPiece {
  const piece = played(symbols), spans = findChords(piece, GRID);
  return { name, plan: planWithChords(planOf(piece, GRID), piece, spans, GRID) };
}

Deno.test("a new plan has its passages' chords, and closes on the tonic's", () => {
  const pieces = ["C F G C Am Dm G C F C G C Dm G G C", "G C D G Em Am D G C G D G Am D D G"]
    .flatMap((symbols, i) => [0, 1, 2].map((k) => chorded(`${i} ${k}`, symbols)));
  for (let seed = 0; seed < 6; seed++) {
    const key = parseKey("D"), { plan } = newPlan(pieces, 12, { key }, GRID, new Random(seed));
    checkPlan(plan);
    const chords = plan.bars.map((bar) => bar.chords!.map(({ chord }) => chordSymbol(chord!))[0]!);
    assert(new Set(chords).size > 2, chords.join(" "));
    assertEquals(chords.at(-1), "D");
    assert(plan.bars.every(({ chords }) => chords!.every(({ soft }) => soft)));
  }
});

Deno.test("a passage fits where its chords follow as in the corpus, in its place of the phrase", () => {
  const pieces = [0, 1, 2, 3].map((i) => chorded(`${i}`, "C Am F G C Am F G C Am F G C Am F C"));
  const donors = pieces.map(donorOf), harmony = learnHarmony(pieces, donors)!;
  const key = parseKey("C"), before = pieces[0]!.plan.bars.slice(0, 4).map(harmonyOf);
  const cost = (from: number, like: FormBar["like"] = null, ends = false) => {
    const phrase = [0, 1, 2, 3].map((k) => ({ from: from + k, frames: 16, steps: 16, like }));
    const passage = { donor: donors[1]!, from, transpose: 0 };
    return surprise(harmony, passage, phrase, before, key, ends);
  };
  assertAlmostEquals(cost(4), 0);
  assert(cost(5) > 0.5, "out of place");
  assertAlmostEquals(cost(12, null, true), 0);
  assert(cost(4, null, true) > 0.2, "no close");
  assert(cost(4, { bar: 3, degree: 1, transpose: 0 }) > 0.5, "the same chord again and again");
  const bare = [piece("bare", { bars: 8 })];
  assertEquals(learnHarmony(bare, bare.map(donorOf)), null);
});
