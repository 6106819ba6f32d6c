import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";

/** The folders and files of `lib/`, from the lowest up; each may import from those before it. */
const order = [
  ...[
    "random.ts",
    "numbers.ts",
    "linear.ts",
    "search.ts",
    "viterbi.ts",
    "progress.ts",
    "fetched_copy.ts",
    "program.ts",
    "packages.ts",
    "nearest.ts",
    "wasm",
    "midi",
    "notation",
    "beats",
    "tokens",
    "touch",
    "harmony",
  ],
  ...[
    "store",
    "starter",
    "corpus",
    "train",
    "model",
    "evaluate",
    "show",
    "audio",
    "transcribe",
    "score",
  ],
  ...["generate", "page", "phases", "notebook", "cli"],
];

const project = new URL("../", import.meta.url);
const lib = new URL("lib/", project);

/** Imports of any kind, with files loaded by their URL; and only those that load with the file. */
const ANY = /(?:\bfrom|\bimport\(?|new URL\()\s*"(\.{1,2}\/[^"]+\.ts)"/g,
  STATIC = /^(?:import|export)(?! type)[^;"]*\bfrom\s*"(\.{1,2}\/[^"]+\.ts)"/gm;

/** For each file of a folder, the files that it imports, all as paths within the project. */
async function importsOf(folder: URL, into = new Map<string, string[]>(), kind = ANY) {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = new URL(isDirectory ? `${name}/` : name, folder);
    if (isDirectory) await importsOf(path, into, kind);
    else if (name.endsWith(".ts")) into.set(pathOf(path), await importsIn(path, kind));
  }
  return into;
}

async function importsIn(path: URL, kind: RegExp): Promise<string[]> {
  const text = (await Deno.readTextFile(path)).replace(/\/\*.*?\*\//gs, ""); // no examples
  const relative = text.matchAll(kind);
  return Array.from(relative, ([, to]) => pathOf(new URL(to!.replace(/(\.ts)?$/, ".ts"), path)));
}

function pathOf(url: URL): string {
  return fileURLToPath(url).slice(fileURLToPath(project).length);
}

Deno.test("imports only go down the order of folders", async () => {
  const rankOf = (path: string) => {
    const rank = order.indexOf(path.split("/")[1]!);
    if (rank < 0) throw new Error(`${path} has no place in the order: give its folder one`);
    return rank;
  };
  const climbs: string[] = [];
  for (const [from, all] of await importsOf(lib)) {
    for (const to of all) if (rankOf(to) > rankOf(from)) climbs.push(`${from} → ${to}`);
  }
  assertEquals(climbs, []);
});

Deno.test("no file imports itself by way of others", async () => {
  const imports = new Map<string, string[]>(), done = new Set<string>();
  for (const folder of ["lib", "tools", "bench", "tests", "findings"]) {
    await importsOf(new URL(`${folder}/`, project), imports);
  }
  const circles: string[] = [];
  const visit = (path: string, way: readonly string[]) => {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(" → "));
    if (done.has(path) || way.includes(path)) return;
    for (const next of imports.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  assertEquals(circles, []);
});

/** All files that are loaded before the first line of a file runs. */
async function loadedBy(first: string): Promise<Set<string>> {
  const imports = await importsOf(lib, new Map(), STATIC), loaded = new Set<string>();
  imports.set("mod.ts", await importsIn(new URL("mod.ts", project), STATIC));
  const load = (path: string) => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const next of imports.get(path) ?? []) load(next);
  };
  load(first);
  return loaded;
}

Deno.test("the flags of tasks are read without the program's working parts", async () => {
  const loaded = await loadedBy("lib/cli/main.ts");
  const working = ["midi", "notation", "harmony", "corpus", "evaluate", "score", "audio", "wasm"];
  assertEquals([...loaded].filter((path) => working.includes(path.split("/")[1]!)), []);
  assert(loaded.size < 60, `${loaded.size} files are loaded for every --help`);
});

Deno.test("a notebook imports the program without its phases and their working parts", async () => {
  const loaded = await loadedBy("mod.ts");
  const later =
    /^lib\/(notation\/(?!kinds|limits)|evaluate|train|transcribe|score|wasm|page\/(?!messages))/;
  const phases = /^lib\/phases\/(?!on_demand|run|clean|audition|settings)/;
  assertEquals([...loaded].filter((path) => later.test(path) || phases.test(path)), []);
  assert(loaded.size < 185, `${loaded.size} files are loaded by import "mod.ts"`);
});

Deno.test("what makes music imports no tools, tests or benchmarks", async () => {
  const imports = await importsOf(lib);
  const outside = [...imports.values()].flat().filter((path) => !imports.has(path));
  assertEquals(outside, []);
});
