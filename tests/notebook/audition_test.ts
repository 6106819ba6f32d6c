import { assert, assertEquals, assertRejects } from "@std/assert";
import { dirname, join } from "node:path";
import { audition } from "../../lib/notebook/audition.ts";
import { keep } from "../../lib/notebook/keep.ts";
import { again, bolder, fromBar, refill } from "../../lib/notebook/further.ts";
import { changeBar } from "../../lib/notebook/plan.ts";
import { preprocess } from "../../lib/phases/preprocess.ts";
import { train } from "../../lib/phases/train.ts";
import { JUPYTER_DISPLAY } from "../../lib/show/summary.ts";
import { exists } from "../../lib/store/files.ts";
import { pitchOf } from "../../lib/tokens/frame.ts";
import { somePieces } from "../starter/some.ts";

Deno.test("Variants are heard, kept with their recipes where nothing is replaced, and gone on from", async () => {
  const folder = await Deno.makeTempDir();
  const roots = { data: join(folder, "data"), models: join(folder, "models") };
  const [midi] = await somePieces(join(folder, "midi"), 1);
  await preprocess({ ...roots, midi, name: "small" });
  const name = { corpus: "small", name: "small", model: "combination", epochs: 1 } as const;
  await train({ ...roots, ...name });

  await assertRejects(() => keep(9, "x"), Error, "variant");
  const settings = { ...roots, model: "small", bars: 2, hear: 2, kilobits: 32 } as const;
  const each = [{ temperature: 0.8 }, {}];
  const two = await audition({ ...settings, count: 1, each });
  assertEquals(two.variants.map(({ settings }) => settings.temperature), [0.8, undefined]);
  const bundle = await two[JUPYTER_DISPLAY]();
  assertEquals((bundle["text/html"] as string).match(/<audio /g)?.length, 2);

  const [first] = two.variants;
  const kept = await keep(1, "evening");
  assertEquals(dirname(kept.midi), join(roots.data, "favourites"));
  for (const ending of ["json", "mid", "wav"]) {
    assert(await exists(join(roots.data, "favourites", `evening.${ending}`)));
    assert(!await exists(first!.piece.midi.replace(/mid$/, ending)), "moved, not copied");
  }
  const second = await keep(two.variants[1]!, "evening");
  assert(second.midi !== kept.midi, "the name was taken");
  await assertRejects(() => keep(1, "again"), Error, "kept already, as");

  const more = await again();
  assertEquals(more.variants.map(({ settings }) => settings.seed), [2, 2]);
  const bold = await bolder(1);
  assertEquals(bold.variants[0]!.settings.temperature, 0.92);
  assertEquals(bold.variants[0]!.settings.seed, 3);
  assertEquals([bold.variants.length, bold.settings.hear], [1, 2]); // as before
  await Deno.remove(folder, { recursive: true });
});

Deno.test("From a bar on all that stood before it stays, to the bar line, whatever sounds there", async () => {
  const folder = await Deno.makeTempDir();
  const roots = { data: join(folder, "data"), models: "models" };
  const settings = {
    ...roots,
    model: "base",
    bars: 6,
    hear: 2,
    kilobits: 32,
    candidates: 1,
    barCandidates: 1,
  } as const;
  const [variant] = (await audition({ ...settings, count: 1 })).variants;
  const { frames, metres } = variant!.piece.piece, { stepsPerBar } = metres[0]!;
  const silent = { ...variant!.piece.piece, frames: frames.slice() };
  const before = 4 * stepsPerBar; // more than the original network's 40 frames
  silent.frames.fill([], before - 6, before);
  await keep(variant!, "kept"); // its files have moved
  const piece = {
    ...variant!.piece,
    piece: silent,
    recipe: join(roots.data, "favourites", "kept.json"),
  };
  const { variants } = await fromBar(5, { ...variant!, piece });
  const anew = variants[0]!.piece;
  assertEquals(anew.primerFrames, before);
  assertEquals(anew.piece.frames.slice(0, before), silent.frames.slice(0, before));
  assertEquals(anew.piece.frames.length, 6 * stepsPerBar);
  assertEquals((await fromBar(2, variant!)).variants[0]!.piece.primerFrames, stepsPerBar);
  await assertRejects(() => fromBar(99, variant!), RangeError, "2 to 6");
  await assertRejects(() => fromBar(1, variant!), RangeError, "2 to 6");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("A bar of the plan that is changed is another bar, and what stands before it stays", async () => {
  const folder = await Deno.makeTempDir();
  const roots = { data: join(folder, "data"), models: "models" };
  const few = { candidates: 1, barCandidates: 2, hear: 2, kilobits: 32 } as const;
  const settings = { ...roots, ...few, model: "base", bars: 8, seed: 3 };
  const [variant] = (await audition({ ...settings, count: 1 })).variants;
  const { frames, metres } = variant!.piece.piece, { stepsPerBar } = metres[0]!;
  const bar = (of: typeof frames, number: number) =>
    of.slice((number - 1) * stepsPerBar, number * stepsPerBar);
  const { variants: [after] } = await changeBar(5, { higher: 12 }, variant!);
  const changed = after!.piece.piece.frames;
  assertEquals(changed.length, frames.length);
  for (const number of [1, 2, 3, 4]) assertEquals(bar(changed, number), bar(frames, number));
  const mean = (of: typeof frames) => {
    const pitches = bar(of, 5).flat().map(pitchOf);
    return pitches.reduce((sum, pitch) => sum + pitch, 0) / pitches.length;
  };
  assert(mean(changed) > mean(frames) + 5, `${mean(frames)} before, ${mean(changed)} after`);
  assertEquals(after!.piece.plan!.bars[4]!.onsets, variant!.piece.plan!.bars[4]!.onsets);

  const again = (await changeBar(5, { like: 2 }, variant!)).variants[0]!.piece.plan!.bars[4]!;
  assertEquals(again, {
    ...variant!.piece.plan!.bars[1]!,
    like: { bar: 1, degree: 1, transpose: 0 },
  });
  const held = (await changeBar(5, { chord: "Dm7" }, variant!)).variants[0]!.piece.plan!.bars[4]!;
  assertEquals(held.chords, [{ step: 0, chord: { root: 2, quality: "m7" } }]);
  assertEquals(held.classes, [[0, 2, 5, 9], [0, 2, 5, 9]]);
  await assertRejects(() => changeBar(5, { chord: "C F" }, variant!), RangeError, "one bar");
  await assertRejects(() => changeBar(9, { higher: 1 }, variant!), RangeError, "1 to 8");
  await assertRejects(() => changeBar(2, { like: 3 }, variant!), RangeError, "not an earlier bar");

  const filled = (await refill("3-4", variant!)).variants[0]!.piece.piece.frames;
  for (const number of [1, 2, 6, 7, 8]) assertEquals(bar(filled, number), bar(frames, number));
  await Deno.remove(folder, { recursive: true });
});
