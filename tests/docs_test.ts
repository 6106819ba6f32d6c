import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseFlags } from "../lib/cli/command.ts";
import { commands } from "../lib/cli/commands.ts";
import { notebooksIn } from "../lib/cli/notebook.ts";
import { joined, readNotebook } from "../tools/notebooks/format.ts";

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

/** Code of a Markdown text: each line of fenced code, and each span within a line or over two. */
function codeIn(text: string): string[] {
  const fenced = [...text.matchAll(/^```.*\n([^]*?)^```/gm)].flatMap(([, code]) =>
    code!.split("\n")
  );
  const spans = [...text.replace(/^```[^]*?^```/gm, "").matchAll(/`([^`]+)`/g)].map(([, one]) =>
    one!
  );
  return [...fenced, ...spans].map((code) => code.replace(/\s+/g, " ").replace(/ +(#|→).*/, ""));
}

/** Markdown texts with commands, by page: README, docs, and the prose of the notebooks. */
async function texts(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const page of await pages()) found.set(page, await Deno.readTextFile(join(root, page)));
  for (const path of await notebooksIn(join(root, "notebooks"))) {
    const { cells } = await readNotebook(path);
    const prose = cells.filter(({ cell_type }) => cell_type === "markdown");
    found.set(path, prose.map(({ source }) => joined(source)).join("\n\n"));
  }
  return found;
}

Deno.test("every command in README, docs and notebooks is a task, with flags that it takes", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const wrong: string[] = [];
  let tried = 0;
  for (const [page, text] of await texts()) {
    for (const [, task] of text.matchAll(/deno task ([a-z][a-z-]*)/g)) {
      if (!(task! in tasks)) wrong.push(`${page}: ${task}`);
    }
    for (const code of codeIn(text)) {
      const [, task, rest] = /deno task ([a-z][a-z-]*)(.*)/.exec(code) ?? [];
      if (task === undefined) continue;
      const command = commands.find(({ name }) => name === task);
      const args = [...rest!.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
      if (!command || args.includes("--help") || args.length === 0) continue;
      const flags = command.flags.map((flag) => ({ ...flag, required: false })); // some name one alone
      const missing = args.length === 1 ? /is missing|needs a value/ : /is missing/;
      try {
        parseFlags({ ...command, flags }, args);
        tried++;
      } catch (error) {
        if (!missing.test(`${error}`)) wrong.push(`${page}: ${code}: ${error}`);
      }
    }
  }
  assertEquals(wrong, []);
  assert(tried > 40, `${tried} commands`);
});

/** Whether a script declares a flag: among `parseArgs`'s words, or as a setting of `flagsFor`. */
function declares(script: string, flag: string): boolean {
  const name = flag.slice(2);
  const setting = name.replace(/-./g, (dash) => dash[1]!.toUpperCase());
  return new RegExp(`"(--)?${name}"|^ +${setting}: |^ +${setting},$`, "m").test(script);
}

Deno.test("every developers' task and benchmark in README and docs takes the flags that it is given", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const wrong: string[] = [];
  let tried = 0;
  for (const [page, text] of await texts()) {
    for (const code of codeIn(text)) {
      const [, task, file, rest] =
        /(?:deno task ([a-z][a-z-]*)|\b(bench\/\w+\.ts))(.*)/.exec(code) ?? [];
      if (rest === undefined || commands.some(({ name }) => name === task)) continue;
      const [path] = file ? [file] : /\S+\.ts/.exec(tasks[task!]?.command) ?? [];
      const flags = [...rest.matchAll(/--[a-z][a-z-]*/g)].map(([flag]) => flag);
      if (path === undefined || !file && flags.length === 0) continue;
      const script = await Deno.readTextFile(join(root, path)).catch(() => "");
      const problems = script === "" ? [path] : flags.filter((flag) => !declares(script, flag));
      wrong.push(...problems.map((problem) => `${page}: ${code}: ${problem}`));
      tried++;
    }
  }
  assertEquals(wrong, []);
  assert(tried > 25, `${tried} commands`);
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
