import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { starterFolder } from "../lib/starter/build.ts";
import { checkCells } from "../tools/notebooks/cells.ts";
import { runDeno } from "./cli/program.ts";
import { inFolder } from "./store/support.ts";

const project = new URL("../", import.meta.url);

/** What stands in a doc comment beside its text. */
interface Tagged {
  readonly tags?: readonly { readonly kind: string; readonly doc?: string }[];
}

/** What `deno doc` says of a module. */
interface Documented {
  readonly module_doc: Tagged;
  readonly symbols: readonly {
    readonly name: string;
    readonly declarations: readonly { readonly kind: string; readonly jsDoc?: Tagged }[];
  }[];
}

async function output(args: readonly string[], cwd: URL | string): Promise<string> {
  const env = { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" };
  const { code, out, errors } = await runDeno(args, { cwd, env });
  assertEquals(code, 0, out + errors);
  return out;
}

let documentation: Promise<Documented> | undefined;

/** What `deno doc` says of mod.ts, asked once. */
function documented(): Promise<Documented> {
  return documentation ??= readDocumentation();
}

async function readDocumentation(): Promise<Documented> {
  const { nodes } = JSON.parse(await output(["doc", "--json", "mod.ts"], project));
  const [module] = Object.values(nodes) as Documented[];
  return module!;
}

/** The code of the one example of what a doc comment tells of. */
function exampleOf(name: string, comments: readonly (Tagged | undefined)[]): string {
  const tags = comments.flatMap((comment) => comment?.tags ?? [])
    .filter(({ kind }) => kind === "example");
  assertEquals(tags.length, 1, `${name} has ${tags.length} examples`);
  return /```ts\n([^]*?)```/.exec(tags[0]!.doc!)![1]!;
}

/** The code of the one example of mod.ts and of each of its functions, in the order of mod.ts. */
async function examples({ module_doc, symbols }: Documented): Promise<Map<string, string>> {
  const found = new Map([["mod", exampleOf("mod.ts", [module_doc])]]);
  for (const { name, declarations } of symbols) {
    if (!declarations.some(({ kind }) => kind === "function")) continue;
    found.set(name, exampleOf(name, declarations.map(({ jsDoc }) => jsDoc)));
  }
  const order = [...(await Deno.readTextFile(new URL("mod.ts", project))).matchAll(/\b\w+\b/g)]
    .map(([word]) => word);
  const places = new Map([...found.keys()].map((name) => [name, order.lastIndexOf(name)]));
  return new Map([...found].sort(([a], [b]) => places.get(a)! - places.get(b)!));
}

Deno.test("mod.ts exports few functions, and few names in all", async () => {
  const { symbols } = await documented();
  const functions = symbols.filter(({ declarations }) =>
    declarations.some(({ kind }) => kind === "function")
  );
  assert(functions.length <= 31, `${functions.length} functions`);
  assert(symbols.length <= 95, `${symbols.length} names`);
});

// What makes things comes before what uses them, and what removes them last.
const FIRST = ["preprocess", "train", "generate", "listen"];
const LAST = ["clean", "quickstart", "mod"];
/** The two that go the whole way take long: they have their types checked and no more. */
const NOT_RUN = ["quickstart", "mod"];

/** The examples as modules of a folder, by name, in the order in which they can run. */
async function written(folder: string): Promise<Map<string, string>> {
  const code = await examples(await documented());
  const names = [...code.keys()].filter((name) => ![...FIRST, ...LAST].includes(name));
  const files = new Map<string, string>();
  for (const name of [...FIRST, ...names, ...LAST]) {
    const text = code.get(name)!.replace(/[./]+\/mod\.ts/, new URL("mod.ts", project).href)
      .replace("minutes: 2", "minutes: 0.02")
      .replace("midi: music.midi", 'midi: "data/midi"') // a notebook copies the starter music there
      .replace('audio: "recordings"', 'audio: "data/generated"') // the sound that listen made
      .replace("bars: 8, key:", "candidates: 1, barCandidates: 1, $&")
      .replace(/count: \d, bars: \d/, "$&, hear: 2, candidates: 1, barCandidates: 1"); // takes what comes first
    files.set(name, join(folder, `${name}.ts`));
    await Deno.writeTextFile(files.get(name)!, text);
  }
  return files;
}

Deno.test("mod.ts and each of its functions have one example, which runs as it stands there", () =>
  inFolder(async (folder) => {
    const midi = join(folder, "data", "midi");
    await Deno.mkdir(midi, { recursive: true });
    for (const name of ["bach-prelude-c-major", "beethoven-fuer-elise"]) {
      await Deno.copyFile(join(starterFolder, `${name}.mid`), join(midi, `${name}.mid`));
    }
    const names = [...(await written(folder)).keys()].filter((name) => !NOT_RUN.includes(name));
    const all = names.map((name) => `console.log("${name}"); await import("./${name}.ts");\n`);
    await Deno.writeTextFile(join(folder, "all.ts"), all.join("") + "Deno.exit(0);\n");
    const config = ["--config", fileURLToPath(new URL("deno.json", project))];
    await output(["run", "-A", ...config, "all.ts"], folder);
  }));

Deno.test("The code in the notebooks passes check and lint, and every example has its types right", () =>
  inFolder(async (folder) => {
    assertEquals(await checkCells([...(await written(folder)).values()]), "");
  }));
