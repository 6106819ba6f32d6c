import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { readBase } from "../../lib/model/base.ts";
import { baseFolder } from "../../lib/model/base.ts";
import { readModelManifest } from "../../lib/model/bundle.ts";
import { generate } from "../../lib/phases/generate.ts";
import { preprocess } from "../../lib/phases/preprocess.ts";
import { train } from "../../lib/phases/train.ts";
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
  const { adaptedFrom, lossAfter } = await train({ ...settings, name: "adapted" });
  assertEquals(adaptedFrom?.name, "base/beats-4");
  assert(lossAfter! < adaptedFrom!.loss, `${adaptedFrom!.loss} before, ${lossAfter} after`);
  const { hash } = await readBase(baseFolder(), { unit: "beat", steps: 4, attacks: true });
  const manifest = await readModelManifest(join(roots.models, "adapted"));
  assertEquals(manifest.adaptedFrom, adaptedFrom);
  assertEquals(adaptedFrom!.hash, hash);
  assert("passages-base.bin" in manifest.files, "the base's music is known, too");
  const { pieces } = await generate({ ...roots, model: "adapted", bars: 8, threads: 2 });
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
  const { settings: how } = await readModelManifest(join(roots.models, "timed"));
  assert("minutes" in how.budget && how.budget.mostEpochs! <= 120);
});

step("With a learning rate given there is no trial: it is used with the whole budget", async () => {
  const said: string[] = [];
  const given = { epochs: undefined, minutes: 0.002, learningRate: 3e-4, name: "given" };
  const run = { onMessage: (text: string) => void said.push(text) };
  await byLooks(() => trainOnly({ ...settings, ...given }, run));
  assert(!said.some((text) => text.startsWith("Trying")), said.join("\n"));
  const { settings: how } = await readModelManifest(join(roots.models, "given"));
  assertEquals([how.learningRate, how.dropout, how.budget], [3e-4, 0.2, { minutes: 0.002 }]);
});
