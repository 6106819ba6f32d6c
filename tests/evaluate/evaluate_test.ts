import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "node:path";
import { stopBackend } from "../../lib/backend/backend.ts";
import type { Evaluation, Prediction } from "../../lib/evaluate/report.ts";
import { writeMidi } from "../../lib/midi/write.ts";
import { evaluate } from "../../lib/phases/evaluate.ts";
import { preprocess } from "../../lib/phases/preprocess.ts";
import { train } from "../../lib/phases/train.ts";
import { Random } from "../../lib/random.ts";

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
      const [startTicks, endTicks] = [beat * 96, beat * 96 + 96];
      return chord.map((pitch) => ({ pitch, velocity: 80, startTicks, endTicks }));
    }).flat();
    const timeSignature = { numerator: 4, denominator: 4 };
    const settings = { ticksPerBeat: 96, beatsPerMinute: 120, timeSignature, name: "chords" };
    await Deno.writeFile(
      join(folder(name), `${name} ${file}.mid`),
      writeMidi({ notes, ...settings }),
    );
  }
}

const evaluation = (name: string): Promise<Evaluation> =>
  Deno.readTextFile(join(roots.data, "evaluations", `${name}.json`)).then(JSON.parse);

await writeMusic("seen", 8, 1);
await writeMusic("unseen", 2, 2);
await preprocess({ midi: folder("seen"), name: "chords", stepsPerBeat: 1, ...roots });
for (const model of ["combination", "pitchwise"] as const) {
  await train({ corpus: "chords", name: model, model, epochs: 1, threads: 1, ...roots });
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
  await train({
    corpus: "chords",
    name,
    model: "pitchwise",
    epochs: 1,
    holdout,
    threads: 1,
    ...roots,
  });
  const found = await evaluate({ model: name, midi: folder("seen"), threads: 1, ...roots });
  assertEquals(found.copying.heldOut!.wholePieces, 5);
  assert(found.unseenShare! > 0);
});

Deno.test("evaluate goes without the corpus as far as it can", async () => {
  const data = join(root, "elsewhere");
  const settings = { midi: folder("unseen"), threads: 1 };
  const here = await evaluate({ model: "combination", ...settings, ...roots });
  const found = await evaluate({ model: "combination", ...settings, ...roots, data });
  assertEquals(found.natsPerFrame, here.natsPerFrame);
  assertEquals([found.baselines, found.copying.heldOut, found.overlap.heldOut], [null, null, null]);
  assertStringIncludes(found.warnings[0]!, "deno task preprocess --midi DIR --name chords");
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
  await assertRejects(empty, Error, "none of its 1 MIDI files could be used");
});

Deno.test.afterAll(async () => {
  await stopBackend();
  await Deno.remove(root, { recursive: true });
});
