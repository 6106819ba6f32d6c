// Nothing that the program did not write is ever replaced or removed.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { dirname, join } from "node:path";
import { readReport } from "../../lib/corpus/report.ts";
import { clean } from "../../lib/phases/clean.ts";
import { evaluate } from "../../lib/phases/evaluate.ts";
import { listen } from "../../lib/phases/listen.ts";
import { preprocess } from "../../lib/phases/preprocess.ts";
import { train } from "../../lib/phases/train.ts";
import { buildStarter } from "../../lib/starter/build.ts";
import { writeArtifact } from "../../lib/store/artifact.ts";
import { sha256 } from "../../lib/store/files.ts";
import { lock } from "../../lib/store/lock.ts";
import { seal } from "../../lib/store/seal.ts";
import { partOf } from "../../lib/store/write.ts";
import { everythingIn, inFolder, namesOf } from "../store/support.ts";
import { noteAt, songOf } from "../midi/song.ts";

async function put(text: string, ...path: string[]): Promise<string> {
  const file = join(...path);
  await Deno.mkdir(dirname(file), { recursive: true });
  await Deno.writeTextFile(file, text);
  return file;
}

/** One bar of four notes. */
function song(pitch = 60): Uint8Array {
  return songOf([0, 1, 2, 3].map((beat) => noteAt(pitch + beat, beat, 1)));
}

Deno.test("A folder of the user's own under an artifact's name is left alone, and named", () =>
  inFolder(async (root) => {
    const midi = join(root, "midi"), data = join(root, "data"), models = join(root, "Documents");
    await Deno.mkdir(midi);
    await Deno.writeFile(join(midi, "song.mid"), song());
    await put("mine", data, "corpora", "mine", "song.mid");
    await put("my thesis", models, "thesis", "chapter-1.txt");
    await put("{}", models, "other", "manifest.json");
    for (const aside of ["new", "old"]) {
      await put("mine", data, "corpora", `.c.${aside}`, "x");
      await put("mine", models, `.thesis.${aside}`, "x");
    }
    const before = everythingIn(root);
    await assertRejects(
      () => preprocess({ midi, data, name: "mine" }),
      Error,
      "holds song.mid, and no corpus that this program wrote",
    );
    for (const [name, found] of [["thesis", "chapter-1.txt"], ["other", "manifest.json"]]) {
      await assertRejects(
        () => train({ corpus: "c", data, models, name: name! }),
        Error,
        `holds ${found}, and no model that this program wrote`,
      );
    }
    await assertRejects(
      () => train({ corpus: "c", data, models, name: "base" }),
      RangeError,
      "it is part of the program and is never replaced",
    );
    assertEquals(everythingIn(root), before);
    await preprocess({ midi, data, name: "c" });
    await put("notes of mine", data, "corpora", "c", "notes.txt");
    await preprocess({ midi, data, name: "c", stepsPerBeat: 2 });
    const kept = everythingIn(root);
    assertEquals(before.filter((entry) => !kept.includes(entry)), []);
    assert(kept.some((entry) => entry.includes("notes.txt")));
  }));

Deno.test("listen replaces what it wrote, and nothing else unless told", () =>
  inFolder(async (folder) => {
    const midi = join(folder, "song.mid"), wav = join(folder, "song.wav");
    await Deno.writeFile(midi, song());
    const refused = async (problem: string, more: object = {}) => {
      const before = everythingIn(folder);
      const { message } = await assertRejects(() => listen({ midi, ...more }), Error);
      assertMatch(message, new RegExp(`Cannot write the sound of .*song.mid.*${problem}`));
      assertEquals(everythingIn(folder), before);
    };
    await put("my own recording", wav);
    await refused("another program wrote it");
    await listen({ midi, overwrite: true });
    const first = await Deno.readFile(wav);
    await listen({ midi });
    assertEquals(await Deno.readFile(wav), first);
    // The same sound with a sample changed by hand is the user's.
    const edited = first.slice();
    edited[edited.length - 100]! ^= 1;
    await Deno.writeFile(wav, edited);
    await refused("another program wrote it");
    await refused("that is the MIDI file itself", { out: midi, overwrite: true });
    await Deno.symlink(midi, join(folder, "link.wav"));
    await refused("that is the MIDI file itself", { out: join(folder, "link.wav") });
    await Deno.mkdir(join(folder, "folder.wav"));
    await refused("a folder or a device", { out: join(folder, "folder.wav"), overwrite: true });
    await refused("a folder or a device", { out: "/dev/null", overwrite: true });
    await put("half a sound of a killed run", partOf(wav));
    await listen({ midi, overwrite: true });
    assertEquals(namesOf(folder), ["folder.wav", "link.wav", "song.mid", "song.wav"]);
  }));

Deno.test("evaluate and the starter music leave files alone that they did not write", () =>
  inFolder(async (folder) => {
    const report = await put("{}", folder, "evaluations", "m.json");
    await assertRejects(
      () => evaluate({ model: "m", midi: folder, data: folder }),
      Error,
      "another program wrote it",
    );
    const mine = await put("mine", folder, "ode-to-joy.mid");
    await assertRejects(
      () => buildStarter({ out: folder }),
      Error,
      "ode-to-joy.mid holds other music",
    );
    assertEquals([await Deno.readTextFile(report), await Deno.readTextFile(mine)], ["{}", "mine"]);
  }));

Deno.test("clean removes what the program wrote, lists just that, and keeps all else", () =>
  inFolder(async (root) => {
    const data = join(root, "data"), models = join(root, "models"), outside = join(root, "outside");
    const generated = join(data, "generated"), evaluations = join(data, "evaluations");
    await put("mine", data, "corpora", ".x.old", "song.mid");
    await put("mine", data, "corpora", "mine", "song.mid");
    await put('{"kind":"corpus"}', data, "corpora", "other", "manifest.json");
    await put("mine", evaluations, "notes.json");
    await put("mine", generated, "own.mid");
    await put("not ours", generated, "made.wav");
    await put("mine", outside, "file");
    await Deno.mkdir(models);
    await Deno.symlink(outside, join(models, "link"));
    await writeArtifact(join(models, "base"), { kind: "model", formatVersion: 1 }, { w: "1" });
    const kept = everythingIn(root);

    const corpus = join(data, "corpora", "c"), model = join(models, "m");
    await writeArtifact(corpus, { kind: "corpus", formatVersion: 1 }, { tokens: "1" });
    await writeArtifact(model, { kind: "model", formatVersion: 1 }, { weights: "1" });
    await put("half", model, "2", "weights"); // a run was killed
    await put("half", models, partOf("new"), "1", "weights");
    const made = join(generated, "made.mid"), recipe = join(generated, "made.json");
    await Deno.writeFile(made, song());
    await Deno.writeTextFile(recipe, seal({ kind: "recipe", midi: sha256(song()) }));
    const changed = join(generated, "other.mid"), change = join(generated, "other.json");
    await Deno.writeFile(changed, song(61));
    await Deno.writeTextFile(change, seal({ kind: "recipe of a change", midi: sha256(song(61)) }));
    const evaluation = await put(seal({ model: "m" }), evaluations, "m.json");
    kept.push(`${await put("mine", corpus, "song.mid")}: ${sha256("mine")}`);

    let question = "";
    const confirm = (text: string) => Promise.resolve((question = text) === "");
    await assertRejects(() => clean({ data, models }, { confirm }), Error, "not confirmed");
    const music = [made, recipe, changed, change];
    const expected = [corpus, model, ...music, evaluation, join(models, partOf("new"))];
    assertEquals(question.trim().split("\n").slice(1), expected);
    {
      await using _ = await lock(model);
      await assertRejects(() => clean({ data, models, yes: true }), Error, "another run");
      assert(namesOf(models).includes("m"));
    }
    const { removed } = await clean({ data, models, yes: true });
    assert(removed.includes(model));
    assertEquals(everythingIn(root), kept.sort());
    assertEquals((await clean({ data, models, yes: true })).removed, []);
  }));

Deno.test("preprocess makes a corpus anew whose report is damaged", () =>
  inFolder(async (root) => {
    const midi = join(root, "midi"), folder = join(root, "corpora", "c");
    await Deno.mkdir(midi);
    await Deno.writeFile(join(midi, "song.mid"), song());
    const make = () => preprocess({ midi, data: root, name: "c" });
    await make();
    assertEquals((await make()).unchanged, true);
    const report = () => join(folder, namesOf(folder)[0]!, "report.json");
    for (const damage of [() => Deno.remove(report()), () => put("{}", report())]) {
      await damage();
      assertEquals((await make()).unchanged, false);
      assertEquals((await readReport(folder)).totals.used, 1);
    }
  }));

Deno.test("A corpus never claims to be made of files that vanished while it was made", () =>
  inFolder(async (root) => {
    const midi = join(root, "midi"), data = join(root, "data");
    await Deno.mkdir(midi);
    for (const name of ["a", "b", "c"]) {
      await Deno.writeFile(join(midi, `${name}.mid`), song(60 + name.charCodeAt(0) % 8));
    }
    const away = await preprocess({ midi, data, name: "c" }, {
      onProgress: ({ done }) => {
        if (done === 0) Deno.renameSync(join(midi, "c.mid"), join(root, "c.mid"));
      },
    });
    assertEquals(away.report.totals.used, 2);
    await Deno.rename(join(root, "c.mid"), join(midi, "c.mid"));
    const back = await preprocess({ midi, data, name: "c" });
    assertEquals([back.unchanged, back.report.totals.used], [false, 3]);
  }));
