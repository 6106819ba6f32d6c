// Whatever call of the system fails, and wherever a run is killed: old or new, never half.
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import {
  openArtifact,
  removeArtifact,
  removeRemains,
  requireOwn,
  writeArtifact,
} from "../../lib/store/artifact.ts";
import { writeTogether } from "../../lib/store/write.ts";
import { inFolder, namesOf } from "./support.ts";

const KIND = { kind: "thing", formatVersion: 1 };
const NAME = { ...KIND, command: "deno task make" };

/** How a run meets its end: one call fails, or that call and all after it never happen. */
type Fault = "fails" | "killed before" | "killed after";

/**
 * Does it while the n-th call that changes the disk meets a fault.
 * @returns whether there were so many calls
 */
async function withFault(n: number, fault: Fault, action: () => Promise<unknown>) {
  const names = ["mkdir", "open", "remove", "rename"] as const;
  let calls = 0;
  const faulty = <F extends (...args: never[]) => Promise<unknown>>(call: F): F =>
    (async function (this: unknown, ...args: never[]) {
      const at = ++calls;
      const dead = fault !== "fails" && (at > n || fault === "killed before" && at === n);
      if (dead || fault === "fails" && at === n) throw new Error("No space left on device");
      return await call.apply(this, args);
    }) as F;
  const before = names.map((name) => Deno[name]);
  const prototype = Deno.FsFile.prototype, { write, sync } = prototype;
  // deno-lint-ignore no-explicit-any -- the functions' types differ
  const system = Deno as any;
  for (const name of names) system[name] = faulty(system[name]);
  prototype.write = faulty(write);
  prototype.sync = faulty(sync);
  try {
    await action().catch(() => {});
  } finally {
    names.forEach((name, index) => system[name] = before[index]);
    Object.assign(prototype, { write, sync });
  }
  return calls >= n;
}

/** Runs a test for every call and every fault. */
async function atEveryCall(
  test: (n: number, fault: Fault) => Promise<boolean>,
): Promise<void> {
  for (const fault of ["fails", "killed before", "killed after"] as const) {
    let n = 1;
    while (await test(n, fault)) n++;
    assert(n > 5, `only ${n} calls were met`);
  }
}

Deno.test("An artifact is old or new after a fault at any call, and the next run leaves no trace of it", () =>
  atEveryCall(async (n, fault) => {
    let met = false;
    await inFolder(async (folder) => {
      const path = join(folder, "a");
      const write = (text: string) => writeArtifact(path, KIND, { one: text, two: text });
      const content = async () => {
        const { text } = await openArtifact(path, NAME);
        return [await text("one"), await text("two")].join();
      };
      await write("old");
      met = await withFault(n, fault, () => write("new"));
      const found = await content();
      assert(["old,old", "new,new"].includes(found), `${fault} ${n}: ${found}`);
      await write("next");
      assertEquals(await content(), "next,next");
      assertEquals(namesOf(path).filter((name) => name !== "manifest.json").length, 1);
      assertEquals(namesOf(folder), ["a"], `${fault} ${n}`);
    });
    return met;
  }));

Deno.test("A run that goes on with an artifact and writes nothing leaves no trace of a fault either", () =>
  atEveryCall(async (n, fault) => {
    let met = false;
    await inFolder(async (folder) => {
      const path = join(folder, "a");
      await writeArtifact(path, KIND, { one: "old" });
      met = await withFault(n, fault, () => writeArtifact(path, KIND, { one: "new" }));
      const own = await requireOwn(path, KIND.kind);
      await removeRemains(path, own);
      assertEquals(namesOf(path), [`${own?.generation}`, "manifest.json"], `${fault} ${n}`);
    });
    return met;
  }));

Deno.test("A first artifact is whole or not there after a fault at any call", () =>
  atEveryCall(async (n, fault) => {
    let met = false;
    await inFolder(async (folder) => {
      const path = join(folder, "a");
      met = await withFault(n, fault, () => writeArtifact(path, KIND, { one: "1" }));
      if (namesOf(folder).includes("a")) {
        assertEquals(await (await openArtifact(path, NAME)).text("one"), "1");
      }
      await writeArtifact(path, KIND, { one: "2" });
      assertEquals(namesOf(folder), ["a"]);
    });
    return met;
  }));

Deno.test("Removing an artifact can be finished after a fault at any call", () =>
  atEveryCall(async (n, fault) => {
    let met = false;
    await inFolder(async (folder) => {
      const path = join(folder, "a");
      await writeArtifact(path, KIND, { one: "1", two: "2" });
      met = await withFault(n, fault, () => removeArtifact(path, KIND.kind));
      await removeArtifact(path, KIND.kind);
      assertEquals(namesOf(folder).filter((name) => !name.endsWith(".lock")), [], `${fault} ${n}`);
    });
    return met;
  }));

Deno.test("Music that is replaced is old or new after a fault at any call, and never without a recipe", () =>
  atEveryCall(async (n, fault) => {
    let met = false;
    await inFolder(async (folder) => {
      const write = (text: string) =>
        writeTogether(folder, "a", { ".json": text, ".mid": text }, { overwrite: true });
      const read = (name: string) => Deno.readTextFileSync(join(folder, name));
      await write("old");
      met = await withFault(n, fault, () => write("new"));
      const [recipe, music] = [read("a.json"), read("a.mid")];
      assert(["old old", "new new", "new old"].includes(`${recipe} ${music}`));
      await write("next");
      assertEquals([read("a.json"), read("a.mid")], ["next", "next"]);
      assertEquals(namesOf(folder), ["a.json", "a.mid"]);
    });
    return met;
  }));
