import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import {
  type Manifest,
  readArtifactFile,
  readArtifactText,
  readManifest,
  recover,
  writeArtifact,
} from "../../lib/store/artifact.ts";
import { checkName, exists } from "../../lib/store/files.ts";
import { lock } from "../../lib/store/lock.ts";
import { inFolder } from "./support.ts";

const NAME = { kind: "thing", formatVersion: 2, command: "deno task make" };
const manifest = { kind: "thing", formatVersion: 2 };

Deno.test("writeArtifact puts a new artifact wholly in place of an old one", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a");
    await writeArtifact(path, manifest, { "old.txt": "old", "both.txt": "1" });
    await writeArtifact(path, manifest, {
      "both.txt": "2",
      "parts.bin": [Uint8Array.of(1), Uint8Array.of(2, 3)],
    });
    assertEquals(await exists(join(path, "old.txt")), false);
    const read = await readManifest<Manifest>(path, NAME);
    assertEquals(await readArtifactText(path, read, "both.txt", NAME.command), "2");
    assertEquals([...await readArtifactFile(path, read, "parts.bin", NAME.command)], [1, 2, 3]);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["a"]);
  }));

Deno.test("An artifact survives a run that died at any step of replacing it", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a"), staged = join(folder, ".a.new"), old = join(folder, ".a.old");
    const make = (to: string, text: string) => writeArtifact(to, manifest, { "text": text });
    const content = async () =>
      readArtifactText(path, await readManifest(path, NAME), "text", NAME.command);
    await make(path, "1");
    // Died while writing the new one: some files, no manifest.
    await Deno.mkdir(staged);
    await Deno.writeTextFile(join(staged, "text"), "2");
    assertEquals(await content(), "1");
    await recover(path);
    assertEquals(await exists(staged), false);
    // Died after the old one was moved away.
    await make(staged, "2");
    await Deno.rename(path, old);
    assertEquals(await content(), "2");
    assertEquals(await exists(old), false);
    // Died before the old one was removed.
    await make(old, "1");
    assertEquals(await content(), "2");
    await make(path, "3");
    assertEquals(await content(), "3");
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["a"]);
  }));

Deno.test("readArtifactFile finds a flipped byte, a cut file and a missing one, and says what to do", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a"), file = join(path, "text");
    const written = await writeArtifact<Manifest>(path, manifest, { text: "hello" });
    const read = () => readArtifactFile(path, written, "text", NAME.command);
    await Deno.writeTextFile(file, "hallo");
    assertMatch(
      (await assertRejects(read, Error)).message,
      /thing "a".*changed or damaged.*deno task make/,
    );
    await Deno.writeTextFile(file, "hell");
    assertMatch((await assertRejects(read, Error)).message, /has 4 bytes, its manifest says 5/);
    await Deno.remove(file);
    assertMatch((await assertRejects(read, Error)).message, /does not exist/);
  }));

Deno.test("readManifest names kinds, versions and what there is instead", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a");
    await writeArtifact(path, manifest, {});
    const read = (name: string, more = {}) =>
      readManifest(join(folder, name), { ...NAME, ...more });
    assertMatch(
      (await assertRejects(() => read("b"), Error)).message,
      /there is a\. Make it with "deno task make"/,
    );
    assertMatch(
      (await assertRejects(() => read("a", { kind: "song" }), Error)).message,
      /holds no song but "thing"/,
    );
    assertMatch(
      (await assertRejects(() => read("a", { formatVersion: 3 }), Error)).message,
      /version 2, this program reads 3/,
    );
    const file = join(path, "manifest.json");
    const text = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, text.replace('"files": {}', '"files": {}, "more": 1'));
    assertMatch(
      (await assertRejects(() => read("a"), Error)).message,
      /manifest.json was changed or damaged/,
    );
    await Deno.writeTextFile(file, "{");
    assertMatch((await assertRejects(() => read("a"), Error)).message, /manifest.json is damaged/);
  }));

Deno.test("lock keeps a second run off until the first lets go", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a");
    {
      await using _ = await lock(path);
      await assertRejects(() => lock(path), Error, "another run is writing it");
    }
    await using _ = await lock(path);
    assert(await exists(join(folder, ".a.lock")));
  }));

Deno.test("checkName keeps names in their folder", () => {
  for (const name of ["bach", "Für Elise 2", "a.b"]) assertEquals(checkName(name), name);
  for (
    const name of [
      "",
      ".",
      "..",
      "../x",
      "a/b",
      "a\\b",
      "-x",
      ".hidden",
      "a\n",
      "x".repeat(101),
      "a.",
    ]
  ) {
    assertThrows(() => checkName(name), RangeError, "a name has 1 to 100 characters");
  }
});
