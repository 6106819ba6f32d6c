import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "node:path";
import type { Evaluation, Prediction } from "../../lib/evaluate/report.ts";
import { stopBackend } from "../../lib/model/combination/backend.ts";
import { evaluate } from "../../lib/phases/evaluate.ts";
import { generate } from "../../lib/phases/generate.ts";
import { preprocess } from "../../lib/phases/preprocess.ts";
import { Random } from "../../lib/random.ts";
import { noteAt, songOf } from "../midi/song.ts";
import { trainOnly } from "../phases/support.ts";

const root = await Deno.makeTempDir();
const roots = { data: join(root, "data"), models: join(root, "models") };
const folder = (name: string) => join(root, name);

/** Writes MIDI files of 40 chords, a beat each; some of them come back in other files. */
async function writeMusic(name: string, files: number, seed: number): Promise<void> {
  const random = new Random(seed);
  await Deno.mkdir(folder(name), { recursive: true });
  for (let file = 0; file < files; file++) {
    const notes = Array.from({ length: 40 }, (_, beat) => {
      const chord = [48 + random.below(12), 60 + random.below(8), 68 + random.below(8)];
      return chord.map((pitch) => noteAt(pitch, beat, 1));
    }).flat();
    await Deno.writeFile(join(folder(name), `${name} ${file}.mid`), songOf(notes));
  }
}

/** The report on disk, without what the store adds. */
async function evaluation(name: string): Promise<Evaluation> {
  const text = await Deno.readTextFile(join(roots.data, "evaluations", `${name}.json`));
  const { checksum: _, ...report } = JSON.parse(text);
  return report;
}

await writeMusic("seen", 8, 1);
await writeMusic("unseen", 2, 2);
await preprocess({ midi: folder("seen"), name: "chords", stepsPerBeat: 1, ...roots });
for (const model of ["combination", "pitchwise"] as const) {
  const settings = { corpus: "chords", epochs: 1, threads: 1, from: "nothing", ...roots };
  await trainOnly({ ...settings, name: model, model });
}

for (const model of ["combination", "pitchwise"] as const) {
  Deno.test(`evaluate measures ${model} beside the baselines and writes what it found`, async () => {
    const settings = { model, midi: folder("unseen"), generated: folder("seen"), threads: 1 };
    const found = await evaluate({ ...settings, ...roots });
    assertEquals({ ...await evaluation(model), file: found.file }, { ...found });
    assertEquals(found.kind, model);
    assertEquals(found.music.heldOut!.pieces, 2);
    const predictions: Prediction[] = [found, ...Object.values(found.baselines!)];
    assertEquals(predictions.length, 5);
    const framesPerNote = found.natsPerNote! / found.natsPerFrame!;
    for (const { natsPerFrame, natsPerNote, unseenShare } of predictions) {
      assert(natsPerFrame! > 0 && natsPerFrame! < 200);
      assertAlmostEquals(natsPerNote! / natsPerFrame!, framesPerNote);
      assertEquals(unseenShare, found.unseenShare);
    }
    assertEquals(found.copying.generated!.wholePieces, 8);
    assertEquals(found.copying.heldOut!.wholePieces, 0);
    assertAlmostEquals(found.overlap.generated!.register, 1);
    assertEquals(found.warnings, []);
    assertStringIncludes(`${found}`, "n-grams (Kneser–Ney)");
  });
}

Deno.test("evaluate warns when the music was learned from", async () => {
  const found = await evaluate({ model: "pitchwise", midi: folder("seen"), threads: 1, ...roots });
  assertEquals(found.warnings.length, 1);
  assertStringIncludes(found.warnings[0]!, "8 of the pieces");
});

Deno.test("evaluate trains the baselines without the pieces that the model did without", async () => {
  const name = "part", holdout = 0.3;
  await trainOnly({
    corpus: "chords",
    name,
    model: "pitchwise",
    epochs: 1,
    holdout,
    threads: 1,
    from: "nothing",
    ...roots,
  });
  const found = await evaluate({ model: name, midi: folder("seen"), threads: 1, ...roots });
  assertEquals(found.copying.heldOut!.wholePieces, 5);
  assert(found.unseenShare! > 0);
});

Deno.test("evaluate measures what was kept aside in training where no folder is given", async () => {
  const here = await evaluate({ model: "part", threads: 1, ...roots });
  assertEquals(here.music.heldOut!.pieces, 3);
  assertStringIncludes(here.music.heldOut!.path, 'corpus "chords"');
  assert(here.natsPerFrame! > 0);
  assertEquals([here.copying.heldOut!.wholePieces, here.warnings], [0, []]);
  assertEquals(here.critic.heldOut!.told, null);
  assertStringIncludes(`${here}`, "too little music");
});

Deno.test("evaluate measures what a model was adapted from, as long as it is there and the same", async () => {
  const models = join(root, "adapted");
  const settings = { corpus: "chords", model: "pitchwise", epochs: 1, threads: 1 } as const;
  await trainOnly({ ...settings, name: "first", from: "nothing", ...roots, models });
  await trainOnly({ ...settings, name: "second", from: "first", ...roots, models });
  const measure = (model: string) =>
    evaluate({ model, midi: folder("unseen"), threads: 1, data: roots.data, models });
  const first = await measure("first"), second = await measure("second");
  assertEquals([first.base, first.warnings, second.warnings], [null, [], []]);
  const { natsPerFrame, natsPerNote, unseenShare } = first;
  assertEquals(second.base, { name: "first", natsPerFrame, natsPerNote, unseenShare });
  assertStringIncludes(`${second}`, '"first", before training');
  const met = await evaluate({
    model: "second",
    midi: folder("seen"),
    name: "met",
    threads: 1,
    data: roots.data,
    models,
  });
  assert(met.base !== null);
  assertStringIncludes(
    met.warnings[0]!,
    '"first", which the model was adapted from, learned from 8',
  );
  await trainOnly({
    ...settings,
    name: "first",
    from: "nothing",
    seed: 2,
    overwrite: true,
    ...roots,
    models,
  });
  const changed = await measure("second");
  assertEquals(changed.base, null);
  assertStringIncludes(changed.warnings[0]!, "no longer the same");
  await Deno.remove(join(models, "first"), { recursive: true });
  assertStringIncludes((await measure("second")).warnings[0]!, "is not measured");
});

Deno.test("evaluate leaves out what generated music started from", async () => {
  const data = join(root, "primed");
  const { pieces } = await generate({
    model: "pitchwise",
    frames: 24,
    form: "none",
    count: 2,
    threads: 1,
    data,
    models: roots.models,
  });
  const generated = join(data, "generated");
  const found = await evaluate({ model: "pitchwise", generated, ...roots });
  const primer = pieces.reduce((sum, piece) => sum + piece.primerFrames, 0);
  const all = pieces.reduce((sum, { piece }) => sum + piece.frames.length, 0);
  assert(primer > 0);
  assertEquals(found.music.generated!.primerFrames, primer);
  assert(Math.abs(found.music.generated!.frames - (all - primer)) <= 2); // rests at the end
  // Once the music is another, the recipe is no longer its own.
  for (const { midi } of pieces) await Deno.copyFile(join(folder("seen"), "seen 0.mid"), midi);
  const changed = await evaluate({ model: "pitchwise", generated, name: "changed", ...roots });
  assertEquals(changed.music.generated!.primerFrames, 0);
});

Deno.test("evaluate writes its report and nothing else, in data/evaluations", async () => {
  const files = async (path: string): Promise<string[]> => {
    const found: string[] = [];
    for await (const { name, isDirectory } of Deno.readDir(path)) {
      if (isDirectory) found.push(...await files(join(path, name)));
      else if (name !== "once.json") found.push(join(path, name));
    }
    return found.sort();
  };
  const before = await files(root);
  const settings = { midi: folder("unseen"), generated: folder("seen"), name: "once", threads: 1 };
  const { file } = await evaluate({ model: "pitchwise", ...settings, ...roots });
  assertEquals(file, join(roots.data, "evaluations", "once.json"));
  assertEquals(await files(root), before);
});

Deno.test("evaluate goes without the corpus as far as it can", async () => {
  const data = join(root, "elsewhere");
  const settings = { midi: folder("unseen"), threads: 1 };
  const here = await evaluate({ model: "combination", ...settings, ...roots });
  const found = await evaluate({ model: "combination", ...settings, ...roots, data });
  assertEquals(found.natsPerFrame, here.natsPerFrame);
  assertEquals([found.baselines, found.copying.heldOut, found.overlap.heldOut], [null, null, null]);
  assertStringIncludes(found.warnings[0]!, "deno task preprocess --midi DIR --name chords");
  assert(found.warnings[0]!.endsWith(`--name chords --data ${data}`), "it is missing there");
});

Deno.test("evaluate looks at generated music alone, under a name of its own", async () => {
  const settings = { model: "combination", generated: folder("unseen"), name: "alone" };
  const found = await evaluate({ ...settings, ...roots });
  assertEquals([found.natsPerFrame, found.baselines, found.music.heldOut], [null, null, null]);
  assert(found.copying.generated!.copiedShare! < 1);
  assertEquals((await evaluation("alone")).model, "combination");
});

Deno.test("evaluate says what it lacks", async () => {
  await assertRejects(() => evaluate({ model: "combination", ...roots }), Error, "give --midi");
  const midi = folder("empty");
  await Deno.mkdir(midi);
  const empty = () => evaluate({ model: "combination", midi, ...roots });
  await assertRejects(empty, Error, "holds no MIDI files");
  await Deno.writeTextFile(join(midi, "broken.mid"), "no music");
  await assertRejects(empty, Error, "could be evaluated: ");
});

Deno.test.afterAll(async () => {
  await stopBackend();
  await Deno.remove(root, { recursive: true });
});
