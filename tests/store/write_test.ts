import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { lock } from "../../lib/store/lock.ts";
import { partOf, writeFileWhole, writeTogether } from "../../lib/store/write.ts";
import { inFolder, namesOf } from "./support.ts";

const read = (...path: string[]) => Deno.readTextFile(join(...path));

Deno.test("writeFileWhole leaves the old file and nothing else when it cannot write", () =>
  inFolder(async (folder) => {
    const path = join(folder, "file");
    await writeFileWhole(path, "1");
    await Deno.mkdir(join(folder, "folder"));
    await Deno.writeTextFile(join(folder, "folder", "x"), "");
    await assertRejects(() => writeFileWhole(join(folder, "folder"), "2"), Error, "Cannot write");
    assertEquals(await read(path), "1");
    assertEquals(namesOf(folder), ["file", "folder"]);
  }));

Deno.test("writeFileWhole writes through no link, and takes away what a killed run left", () =>
  inFolder(async (folder) => {
    const path = join(folder, "file"), mine = join(folder, "mine");
    await Deno.writeTextFile(mine, "mine");
    await Deno.symlink(mine, partOf(path));
    await writeFileWhole(path, "1");
    await Deno.writeTextFile(partOf(path), "half");
    await writeFileWhole(path, "2");
    assertEquals([await read(path), await read(mine)], ["2", "mine"]);
    assertEquals(namesOf(folder), ["file", "mine"]);
    await Deno.symlink(mine, join(folder, ".file.lock"));
    await assertRejects(() => writeFileWhole(path, "3"), Error, "is a link");
    assertEquals(await read(mine), "mine");
  }));

Deno.test("writeTogether takes the next free number where other content has the name", () =>
  inFolder(async (folder) => {
    const write = async (text: string, naming = {}) =>
      (await writeTogether(folder, "a", { ".json": "{}", ".mid": text }, naming))
        .slice(folder.length + 1);
    assertEquals(await write("1"), "a");
    assertEquals(await write("1"), "a", "the same again needs no other name");
    assertEquals(await write("2"), "a-2");
    await Deno.writeTextFile(join(folder, "a-3.mid"), "the user's");
    assertEquals(await write("3"), "a-4");
    assertEquals(await write("3", { number: 2 }), "a-4");
    {
      await using _ = await lock(join(folder, "a-5"));
      assertEquals(await write("4"), "a-6", "another run is about to take a-5");
    }
    assertEquals(await write("5", { overwrite: true }), "a");
    assertEquals(await write("5", { number: 3, overwrite: true }), "a-3");
    const contents = await Promise.all(
      ["a", "a-2", "a-3", "a-4", "a-6"].map((name) => read(folder, `${name}.mid`)),
    );
    assertEquals(contents, ["5", "2", "5", "3", "4"]);
  }));
