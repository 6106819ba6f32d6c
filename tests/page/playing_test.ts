import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import tone from "@tonejs/midi";
import { answerRecipe } from "../../lib/page/answer.ts";
import { answer, makeBars } from "../../lib/page/engine.ts";
import { heardPhrase, metreOf, withAnswer } from "../../lib/page/phrase.ts";
import { framesAt, pulseOf } from "../../lib/page/pulse.ts";
import { recipeFile } from "../../lib/page/save.ts";
import { heardOf } from "../../lib/show/sounding.ts";
import { barsOf } from "../../lib/tokens/bars.ts";
import { align, momentsOf } from "../../lib/page/places.ts";
import { Tempo } from "../../lib/page/tempo.ts";
import { Random } from "../../lib/random.ts";
import { loadPagePlayer } from "../../lib/page/model.ts";
import { basePageModel, basePlayer, type Beats, CALL, makesAgain, played } from "./support.ts";

const wishes = {
  boldness: 0,
  follow: 0.5,
  chords: "",
  ends: false,
  effort: { plans: 3, candidates: 8 },
  seed: 3,
} as const;
const prior = { beatsPerMinute: 96, spread: 0.25 };

Deno.test("the pulse of a phrase is found at 34 to 200 beats per minute, also where it is uneven", async () => {
  const { model } = await basePlayer();
  for (const bpm of [34, 50, 72, 96, 130, 200]) {
    const near = { beatsPerMinute: bpm * 1.04, spread: 0.05 }; // as after a tap
    const notes = played(CALL, bpm, { jitter: 0.03, seed: bpm });
    const { step, origin } = await pulseOf(notes, near, { model: model.byPitch, grid: model.grid });
    assertAlmostEquals(60 / step / 4 / bpm, 1, 0.03);
    assertAlmostEquals(origin, 10, 0.08);
  }
});

Deno.test("three and six eighths are told from four quarters", async () => {
  const { model } = await basePlayer();
  const waltz = [0, 3, 6, 9].flatMap((bar, i): Beats => [
    [bar, 1, [48, 43, 45, 43][i]!],
    ...[1, 2].flatMap((beat) => [60, 64, 67].map((pitch) => [bar + beat, 1, pitch] as const)),
    [bar, 2, 76 - i],
    [bar + 2, 1, 74],
  ]);
  const known = { beatsPerMinute: 120, spread: 0.1 };
  const { stepsPerBar, stepsPerBeat } = await pulseOf(played(waltz, 120), known, {
    model: model.byPitch,
    grid: model.grid,
  });
  assertEquals([stepsPerBar, stepsPerBeat], [12, 4]);
  const jig = [0, 3, 6, 9].flatMap((bar): Beats => [
    ...[72, 74, 76, 77, 76, 74].map((pitch, at) => [bar + at / 2, 0.5, pitch] as const),
    [bar, 1.5, 48],
    [bar + 1.5, 1.5, 55],
  ]);
  const six = await pulseOf(played(jig, 120), known, {
    model: model.byPitch,
    grid: model.grid,
    stepsPerBar: 12,
  });
  assertEquals([six.stepsPerBar, six.stepsPerBeat], [12, 6]);
});

Deno.test("a tapped beat is the metre's, a dotted quarter in 6/8", async () => {
  const { model } = await basePlayer(), tempo = new Tempo(96);
  tempo.correct({ beatsPerMinute: 62 }); // a little fast
  const siciliana = [0, 3, 6, 9].flatMap((bar): Beats => [
    ...[0, 1.5].flatMap((half): Beats => [
      [bar + half, 0.75, 72],
      [bar + half + 0.75, 0.25, 74],
      [bar + half + 1, 0.5, 76],
      [bar + half, 1.5, 48],
    ]),
  ]);
  const { step, stepsPerBar, stepsPerBeat } = await pulseOf(
    played(siciliana, 90, { jitter: 0.02 }),
    tempo.prior,
    { model: model.byPitch, grid: model.grid },
  );
  assertEquals([stepsPerBar, stepsPerBeat], [12, 6]);
  assertAlmostEquals(60 / step / 4 / 90, 1, 0.03);
});

Deno.test("a waltz is heard at its tempo by a model of slower music, too", async () => {
  const { model } = await basePlayer(), { prior } = new Tempo(70);
  for (const [seed, melody] of [[74, 76, 77, 79], [72, 76, 74, 71]].entries()) {
    const waltz = melody.flatMap((pitch, at): Beats => [
      [3 * at, 1, 48 - at],
      ...[1, 2].flatMap((beat): Beats => [[3 * at + beat, 1, 60], [3 * at + beat, 1, 64]]),
      [3 * at, 2, pitch],
      [3 * at + 2, 0.5, pitch - 2],
      [3 * at + 2.5, 0.5, pitch],
    ]);
    const notes = played(waltz, 120, { jitter: 0.02, seed });
    const { step } = await pulseOf(notes, prior, { model: model.byPitch, grid: model.grid });
    assertAlmostEquals(60 / step / 4 / 120, 1, 0.03);
  }
});

Deno.test("the positions of a long run of sixteenths are counted right where it is uneven", () => {
  const random = new Random(2), place = 0.12;
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  let right = 0;
  for (let again = 0; again < 100; again++) {
    const notes = Array.from({ length: 60 }, (_, at) => {
      const start = at * place + 0.027 * normal();
      return { pitch: 60, velocity: 80, start, end: start + 0.1 };
    });
    const moments = momentsOf(notes);
    const line = align(moments, moments[0]!, place * (1 + 0.005 * normal()));
    if (Math.abs(line.place / place - 1) < 0.003) right++; // a step lost or gained is 0.017
  }
  assert(right >= 75, `${right} of 100`);
});

Deno.test("an answer begins on a beat, at the next bar line where that is as near", async () => {
  const { model } = await basePlayer(), notes = played(CALL, 120);
  const before = { frames: [], metres: [] };
  const hear = (earliest: number, onBar: boolean) =>
    heardPhrase({ notes, prior, earliest, onBar, before }, model.byPitch, model.grid);
  const full = await hear(13.9, false);
  assertAlmostEquals(full.due, 14, 0.05); // eight beats from 10 s on
  assertEquals([full.past.frames.length, full.phraseBars], [32, 2]);
  const later = await hear(14.2, false);
  assertAlmostEquals(later.due, 14.5, 0.05);
  assertEquals(
    barsOf(later.past.metres, later.past.frames.length, model.grid).map((b) => b.frames),
    [
      ...[16, 16, 4],
    ],
  );
  assertAlmostEquals((await hear(14.2, true)).due, 16, 0.05);
  const cut = withAnswer(full.past, Array.from({ length: 32 }, () => [60]), full.pulse, 20);
  assertEquals(barsOf(cut.metres, 52, model.grid).map(({ frames }) => frames), [16, 16, 16, 4]);
});

Deno.test("wrong notes, one note and a silence are no trouble", async () => {
  const { model } = await basePlayer();
  for (
    const phrase of [[[0, 1, 60]], [[0, 1, 60], [9, 1, 61]], [[0, 0.01, 0], [
      0,
      0.01,
      127,
    ]]] as Beats[]
  ) {
    const { step, origin } = await pulseOf(played(phrase, 100), prior, {
      model: model.byPitch,
      grid: model.grid,
    });
    assert(step > 0.05 && step < 0.5 && Math.abs(origin - 10) < 2, `${step} ${origin}`);
    assert(framesAt(played(phrase, 100), { step, origin }, true).length > 0);
  }
});

Deno.test("an answer is about as long, in the phrase's key, told bar by bar, and its recipe makes it again", async () => {
  const player = await basePlayer(), { model } = player;
  const { past, phraseBars, pulse } = await heardPhrase(
    {
      ...{ notes: played(CALL, 120), prior, earliest: 14.3, onBar: false },
      before: { frames: [], metres: [] },
    },
    model.byPitch,
    model.grid,
  );
  assertEquals(phraseBars, 3); // two, and a beat of rest
  const heard = { ...past, phraseBars, metre: { steps: pulse.stepsPerBar }, beatsPerMinute: 120 };
  const bars: number[] = [];
  let key = "";
  const made = await answer(heard, wishes, player, {
    onPlan: (found) => key = found,
    onBar: ({ from, to, notes }) => {
      bars.push(to);
      assert(notes.every(({ start }) => start > from - 0.5 && start < to));
    },
    onFrame: () => Promise.resolve(),
  });
  assertEquals([bars, key], [[16, 32], "C major"]);
  assertEquals(made.frames.length, 32);
  await makesAgain(await recipeFile(made.recipe, made.midi), made.midi);
});

Deno.test("an answer to chords is as long as they are, over their basses", async () => {
  const player = await basePlayer(), { model } = player;
  const past = framesAt(played(CALL, 120), { step: 0.125, origin: 10 }, model.grid.attacks);
  while (past.length < 32) past.push([]);
  const heard = {
    ...{ frames: past, metres: [{ frame: 0, stepsPerBar: 16, phase: 0 }] },
    ...{ phraseBars: 2, metre: { steps: 16 }, beatsPerMinute: 120 },
  };
  const asked = { ...wishes, chords: "Am F C G" };
  const made = await answer(heard, asked, player, {
    onBar: () => {},
    onFrame: () => Promise.resolve(),
  });
  assertEquals(made.frames.length, 4 * 16);
  const basses = [0, 16, 32, 48].map((at) =>
    Math.min(...made.frames[at]!.map((c) => c & 127)) % 12
  );
  assertEquals(basses, [9, 5, 0, 7]);
  await makesAgain(await recipeFile(made.recipe, made.midi), made.midi);
});

Deno.test("phrases in three, and in six eighths, are answered in their metre", async () => {
  const player = await basePlayer(), { model } = player, { steps } = model.grid;
  const notes = played([[0, 3, 60], [3, 3, 64], [6, 3, 67], [9, 3, 72]], 120);
  for (const [stepsPerBeat, signature] of [[steps, [3, 4]], [1.5 * steps, [6, 8]]] as const) {
    const pulse = { step: 0.125, origin: 10, stepsPerBar: 12, stepsPerBeat, stepsPerQuarter: 4 };
    const { past, phraseBars } = await heardPhrase(
      { notes, pulse, prior, earliest: 15.9, onBar: true, before: { frames: [], metres: [] } },
      model.byPitch,
      model.grid,
    );
    const { stepsPerBar, ...metre } = metreOf(pulse);
    const heard = {
      ...past,
      phraseBars,
      metre: { ...metre, steps: stepsPerBar },
      beatsPerMinute: 120,
    };
    const { recipe } = answerRecipe(heard, wishes, player);
    const bars = barsOf(recipe.start.metres, past.frames.length + recipe.frames, model.grid);
    assertEquals(bars.map(({ frames }) => frames), Array(8).fill(12));
    assertEquals(bars.map((bar) => bar.signature), Array(8).fill(signature));
    assertEquals(recipe.plan!.bars.map(({ steps }) => steps), Array(8).fill(12));
  }
});

Deno.test("a model of one piece or of three answers in major and minor, in four and in three", async () => {
  const model = await basePageModel(), text = new TextDecoder().decode(model.files.plans);
  for (const count of [1, 3]) {
    const few = text.split("\n").slice(0, count).map((line) => `${line}\n`).join("");
    const files = { ...model.files, plans: new TextEncoder().encode(few) };
    const player = await loadPagePlayer({ ...model, files }), { grid } = player.model;
    assertEquals(player.plans.length, count);
    for (const [third, stepsPerBar] of [[64, 16], [63, 12]] as const) {
      const pulse = { step: 0.125, origin: 10, stepsPerBar, stepsPerBeat: 4, stepsPerQuarter: 4 };
      const notes = played([60, third, 67, 72, 67, third, 60].map((p, at) => [at, 1, p]), 120);
      const earliest = 10 + 2 * stepsPerBar * pulse.step - 0.1, before = { frames: [], metres: [] };
      const { past, phraseBars } = await heardPhrase(
        { notes, pulse, prior, earliest, onBar: true, before },
        player.model.byPitch,
        grid,
      );
      const metre = { steps: stepsPerBar };
      const heard = { ...past, phraseBars, metre, beatsPerMinute: 120 };
      const { frames } = await answer(heard, wishes, player, {
        onBar: () => {},
        onFrame: () => Promise.resolve(),
      });
      assertEquals(frames.length, 2 * stepsPerBar);
      assert(frames.some((frame) => frame.length > 0));
    }
  }
});

Deno.test("bars made anew leave all others as they are, and their recipe makes them again", async () => {
  const player = await basePlayer(), { model } = player;
  const call = framesAt(played(CALL, 120), { step: 0.125, origin: 10 }, model.grid.attacks);
  const heard = {
    frames: [0, 1, 2, 3].flatMap(
      () => [...call, ...Array.from({ length: 32 - call.length }, () => [])],
    ),
    metres: [{ frame: 0, stepsPerBar: 16, phase: 0 }],
    ...{ phraseBars: 8, metre: { steps: 16 }, beatsPerMinute: 120 },
  };
  const piece = await answer(heard, wishes, player, {
    onBar: () => {},
    onFrame: () => Promise.resolve(),
  });
  const asked = { midi: piece.midi, name: "piece.mid", first: 2, last: 3, seed: 5 };
  for (const distance of [undefined, 0.4]) {
    const { midi, recipe } = await makeBars({ ...asked, distance }, player);
    const was = heardOf(piece.midi), is = heardOf(midi), [, from, , end] = was.bars;
    const outside = (notes: typeof is.notes) =>
      notes.filter(({ start }) => start < from! - 0.1 || start > end! + 0.1);
    assertEquals(outside(is.notes), outside(was.notes));
    const before = new Set(was.notes.map(({ start, pitch }) => `${start} ${pitch}`));
    assert(is.notes.some(({ start, pitch }) => !before.has(`${start} ${pitch}`)));
    await makesAgain(await recipeFile(recipe, midi), midi);
  }
});

Deno.test("bars are made anew where the page shows them, after an upbeat and where no metre is stated", async () => {
  const player = await basePlayer();
  const upbeat = [{ ticks: 0, timeSignature: [1, 4] }, { ticks: 480, timeSignature: [4, 4] }];
  for (const timeSignatures of [upbeat, []]) {
    const piece = new tone.Midi();
    piece.header.timeSignatures.push(...timeSignatures);
    const track = piece.addTrack();
    for (let beat = timeSignatures.length > 0 ? 0 : 1; beat < 25; beat++) {
      track.addNote({ midi: 60 + beat % 7, ticks: 480 * beat, durationTicks: 480 });
    }
    const midi = piece.toArray(), { notes, bars } = heardOf(midi);
    assertEquals(bars.slice(0, 4), [0, 0.5, 2.5, 4.5]);
    const made = await makeBars(
      { midi, name: "piece.mid", first: 3, last: 3, seed: 5, distance: undefined },
      player,
    );
    const key = ({ start, pitch }: (typeof notes)[number]) => `${start.toFixed(2)} ${pitch}`;
    const before = new Set(notes.map(key));
    const places = heardOf(made.midi).notes.filter((note) => !before.has(key(note)))
      .map(({ start }) => start);
    assert(places.length > 0 && places.every((start) => start > 2.4 && start < 4.6), `${places}`);
  }
});
