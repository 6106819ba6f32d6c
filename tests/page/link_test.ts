import { assert, assertEquals, assertRejects } from "@std/assert";
import { pathToFileURL } from "node:url";
import { scriptOf } from "../../lib/page/link.ts";

const page = (name: string) => new URL(`../../lib/page/${name}`, import.meta.url);

Deno.test("a script of the page has all that it imports, and nothing of Deno's", async () => {
  for (const name of ["boot.ts", "app.ts", "worker.ts"]) {
    const script = await scriptOf(page(name));
    new Function(script); // it is whole: no import or export is left, and its syntax is right
    assert(!/\bfrom "/.test(script.replace(/`[^`]*`|"[^"]*"/g, "")));
  }
});

Deno.test("modules are run once, after those that they need, and find what these export", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const write = (name: string, code: string) => Deno.writeTextFile(`${folder}/${name}`, code);
    await write("data.json", `{ "two": 2 }`);
    await write("a.ts", `export const log: string[] = [];\nlog.push("a");\n`);
    await write(
      "b.ts",
      `import { log as lines } from "./a.ts";\nimport numbers from "./data.json" with { type: "json" };\n` +
        `lines.push("b");\n/** Twice. */\nexport function twice(x: number): number { return numbers.two * x; }\n` +
        `export type Unused = string;\nexport { lines };\n`,
    );
    await write(
      "c.ts",
      `import * as a from "./a.ts";\nimport { twice } from "./b.ts";\nexport { twice as again } from "./b.ts";\n` +
        `globalThis.linked = [...a.log, twice(21)];\n`,
    );
    new Function(await scriptOf(new URL("c.ts", `${pathToFileURL(folder)}/`)))();
    assertEquals((globalThis as { linked?: unknown }).linked, ["a", "b", 42]);
    await write("several.ts", `export const one = [1, ","], two = { a: 1, b: 2 }, three = 3;\n`);
    await write(
      "e.ts",
      `import { one, three, two } from "./several.ts";\nglobalThis.linked = [one, two, three];\n`,
    );
    new Function(await scriptOf(new URL("e.ts", `${pathToFileURL(folder)}/`)))();
    assertEquals((globalThis as { linked?: unknown }).linked, [[1, ","], { a: 1, b: 2 }, 3]);
    await write("f.ts", `import { four } from "./several.ts";\nglobalThis.linked = four;\n`);
    const unknown = await assertRejects(
      () => scriptOf(new URL("f.ts", `${pathToFileURL(folder)}/`)),
      Error,
    );
    assert(unknown.message.includes("./several.ts exports no four"), unknown.message);
    await write("d.ts", `import { join } from "node:path";\nconsole.log(join("a"));\n`);
    const error = await assertRejects(
      () => scriptOf(new URL("d.ts", `${pathToFileURL(folder)}/`)),
      Error,
    );
    assert(error.message.includes(`it imports "node:path"`), error.message);
  } finally {
    delete (globalThis as { linked?: unknown }).linked;
    await Deno.remove(folder, { recursive: true });
  }
});
