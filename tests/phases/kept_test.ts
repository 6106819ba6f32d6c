// What earlier versions of the program wrote, kept in tests/kept: read, or refused with the command
// that makes it anew, which then works. Only the networks are smaller than those that people train.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CORPUS, loadCorpus } from "../../lib/corpus/corpus.ts";
import { readRecipe, RECIPES } from "../../lib/generate/recipe.ts";
import { MODEL } from "../../lib/model/bundle.ts";
import { stopBackend } from "../../lib/model/combination/backend.ts";
import { clean } from "../../lib/phases/clean.ts";
import { duet } from "../../lib/phases/duet.ts";
import { evaluate } from "../../lib/phases/evaluate.ts";
import { generate } from "../../lib/phases/generate.ts";
import { preprocess } from "../../lib/phases/preprocess.ts";
import { sha256 } from "../../lib/store/files.ts";
import { inFolder, namesOf } from "../store/support.ts";
import { trainOnly } from "./support.ts";

const kept = fileURLToPath(new URL("../kept/", import.meta.url));
const midi = join(kept, "music");

/** Folders of artifacts, by the format version of the models in them. */
const times = namesOf(kept).filter((name) => name !== "music");

Deno.test.afterAll(stopBackend);

/** Copies kept artifacts; what compresses is kept compressed. */
async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const source = join(from, name);
    if (isDirectory) await copy(source, join(to, name));
    else if (!name.endsWith(".gz")) await Deno.copyFile(source, join(to, name));
    else {
      const { readable } = await Deno.open(source);
      const plain = readable.pipeThrough(new DecompressionStream("gzip"));
      await Deno.writeFile(join(to, name.slice(0, -3)), plain);
    }
  }
}

/** A test that has a copy of the artifacts of one time. */
function test(
  time: string,
  name: string,
  fn: (at: { data: string; models: string; threads: number }) => Promise<void>,
): void {
  Deno.test({
    name: `${time}: ${name}`,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () =>
      inFolder(async (folder) => {
        await copy(join(kept, time), folder);
        await fn({ data: join(folder, "data"), models: join(folder, "models"), threads: 1 });
      }),
  });
}

const version = async (...path: string[]) =>
  JSON.parse(await Deno.readTextFile(join(kept, ...path))).formatVersion;

Deno.test("every format version that was ever written is kept, and the documentation states it", async () => {
  const found: Record<string, Set<number>> = {
    corpus: new Set(),
    model: new Set(),
    recipe: new Set(),
  };
  const changes = new Set<number>();
  for (const time of times) {
    found.corpus!.add(await version(time, "data/corpora/tiny/manifest.json"));
    found.model!.add(await version(time, "models/tiny/manifest.json"));
    found.recipe!.add(await version(time, "data/generated/piece.json"));
    if (namesOf(join(kept, time, "data/generated")).includes("filled.json")) {
      changes.add(await version(time, "data/generated/filled.json"));
    }
  }
  found["recipe of a change"] = changes;
  const read: Record<string, readonly number[]> = {
    corpus: [...CORPUS.olderVersions ?? [], CORPUS.formatVersion],
    model: [...MODEL.olderVersions ?? [], MODEL.formatVersion],
    ...Object.fromEntries(Object.entries(RECIPES).map(([kind, known]) => [kind, [known.version]])),
  };
  const formats = await Deno.readTextFile(new URL("../../docs/formats.md", import.meta.url));
  for (const [kind, versions] of Object.entries(read)) {
    const newest = versions.at(-1)!;
    const all = Array.from({ length: newest }, (_, i) => i + 1);
    assertEquals([...found[kind]!].sort(), all, `${kind}: keep an artifact of each version`);
    const row = new RegExp(`\\| ${kind} +\\| ${newest} +\\| ${versions.join(", ")} +\\|`);
    assert(row.test(formats), `docs/formats.md lacks ${row}`);
  }
});

for (const time of times) {
  const isOld = (error: Error, task: string) => {
    assertStringIncludes(error.message, "it has format version");
    assertStringIncludes(error.message, `"deno task ${task}"`);
  };

  test(time, "the corpus is read, or made anew by the command that the error names", async (at) => {
    const folder = join(at.data, "corpora", "tiny");
    if (await version(time, "data/corpora/tiny/manifest.json") !== CORPUS.formatVersion) {
      isOld(await assertRejects(() => loadCorpus(folder), Error), "preprocess");
      const { data } = at;
      await preprocess({ data, midi, name: "tiny" });
      const [files, ...more] = namesOf(folder);
      assertEquals(more, ["manifest.json"], `${files} and nothing of the old corpus`);
    }
    const corpus = await loadCorpus(folder);
    assertEquals(corpus.pieces.map(({ name }) => name), namesOf(midi));
  });

  const isRead = [MODEL.formatVersion, ...MODEL.olderVersions ?? []]
    .includes(await version(time, "models/tiny/manifest.json"));

  if (!isRead) {
    test(
      time,
      "the model is refused, and made anew by the command that the error names",
      async (at) => {
        const { data, models, threads } = at;
        isOld(
          await assertRejects(() => generate({ ...at, model: "tiny", bars: 1 }), Error),
          "train",
        );
        await preprocess({ data, midi, name: "tiny" });
        const how = { model: "combination", window: 4, epochs: 1, overwrite: true } as const;
        await trainOnly({ data, models, threads, corpus: "tiny", name: "tiny", ...how });
        assertEquals(namesOf(join(models, "tiny")).length, 2);
        await generate({ ...at, model: "tiny", bars: 1 });
      },
    );
    test(time, "the recipe is refused with the command to run", async (at) => {
      const recipe = join(at.data, "generated", "piece.json");
      isOld(await assertRejects(() => readRecipe(recipe), Error), "generate");
    });
    continue;
  }

  test(time, "models play, are evaluated, and training goes on from them", async (at) => {
    const { data, models, threads } = at;
    await preprocess({ data, midi, name: "tiny" });
    for (const model of ["tiny", "tiny-combination"]) {
      const { pieces: [piece] } = await generate({ ...at, model, bars: 2, name: `new ${model}` });
      assertEquals(piece!.piece.frames.length - piece!.primerFrames, 32);
    }
    await evaluate({ ...at, model: "tiny", midi });
    const resumed = { corpus: "tiny", name: "tiny-combination", resume: true, epochs: 2 };
    const { history } = await trainOnly({ data, models, threads, ...resumed });
    assertEquals(history.epochs.length, 2);
    const adapted = { corpus: "tiny", name: "adapted", from: "tiny", epochs: 1 };
    const { adaptedFrom } = await trainOnly({ data, models, threads, ...adapted });
    assertEquals(adaptedFrom?.name, "tiny");
    await duet({ data, models, model: "tiny" });
  });

  test(time, "recipes make music again, and it is said where it differs", async (at) => {
    for (const name of ["piece", "filled"]) {
      const path = join(at.data, "generated", `${name}.json`);
      const { midi: expected } = await readRecipe(path);
      const messages: string[] = [];
      const { pieces: [piece] } = await generate(
        { data: at.data, models: at.models, threads: 1, recipe: path, name: `${name} again` },
        { onMessage: (line) => messages.push(line) },
      );
      const isSame = sha256(await Deno.readFile(piece!.midi)) === expected;
      assertEquals(messages.some((line) => line.includes("This differs")), !isSame);
    }
  });

  test(time, "what was written is known as the program's own, and cleared away", async (at) => {
    const { data, models } = at;
    await clean({ data, models, yes: true });
    for (const folder of ["corpora", "generated", "evaluations"]) {
      assertEquals(namesOf(join(data, folder)), []);
    }
    assertEquals(namesOf(models), []);
  });
}
