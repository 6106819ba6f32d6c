import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { baseFolder, baseGrids, readBase } from "../../lib/model/base.ts";
import { openModel } from "../../lib/model/bundle.ts";
import { loadModel } from "../../lib/model/load.ts";
import { mean } from "../../lib/numbers.ts";
import { generate } from "../../lib/phases/generate.ts";
import { preprocess } from "../../lib/phases/preprocess.ts";
import { train } from "../../lib/phases/train.ts";
import { readMusicFile } from "../../lib/store/music_files.ts";
import { tokenize } from "../../lib/tokens/tokenize.ts";
import { somePieces } from "../starter/some.ts";
import { byLooks, step, trainOnly } from "./support.ts";

const root = await Deno.makeTempDir();
Deno.test.afterAll(() => Deno.remove(root, { recursive: true }));
const roots = { data: join(root, "data"), models: join(root, "models") };
const midi = join(root, "midi");
await somePieces(midi, 3);
await preprocess({ ...roots, midi, name: "three" });
const settings = { ...roots, corpus: "three", threads: 2, epochs: 1 };

step("train starts from the base, and says what that knew and what is known now", async () => {
  const { adaptedFrom, lossAfter } = await trainOnly({ ...settings, name: "adapted" });
  assertEquals(adaptedFrom?.name, "base/beats-4");
  assert(lossAfter! < adaptedFrom!.loss, `${adaptedFrom!.loss} before, ${lossAfter} after`);
  const { hash } = await readBase(baseFolder(), { unit: "beat", steps: 4, attacks: true });
  const manifest = (await openModel(join(roots.models, "adapted"))).manifest;
  assertEquals(manifest.adaptedFrom, adaptedFrom);
  assertEquals(adaptedFrom!.hash, hash);
  assert("passages-base.bin" in manifest.files, "the base's music is known, too");
  const { pieces } = await generate({
    ...roots,
    model: "adapted",
    bars: 2,
    candidates: 1,
    threads: 2,
  });
  assertEquals(pieces.length, 1);
});

step(
  "A model may start from one that was adapted, or from nothing, but not from itself",
  async () => {
    const { adaptedFrom } = await trainOnly({ ...settings, name: "again", from: "adapted" });
    assertEquals(adaptedFrom?.name, "adapted");
    const scratch = await trainOnly({ ...settings, name: "scratch", from: "nothing" });
    assertEquals(scratch.adaptedFrom, undefined);
    await assertRejects(
      () => train({ ...settings, name: "again", from: "again", overwrite: true }),
      RangeError,
      "to itself",
    );
    await assertRejects(
      () => train({ ...settings, name: "x", from: "nobody" }),
      Error,
      "from nothing",
    );
  },
);

step("style weighs the adapted network against the base that it came from", async () => {
  const folder = join(roots.models, "adapted"), some = { threads: 2 };
  const path = join(midi, (await readdir(midi))[0]!);
  const { frames, metres } = tokenize(await readMusicFile(path), {
    ...{ grid: baseGrids["beats-4"]!, tracks: "piano", melody: false, pedal: false },
  });
  const piece = { name: "", frames: frames.slice(0, 200), metres };
  const told = async (folder: string, style?: number) => {
    const { model } = await loadModel(folder, { ...some, style });
    using _ = { [Symbol.dispose]: () => model.dispose() };
    return mean([...model.logProbabilities(piece)]);
  };
  const [adapted, base] = [await told(folder), await told(join(baseFolder(), "beats-4"))];
  assertEquals(await told(folder, 1), adapted);
  assert(Math.abs(await told(folder, 0) - base) < 0.02, "another keyboard, the same network");
  const [half, beyond] = [await told(folder, 0.5), await told(folder, 1.5)];
  assert(base < half && half < adapted && beyond !== adapted);

  const wish = {
    ...roots,
    model: "adapted",
    bars: 8,
    candidates: 1,
    barCandidates: 2,
    touch: 0,
    threads: 2,
    seed: 4,
    count: 3, // so little was learned that one piece may well be the same
  };
  const made = await generate({ ...wish, style: 0, name: "none" });
  const own = await generate({ ...wish, name: "own" });
  const framesOf = ({ pieces }: typeof made) => pieces.map(({ piece }) => piece.frames);
  assertNotEquals(framesOf(made), framesOf(own));
  const fill = { midi: path, bars: "2-3" };
  const filled = await generate({ ...roots, model: "adapted", fill, style: 0, threads: 2 });
  for (const { midi, recipe } of [...made.pieces, ...filled.pieces]) {
    const again = await generate({ ...roots, recipe, threads: 2 });
    assertEquals(await Deno.readFile(again.pieces[0]!.midi), await Deno.readFile(midi));
    assertEquals(JSON.parse(await Deno.readTextFile(recipe)).style, 0);
  }
});

step("style is refused where there is no base, or another one than then", async () => {
  const refused = (model: string, style: number, why: string) =>
    assertRejects(() => generate({ ...roots, model, style, bars: 1 }), Error, why);
  await refused("scratch", 0.5, "was not adapted from a base");
  await refused("base", 0.5, "was not adapted from a base");
  await refused("adapted", 1.6, "from 0 to 1.5");
  await refused("adapted", -0.1, "from 0 to 1.5");
  await trainOnly({ ...settings, name: "middle", from: "adapted" });
  await trainOnly({ ...settings, name: "last", from: "middle" });
  await trainOnly({ ...settings, name: "middle", from: "nothing", overwrite: true });
  await refused(
    "last",
    0.5,
    'against "middle", from which it was adapted: it is no longer the same',
  );
  await Deno.remove(join(roots.models, "middle"), { recursive: true });
  await refused("last", 0.5, "there is no such model");
});

step("The base serves a grid that it was not made for, and one without attacks", async () => {
  for (
    const [name, how] of [["coarse", { stepsPerBeat: 2 }], ["plain", { attacks: false }]] as const
  ) {
    await preprocess({ ...roots, midi, name, ...how });
    const { adaptedFrom, lossAfter } = await trainOnly({ ...settings, corpus: name, name });
    assertEquals(adaptedFrom?.name, name === "coarse" ? "base/beats-4" : "base/beats-4-plain");
    assert(lossAfter! < adaptedFrom!.loss);
  }
});

step("With minutes, a trial finds how to learn, and the run ends when that is done", async () => {
  const { ended } = await byLooks(() =>
    trainOnly({ ...settings, epochs: undefined, minutes: 20, name: "timed" })
  );
  assertEquals(ended, "enough");
  const { settings: how } = (await openModel(join(roots.models, "timed"))).manifest;
  assert("minutes" in how.budget && [0, 4].includes(how.budget.mostEpochs!));
});

step("With a learning rate given there is no trial: it is used with the whole budget", async () => {
  const said: string[] = [];
  const given = { epochs: undefined, minutes: 0.002, learningRate: 3e-4, name: "given" };
  const run = { onMessage: (text: string) => void said.push(text) };
  await byLooks(() => trainOnly({ ...settings, ...given }, run));
  assert(!said.some((text) => text.startsWith("Trying")), said.join("\n"));
  const { settings: how } = (await openModel(join(roots.models, "given"))).manifest;
  assertEquals([how.learningRate, how.dropout, how.budget], [3e-4, 0.5, { minutes: 0.002 }]);
});
