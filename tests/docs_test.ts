import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Paths of README, of the other pages beside it, and of every page in `docs/`, relative to the project. */
async function pages(): Promise<string[]> {
  const found = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"];
  for await (const { name } of Deno.readDir(join(root, "docs"))) {
    if (name.endsWith(".md")) found.push(`docs/${name}`);
  }
  return found;
}

/** Anchor that a renderer gives a heading: lower case, words joined by hyphens. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").trim().replaceAll(" ", "-");
}

/** Text of a page without fenced code. */
async function proseOf(path: string): Promise<string> {
  return (await Deno.readTextFile(join(root, path))).replace(/^```.*?^```/gms, "");
}

Deno.test("every link of README and docs leads to a file that exists, and to a heading in it", async () => {
  const broken: string[] = [];
  for (const page of await pages()) {
    for (const [, target] of (await proseOf(page)).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target!)) continue;
      const [path, anchor] = target!.split("#");
      const file = path === "" ? page : join(page, "..", path!);
      try {
        await Deno.stat(join(root, file));
      } catch {
        broken.push(`${page}: ${target}`);
        continue;
      }
      if (anchor === undefined) continue;
      const headings = (await proseOf(file)).matchAll(/^#+ (.*)$/gm);
      if (![...headings].some(([, text]) => anchorOf(text!) === anchor)) {
        broken.push(`${page}: ${target}`);
      }
    }
  }
  assertEquals(broken, []);
});

Deno.test("every command in README and docs is a task of this project", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  for (const page of await pages()) {
    const text = await Deno.readTextFile(join(root, page));
    for (const [, task] of text.matchAll(/deno task ([a-z][a-z-]*)/g)) {
      assert(task! in tasks, `${page} names "deno task ${task}", which does not exist`);
    }
  }
});

Deno.test("every section of docs with a share in per cent names what measures it", async () => {
  for await (const { name } of Deno.readDir(join(root, "docs"))) {
    if (!name.endsWith(".md")) continue;
    const text = await Deno.readTextFile(join(root, "docs", name));
    const without = text.split(/^#+ /m).filter((section) =>
      /\d %/.test(section) && !/bench\/|tests\/|tools\/|deno (task|run)|npx /.test(section)
    );
    assertEquals(without.map((section) => section.split("\n")[0]), [], name);
  }
});

Deno.test("README has at most 140 lines", async () => {
  const lines = (await Deno.readTextFile(join(root, "README.md"))).trimEnd().split("\n");
  assert(lines.length <= 140, `${lines.length} lines`);
});

Deno.test("the glossary has twenty terms", async () => {
  const text = await Deno.readTextFile(join(root, "docs/glossary.md"));
  assertEquals(text.match(/^\| \*\*/gm)?.length, 20);
});
