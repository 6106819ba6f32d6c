// Bundles that were made to harm: refused with a reason, before anything is allocated for them.
import { assert, assertMatch, assertRejects } from "@std/assert";
import { join } from "node:path";
import { loadCorpus } from "../../lib/corpus/corpus.ts";
import { openModel } from "../../lib/model/bundle.ts";
import { loadModel } from "../../lib/model/load.ts";
import { generate } from "../../lib/phases/generate.ts";
import { listen } from "../../lib/phases/listen.ts";
import { preprocess } from "../../lib/phases/preprocess.ts";
import { Random } from "../../lib/random.ts";
import { sha256 } from "../../lib/store/files.ts";
import { seal } from "../../lib/store/seal.ts";
import { stopBackend } from "../../lib/model/combination/backend.ts";
import { trainOnly } from "../phases/support.ts";
import { somePieces } from "../starter/some.ts";

const root = await Deno.makeTempDir();
const roots = { data: join(root, "data"), models: join(root, "models") };
const corpus = join(roots.data, "corpora", "c");

type Json = { [name: string]: Json } & Json[] & number;

/** Reads a manifest, changes it, and writes it so that it counts as this program's. */
async function change(
  folder: string,
  edit: (manifest: Json) => void,
): Promise<() => Promise<void>> {
  const path = join(folder, "manifest.json");
  const text = await Deno.readTextFile(path);
  const { checksum: _, ...body } = JSON.parse(text);
  edit(body);
  await Deno.writeTextFile(path, seal(body));
  return () => Deno.writeTextFile(path, text);
}

Deno.test.afterAll(async () => {
  await stopBackend();
  await Deno.remove(root, { recursive: true });
});

const [midi] = await somePieces(join(root, "midi"), 1);
await preprocess({ ...roots, midi, name: "c" });
for (const model of ["combination", "pitchwise"] as const) {
  const how = { model, epochs: 1, batchSize: 512, threads: 1 };
  await trainOnly({ ...roots, corpus: "c", name: model, ...how });
}

/** A test that leaves the corpus and the models as they were. */
function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}

test("Numbers out of all bounds in a manifest are named", async () => {
  const cases: [wrong: RegExp, edit: (manifest: Json) => void][] = [
    [/settings.window is 1000000000000/, (m) => m.settings!.window = 1e12 as Json],
    [/grid.steps is 1000000/, (m) => m.style!.tokenize!.grid!.steps = 1e6 as Json],
    [/grid.unit is missing/, (m) => delete m.style!.tokenize!.grid!.unit],
    [/timeSignature\[0\] is 0/, (m) => m.style!.timeSignature![0] = 0 as Json],
    [/beatsPerMinute is -1/, (m) => m.style!.beatsPerMinute = -1 as Json],
    [/weights is 5/, (m) => m.weights = 5 as Json],
    [/weights\[0\].shape\[0\] is -4/, (m) => m.weights![0]!.shape![0] = -4 as Json],
    [/ask for [0-9.e+]+ bytes/, (m) => m.weights![0]!.shape![0] = 2 ** 30 as Json],
    [/model is "other"/, (m) => m.model = "other" as unknown as Json],
  ];
  for (const model of ["combination", "pitchwise"]) {
    for (const [wrong, edit] of cases) {
      const folder = join(roots.models, model);
      const back = await change(folder, edit);
      const { message } = await assertRejects(() => loadModel(folder, { threads: 1 }), Error);
      assertMatch(message, wrong);
      await back();
    }
    (await loadModel(join(roots.models, model), { threads: 1 })).model.dispose();
  }
  for (
    const edit of [(m: Json) => m.pieces![0]!.length = 1e12 as Json, (m: Json) => delete m.style]
  ) {
    const back = await change(corpus, edit);
    await assertRejects(() => loadCorpus(corpus), Error, "make it again");
    await back();
  }
  await loadCorpus(corpus);
});

test(
  "How a pitchwise network is built is checked before it is laid out, and no weight may be NaN",
  async () => {
    const folder = join(roots.models, "pitchwise");
    const built: [wrong: RegExp, field: string, value: unknown][] = [
      [/network is missing/, "", undefined],
      [/network.pitches is 1000, needed a whole number from 1 to/, "pitches", 1000],
      [/network.states is 10/, "states", 10],
      [/network.width is 24000000/, "width", 24e6],
      [/must be a multiple of 24/, "width", 100],
      [/network.layers is 1073741824/, "layers", 2 ** 30],
      [/network.lags\[0\] is 16777216/, "lags", [2 ** 24]],
      [/network.radius is not two numbers/, "radius", [3]],
      [/network.noteStatistics.longestNote is 0/, "noteStatistics", {
        ...{ notesPerFrame: 2, onsetsPerFrame: 1, longestNote: 0, longestSilence: 1 },
      }],
    ];
    for (const [wrong, field, value] of built) {
      const back = await change(folder, (manifest) => {
        if (field === "") delete manifest.network;
        else manifest.network![field as unknown as number] = value as Json;
      });
      const { message } = await assertRejects(() => loadModel(folder, { threads: 1 }), Error);
      assertMatch(message, wrong);
      await back();
    }
    const { generation } = (await openModel(folder)).manifest;
    const file = join(folder, `${generation}`, "weights.bin");
    const bytes = await Deno.readFile(file);
    for (const [value, wrong] of [[NaN, /holds NaN/], [Infinity, /holds Infinity/]] as const) {
      const changed = bytes.slice();
      new Float16Array(changed.buffer)[400] = value;
      await Deno.writeFile(file, changed);
      const back = await change(folder, (manifest) => {
        manifest.files!["weights.bin"]!.sha256 = sha256(changed) as unknown as Json;
      });
      const { message } = await assertRejects(() => loadModel(folder, { threads: 1 }), Error);
      assertMatch(message, wrong);
      await back();
    }
    await Deno.writeFile(file, bytes);
  },
);

test("Links, pipes and devices in a bundle are not read", async () => {
  const folder = join(roots.models, "pitchwise");
  const { generation } = (await openModel(folder)).manifest;
  const file = join(folder, `${generation}`, "openings.json");
  const text = await Deno.readTextFile(file);
  for (const target of ["/dev/zero", join(corpus, "manifest.json")]) {
    await Deno.remove(file);
    await Deno.symlink(target, file);
    await assertRejects(() => loadModel(folder, { threads: 1 }), Error, "is no plain file");
  }
  await Deno.remove(file);
  await Deno.writeTextFile(file, text);
  (await loadModel(folder, { threads: 1 })).model.dispose();
});

test(
  "Whatever number of a manifest is changed to whatever, a bundle loads or says why not",
  async () => {
    const random = new Random(1);
    const values = [-1, 0, 0.5, 1e6, 2 ** 31, 1e300, null, "x", [], {}];
    let refused = 0;
    for (let i = 0; i < 150; i++) {
      const folder = i % 5 === 0 ? corpus : join(roots.models, i % 2 ? "pitchwise" : "combination");
      const back = await change(folder, (manifest) => {
        let parent = manifest;
        for (;;) {
          const keys = Object.keys(parent).filter((key) =>
            !["kind", "formatVersion", "files", "generation"].includes(key)
          );
          const key = keys[Math.floor(random.next() * keys.length)];
          if (key === undefined) return;
          const child = parent[key as unknown as number]!;
          if (typeof child === "object" && child !== null && random.next() < 0.9) parent = child;
          else {
            parent[key as unknown as number] =
              values[Math.floor(random.next() * values.length)] as Json;
            return;
          }
        }
      });
      try {
        if (folder === corpus) await loadCorpus(folder);
        else (await loadModel(folder, { threads: 1 })).model.dispose();
      } catch (error) {
        refused++;
        assert(error instanceof Error);
        assertMatch(error.message, /^Cannot (read|load)|^Cannot load the network/);
      }
      await back();
    }
    assert(refused > 30, `${refused} were refused`);
  },
);

test(
  "A recipe's numbers are checked, and neither it nor a SoundFont is read from a device",
  async () => {
    const { pieces } = await generate({ ...roots, model: "combination", frames: 4, threads: 1 });
    const text = await Deno.readTextFile(pieces[0]!.recipe);
    const recipe = join(root, "recipe.json");
    const cases: [wrong: RegExp, edit: (recipe: Json) => void][] = [
      [/frames is 1000000000000, needed a whole number/, (r) => r.frames = 1e12 as Json],
      [/sampling.temperature is 0, needed/, (r) => r.sampling!.temperature = 0 as Json],
      [/sampling.temperature is -1, needed/, (r) => r.sampling!.temperature = -1 as Json],
      [/seed is "abc", needed/, (r) => r.seed = "abc" as unknown as Json],
      [/velocity is 0, needed/, (r) => r.velocity = 0 as Json],
      [/start.metres is missing/, (r) => delete r.start!.metres],
      [/model is missing/, (r) => delete r.model],
      [/plan.bars is missing/, (r) => r.plan = {} as Json],
    ];
    for (const [wrong, edit] of cases) {
      const body = JSON.parse(text);
      edit(body);
      await Deno.writeTextFile(recipe, JSON.stringify(body));
      const { message } = await assertRejects(
        () => generate({ ...roots, recipe, threads: 1 }),
        Error,
      );
      assertMatch(message, /^Cannot read recipe .*recipe.json: /);
      assertMatch(message, wrong);
    }
    if (Deno.build.os === "windows") return;
    await assertRejects(
      () => generate({ ...roots, recipe: "/dev/zero", name: "x", threads: 1 }),
      Error,
      "no regular file",
    );
    await assertRejects(
      () => listen({ midi: pieces[0]!.midi, soundFont: "/dev/zero" }),
      Error,
      "no regular file",
    );
  },
);
