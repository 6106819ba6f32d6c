import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { openArtifact, readArtifact, writeArtifact } from "../../lib/store/artifact.ts";
import { readManifest } from "../../lib/store/manifest.ts";
import { checkName, exists } from "../../lib/store/files.ts";
import { seal } from "../../lib/store/seal.ts";
import { lock } from "../../lib/store/lock.ts";
import { inFolder, namesOf } from "./support.ts";

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
    const { text, bytes } = await openArtifact(path, NAME);
    assertEquals(await text("both.txt"), "2");
    assertEquals([...await bytes("parts.bin")], [1, 2, 3]);
    assertEquals(namesOf(folder), ["a"]);
    assertEquals(namesOf(path), ["2", "manifest.json"]);
    assertEquals(namesOf(join(path, "2")), ["both.txt", "parts.bin"]);
  }));

Deno.test("writeArtifact leaves everything alone that is no artifact of its kind", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a");
    const refused = async (found: RegExp) => {
      const { message } = await assertRejects(
        () => writeArtifact(path, manifest, { text: "1" }),
        Error,
      );
      assertMatch(message, found);
    };
    await Deno.writeTextFile(path, "a file of the user's");
    await refused(/is not a folder but a file/);
    await Deno.remove(path);
    await Deno.symlink("elsewhere", path);
    await refused(/is not a folder but a file or a link/);
    await Deno.remove(path);
    await Deno.mkdir(join(path, "1"), { recursive: true });
    await Deno.writeTextFile(join(path, "1", "text"), "the user's");
    await refused(/holds 1, and no thing that this program wrote/);
    for (
      const text of ["{", "{}", '{"kind":"thing"}', '{"kind":"song","checksum":"","files":{}}']
    ) {
      await Deno.writeTextFile(join(path, "manifest.json"), text);
      await refused(/holds 1, manifest.json, and no thing that this program wrote; it stays/);
      assertEquals(await Deno.readTextFile(join(path, "manifest.json")), text);
    }
    assertEquals(await Deno.readTextFile(join(path, "1", "text")), "the user's");
  }));

Deno.test("writeArtifact removes no file that is not of a generation before", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a");
    const write = (text: string) => writeArtifact(path, manifest, { text });
    await write("1");
    await Deno.writeTextFile(join(path, "mine.mid"), "mine");
    await Deno.writeTextFile(join(path, "text"), "mine");
    await Deno.writeTextFile(join(path, "1", "mine.mid"), "mine");
    const outside = join(folder, "outside");
    await Deno.mkdir(outside);
    await Deno.writeTextFile(join(outside, "text"), "mine");
    await Deno.symlink(outside, join(path, "7"));
    await write("2");
    assertEquals(namesOf(path), ["1", "2", "7", "manifest.json", "mine.mid", "text"]);
    assertEquals(namesOf(join(path, "1")), ["mine.mid"]);
    await Deno.symlink(outside, join(path, "3"));
    const { message } = await assertRejects(() => write("3"), Error);
    assertMatch(message, /3 is not a folder but a file or a link/);
    assertEquals(await Deno.readTextFile(join(outside, "text")), "mine");
  }));

Deno.test("An artifact whose manifest leads out of its folder is not followed", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a");
    await writeArtifact(path, manifest, {});
    for (const more of [{ files: { "../b": {} } }, { files: {}, generation: "../b" }]) {
      await Deno.writeTextFile(join(path, "manifest.json"), seal({ ...manifest, ...more }));
      assertMatch(
        (await assertRejects(() => readManifest(path, NAME), Error)).message,
        /was changed or damaged/,
      );
      await assertRejects(() => writeArtifact(path, manifest, {}));
    }
  }));

Deno.test("A reader sees whole artifacts only while they are replaced all the time", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a");
    const write = (text: string) => writeArtifact(path, manifest, { one: text, two: text });
    const read = () =>
      readArtifact(path, NAME, async ({ text }) => {
        const one = await text("one");
        await new Promise((resolve) => setTimeout(resolve, 1));
        return [one, await text("two")];
      });
    await write("0");
    let writing = true, reads = 0;
    const seen = new Set<string>();
    const reader = (async () => {
      while (writing) {
        const [one, two] = await read();
        assertEquals(one, two);
        seen.add(one!);
        reads++;
      }
    })();
    let writes = 0;
    // Which of the two gets the disk and the processor more often is the system's business.
    while (writes < 40 || seen.size <= 3 && writes < 100_000) {
      await write(`${++writes}`);
    }
    writing = false;
    await reader;
    assert(seen.size > 3, `${reads} reads of ${seen.size} generations in ${writes} writes`);
  }));

Deno.test("An opened artifact finds a flipped byte, a cut file and a missing one, and says what to do", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a"), file = join(path, "1", "text");
    await writeArtifact(path, manifest, { text: "hello" });
    const { text } = await openArtifact(path, NAME), read = () => text("text");
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
      "evil\u202edim",
      "a\u009b2J",
      "\u{1f3b9}".repeat(51),
    ]
  ) {
    assertThrows(() => checkName(name), RangeError, "a name has 1 to 100 characters");
  }
});

Deno.test("lock never holds a file that another run has just taken away", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a"), name = join(folder, ".a.lock");
    const { tryLock } = Deno.FsFile.prototype;
    let first = true;
    // As if the run before had let go between our opening the file and our locking it.
    Deno.FsFile.prototype.tryLock = async function (...args) {
      if (first) await Deno.remove(name);
      first = false;
      return await tryLock.apply(this, args);
    };
    try {
      await using _ = await lock(path);
      assert(await exists(name));
      await assertRejects(() => lock(path), Error, "another run is writing it");
    } finally {
      Deno.FsFile.prototype.tryLock = tryLock;
    }
  }));

Deno.test("A file that is the same in the next generation is read from there, another one is not", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a");
    await writeArtifact(path, manifest, { same: "1", other: "1" });
    const { text } = await openArtifact(path, NAME);
    await writeArtifact(path, manifest, { same: "1", other: "2" });
    assertEquals(await text("same"), "1");
    await assertRejects(() => text("other"), Error, "it does not exist");
  }));
