import { assert, assertEquals, assertRejects } from "@std/assert";
import { basename, dirname, join } from "node:path";
import { stopBackend } from "../../lib/model/combination/backend.ts";
import { loadCorpus } from "../../lib/corpus/corpus.ts";
import { readReport } from "../../lib/corpus/report.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { openModel } from "../../lib/model/bundle.ts";
import { loadModel } from "../../lib/model/load.ts";
import { BUNDLE } from "../../lib/model/bundle_files.ts";
import { clean } from "../../lib/phases/clean.ts";
import { generate } from "../../lib/phases/generate.ts";
import { preprocess } from "../../lib/phases/preprocess.ts";
import type { TrainSettings } from "../../lib/phases/settings/train.ts";
import { train } from "../../lib/phases/train.ts";
import { exists } from "../../lib/store/files.ts";
import { namesOf } from "../store/support.ts";
import { somePieces } from "../starter/some.ts";
import { step } from "./support.ts";

const root = await Deno.makeTempDir();
const roots = { data: join(root, "data"), models: join(root, "models") };
const midi = join(root, "midi");

Deno.test.afterAll(async () => {
  await stopBackend();
  await Deno.remove(root, { recursive: true });
});

/** Pieces of the corpus: enough to hold one of them out, and to learn what gives a model away. */
const PIECES = 5;

/** What a run leaves that is killed between the saving of an artifact and the end of the one before. */
async function leaveGeneration(folder: string): Promise<void> {
  const { generation, files } = JSON.parse(await Deno.readTextFile(join(folder, "manifest.json")));
  const left = join(folder, `${generation + 1}`);
  await Deno.mkdir(left);
  for (const name of Object.keys(files)) await Deno.writeTextFile(join(left, name), "half");
}

step(
  "preprocess gives every file of a folder a verdict and a corpus of what it could use",
  async () => {
    const [path] = await somePieces(midi, PIECES), first = basename(path);
    await Deno.mkdir(join(midi, "deeper"));
    await Deno.copyFile(path, join(midi, "deeper", "COPY.MIDI"));
    await Deno.writeTextFile(join(midi, "broken.mid"), "no music");
    await Deno.writeTextFile(join(midi, "notes.txt"), "not looked at");
    await Deno.symlink(midi, join(midi, "deeper", "circle"));
    const { report, unchanged, folder } = await preprocess({ ...roots, midi, name: "starter" });
    assertEquals(unchanged, false);
    const verdict = (file: string) => report.files.find((entry) => entry.file === file);
    assertEquals(verdict("broken.mid")?.verdict, "skipped");
    const doubled = [verdict("deeper/COPY.MIDI")!, verdict(first)!].map(({ verdict }) => verdict)
      .sort();
    assertEquals(doubled, ["skipped", "used"]);
    assertEquals(verdict("notes.txt"), undefined);
    assert(report.totals.notes > 1000);
    assertEquals(await readReport(folder), report);
  },
);

step("preprocess leaves a corpus alone whose files and settings are the same", async () => {
  const manifest = join(roots.data, "corpora", "starter", "manifest.json");
  const before = await Deno.stat(manifest);
  const folder = dirname(manifest), names = namesOf(folder);
  await leaveGeneration(folder);
  const { unchanged } = await preprocess({ ...roots, midi, name: "starter" });
  assertEquals([unchanged, (await Deno.stat(manifest)).ino], [true, before.ino]);
  assertEquals(namesOf(folder), names, "what a killed run left was not taken away");
  const coarser = await preprocess({
    ...roots,
    midi,
    name: "coarse",
    stepsPerBeat: 1,
    attacks: false,
  });
  assertEquals(coarser.unchanged, false);
});

step(
  "preprocess says what was wrong when nothing could be used, and keeps the old corpus",
  async () => {
    const empty = join(root, "empty");
    await Deno.mkdir(empty);
    await assertRejects(
      () => preprocess({ ...roots, midi: empty, name: "starter" }),
      Error,
      "No MIDI files",
    );
    await Deno.writeTextFile(join(empty, "x.mid"), "");
    await assertRejects(
      () => preprocess({ ...roots, midi: empty, name: "starter" }),
      Error,
      "could be used",
    );
    assert(await exists(join(roots.data, "corpora", "starter", "manifest.json")));
  },
);

for (const model of ["combination", "pitchwise"] as const) {
  const settings: TrainSettings = {
    ...roots,
    corpus: "starter",
    name: model,
    model,
    batchSize: 512,
    epochs: 2,
    holdout: 0.2,
    threads: 2,
    seed: 3,
  };
  const bytes = async (name: string) => {
    const { files } = (await openModel(join(roots.models, name))).manifest;
    const own = model === "pitchwise" ? [BUNDLE.discriminator] : [];
    return ["weights.bin", "checkpoint.bin", "model.json", ...own].map((file) =>
      files[file]!.sha256
    );
  };

  step(
    `train (${model}) stopped anywhere and resumed ends in the same bytes as in one go`,
    async () => {
      const whole = await train(settings);
      assert(whole.history.epochs.length === 2 && whole.ended === "budget");
      const parts = { ...settings, name: "stopped" };
      for (const [how, stopAt] of [[{ overwrite: true }, 0.3], [{ resume: true }, 0.7]] as const) {
        const controller = new AbortController();
        const stopped = await train({ ...parts, ...how }, {
          signal: controller.signal,
          onProgress: ({ done }) => done > stopAt && controller.abort(),
        });
        assertEquals(stopped.ended, "stopped");
      }
      const resumed = await train({ ...parts, resume: true });
      assertEquals(resumed.ended, "budget");
      assertEquals(await bytes("stopped"), await bytes(model));
      const { position } = (await openModel(join(roots.models, "stopped"))).manifest;
      assertEquals(position, (await openModel(join(roots.models, model))).manifest.position);
    },
  );

  step(`The probability of a frame (${model}) does not depend on what comes after it`, async () => {
    const corpus = await loadCorpus(join(roots.data, "corpora", "starter"));
    const loaded = await loadModel(join(roots.models, model));
    const { frames, metres } = corpus.piece(0);
    const cut = Math.floor(frames.length / 2);
    const changed = [...frames.slice(0, cut), ...frames.slice(cut).map(() => [60])];
    const [whole, other] = [frames, changed].map((frames) =>
      loaded.model.logProbabilities({ name: "", frames, metres }).slice(0, cut - 1)
    );
    assertEquals(whole, other);
    assert(whole!.every((value) => value < 0 && Number.isFinite(value)));
    loaded.model.dispose();
  });

  step(`generate (${model}) makes music that its recipe makes again, byte for byte`, async () => {
    const { pieces } = await generate({
      ...roots,
      model,
      bars: 4,
      count: 2,
      primerNote: "60,64,67",
      threads: 2,
    });
    const again = await generate({
      ...roots,
      recipe: pieces[1]!.recipe,
      name: "again",
      overwrite: true,
      threads: 2,
    });
    const { pieces: [other] } = await generate({ ...roots, model, frames: 8, threads: 2 });
    const { pieces: [third] } = await generate({ ...roots, model, frames: 9, threads: 2 });
    assertEquals([other, third].map((piece) => basename(piece!.midi)), [
      `${model}.mid`,
      `${model}-3.mid`,
    ]);
    const [first, second, copy] = await Promise.all(
      [pieces[0]!, pieces[1]!, again.pieces[0]!].map(({ midi }) => Deno.readFile(midi)),
    );
    assertEquals(copy, second);
    assert(String(first) !== String(second), "another seed gives other music");
    const { ticksPerBeat, parts, timeSignatures: [metre] } = readMidi(first!);
    const ticksPerBar = ticksPerBeat * 4 * metre!.numerator / metre!.denominator;
    assertEquals(parts.length, 1);
    assertEquals(parts[0]!.program, 0);
    const lastEnd = Math.max(...parts[0]!.notes.map(({ endTicks }) => endTicks));
    assert(parts[0]!.notes[0]!.startTicks === 0 && lastEnd <= 4 * ticksPerBar);
    assertEquals(pieces[0]!.piece.frames.length * ticksPerBeat / 4, 4 * ticksPerBar);
  });
}

step(
  "What gives a model away is learned when a run ends, or by the next one, and never again",
  async () => {
    const settings = { ...roots, corpus: "starter", model: "pitchwise", epochs: 1 } as const;
    const controller = new AbortController();
    const { ended } = await train({ ...settings, name: "cut" }, {
      signal: controller.signal,
      onProgress: ({ task }) => task === "fit discriminator" && controller.abort(),
    });
    const files = async () => (await openModel(join(roots.models, "cut"))).manifest.files;
    assertEquals([ended, BUNDLE.discriminator in await files()], ["budget", false]);
    const resume = { ...roots, corpus: "starter", name: "cut", resume: true };
    assertEquals((await train(resume)).ended, "over");
    const { [BUNDLE.discriminator]: learned, ...others } = await files();
    assert(learned && others["weights.bin"] && others["plans.txt"]);
    const { generation } = (await openModel(join(roots.models, "cut"))).manifest;
    await train(resume);
    assertEquals((await openModel(join(roots.models, "cut"))).manifest.generation, generation);
    const made = (discriminator?: number) =>
      generate({ ...roots, model: "cut", bars: 4, candidates: 1, discriminator });
    const recipeOf = async (discriminator?: number) =>
      JSON.parse(await Deno.readTextFile((await made(discriminator)).pieces[0]!.recipe));
    assertEquals((await recipeOf()).discriminator, 0.4);
    assertEquals((await recipeOf(0)).discriminator, undefined);
  },
);

step("A run that has had all its time leaves nothing that a killed one left", async () => {
  const folder = join(roots.models, "stopped"), names = namesOf(folder);
  await leaveGeneration(folder);
  const { ended } = await train({ ...roots, corpus: "starter", name: "stopped", resume: true });
  assertEquals([ended, namesOf(folder)], ["over", names]);
});

step("train refuses to resume what is not there or was made otherwise", async () => {
  const base = { ...roots, corpus: "starter", name: "combination", resume: true };
  await assertRejects(() => train({ ...base, name: "nobody" }), Error, "train without --resume");
  await assertRejects(() => train({ ...base, corpus: "coarse" }), Error, "is different");
  await assertRejects(() => train({ ...base, batchSize: 3 }), Error, "its batchSize is 512, not 3");
  await assertRejects(
    () => train({ ...base, name: "new", resume: false, minutes: 1e-300 }),
    RangeError,
    "needed a number from 0.001 to 100,000",
  );
  await assertRejects(() => train({ ...base, resume: false }), Error, "--resume continues it");
  await assertRejects(
    () => train({ ...base, name: "new", resume: false, corpus: "nothing" }),
    Error,
    "there is coarse, starter",
  );
});

step(
  "generate starts from a MIDI file's end, and from random combinations that it does not write",
  async () => {
    const file = join(
      midi,
      namesOf(midi).find((name) => name.endsWith(".mid") && name !== "broken.mid")!,
    );
    const common = { ...roots, model: "combination", frames: 10, threads: 2 };
    const fromMidi = await generate({ ...common, primerMidi: file });
    assertEquals(fromMidi.pieces[0]!.primerFrames, 40);
    assertEquals(fromMidi.pieces[0]!.piece.frames.length, 50);
    const dropped = await generate({ ...common, primerMidi: file, dropPrimer: true });
    assertEquals(dropped.pieces[0]!.piece.frames, fromMidi.pieces[0]!.piece.frames.slice(40));
    const { readFile } = Deno;
    let reads = 0;
    Deno.readFile = (path, options) => {
      if (path === file) reads++;
      return readFile(path, options);
    };
    try {
      await generate({ ...common, primerMidi: file, count: 3 });
    } finally {
      Deno.readFile = readFile;
    }
    assertEquals(reads, 1, "however many pieces start from it");
    const random = await generate({ ...common, primerRandom: true });
    assertEquals([random.pieces[0]!.primerFrames, random.pieces[0]!.piece.frames.length], [0, 10]);
  },
);

step("generate refuses settings out of range, two seeds, and models that are damaged", async () => {
  const refused = (more: object, message: string) =>
    assertRejects(
      () => generate({ ...roots, model: "combination", threads: 2, ...more }),
      Error,
      message,
    );
  await refused({ temperature: 0 }, "temperature 0");
  await refused({ bars: 1, frames: 3 }, "two lengths");
  await refused({ primerNote: "C4", primerRandom: true }, "two ways");
  await refused({ primerMidi: join(midi, "broken.mid") }, "broken.mid");
  await refused({ recipe: join(midi, "notes.txt") }, 'not one that "deno task generate" wrote');
  await refused({ recipe: join(midi, "nothing.json") }, "it does not exist");
  await refused({ model: "../x" }, "a name has");
  await refused({ model: "nobody" }, "deno task train");
  const { generation } = (await openModel(join(roots.models, "combination"))).manifest;
  const weights = join(roots.models, "combination", `${generation}`, "weights.bin");
  const bytes = await Deno.readFile(weights);
  bytes[1000]! ^= 1;
  await Deno.writeFile(weights, bytes);
  await refused({}, "weights.bin was changed or damaged");
});

step("clean removes what the phases wrote, and no file of the user's", async () => {
  const mine = join(roots.data, "generated", "mine.mid");
  await Deno.writeTextFile(mine, "mine");
  await assertRejects(
    () => clean(roots, { confirm: () => Promise.resolve(false) }),
    Error,
    "not confirmed",
  );
  const changed = join(roots.data, "generated", "again.mid");
  await Deno.writeTextFile(changed, "edited by hand");
  const { removed } = await clean({ ...roots, yes: true });
  assert(removed.includes(join(roots.models, "pitchwise")));
  assertEquals([await exists(mine), await exists(changed)], [true, true]);
  assertEquals([...Deno.readDirSync(join(roots.data, "corpora"))].length, 0);
  assertEquals([...Deno.readDirSync(roots.models)].length, 0);
  assert(await exists(join(midi, "broken.mid")));
});

step("generate says how many candidates there may be, whatever else is asked for", async () => {
  for (const candidates of [-1, 0, 600, 1.5]) {
    await assertRejects(
      () => generate({ ...roots, model: "base", candidates }),
      RangeError,
      `Cannot generate with candidates ${candidates}: needed a whole number from 1 to 64`,
    );
  }
  await assertRejects(
    () => generate({ ...roots, model: "base", candidates: 64, barCandidates: 9 }),
    RangeError,
    "needed 1 to 8 of them",
  );
});
