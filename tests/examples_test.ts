import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { starterFolder } from "../lib/starter/build.ts";

const project = new URL("../", import.meta.url);

/** What `deno doc` says of one thing that mod.ts exports. */
interface Documented {
  readonly name: string;
  readonly declarations: readonly {
    readonly kind: string;
    readonly jsDoc?: {
      readonly tags?: readonly { readonly kind: string; readonly doc?: string }[];
    };
  }[];
}

async function output(args: readonly string[], cwd: URL | string): Promise<string> {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  }).output();
  const said = new TextDecoder().decode(stdout);
  assert(success, said + new TextDecoder().decode(stderr));
  return said;
}

/** The code of the one example of each function of mod.ts, in the order of mod.ts. */
async function examples(): Promise<Map<string, string>> {
  const { nodes } = JSON.parse(await output(["doc", "--json", "mod.ts"], project));
  const all = Object.values(nodes).flatMap((node) => (node as { symbols: Documented[] }).symbols);
  const found = new Map<string, string>();
  for (const { name, declarations } of all) {
    if (!declarations.some(({ kind }) => kind === "function")) continue;
    const tags = declarations.flatMap(({ jsDoc }) => jsDoc?.tags ?? [])
      .filter(({ kind }) => kind === "example");
    assertEquals(tags.length, 1, `${name} has ${tags.length} examples`);
    found.set(name, /```ts\n([^]*?)```/.exec(tags[0]!.doc!)![1]!);
  }
  const order = [...(await Deno.readTextFile(new URL("mod.ts", project))).matchAll(/\b\w+\b/g)]
    .map(([word]) => word);
  const places = new Map([...found.keys()].map((name) => [name, order.lastIndexOf(name)]));
  return new Map([...found].sort(([a], [b]) => places.get(a)! - places.get(b)!));
}

Deno.test("mod.ts has few functions, each with one example, which runs as it stands there", async () => {
  const code = await examples();
  assert(code.size <= 30, `${code.size} functions`);
  const folder = await Deno.makeTempDir();
  const midi = join(folder, "data", "midi");
  await Deno.mkdir(midi, { recursive: true });
  for (const name of ["bach-prelude-c-major", "beethoven-fuer-elise"]) {
    await Deno.copyFile(join(starterFolder, `${name}.mid`), join(midi, `${name}.mid`));
  }
  // What makes things comes before what uses them, and what removes them last.
  const first = ["preprocess", "train", "generate"], last = ["clean", "quickstart"];
  const names = [...code.keys()].filter((name) => ![...first, ...last].includes(name));
  for (const name of [...first, ...names, ...last]) {
    const text = code.get(name)!.replace("../../mod.ts", new URL("mod.ts", project).href)
      .replace("minutes: 2", "minutes: 0.05");
    await Deno.writeTextFile(join(folder, `${name}.ts`), text);
  }
  // The quickstart, which takes half a minute, has its types checked and no more.
  const all = [...first, ...names, ...last].map((name) =>
    `console.log("${name}"); ${name === "quickstart" ? "() =>" : "await"} import("./${name}.ts");\n`
  );
  await Deno.writeTextFile(join(folder, "all.ts"), all.join("") + "Deno.exit(0);\n");
  const config = ["--config", fileURLToPath(new URL("deno.json", project))];
  await output(["run", "-A", "--check", ...config, "all.ts"], folder);
  await Deno.remove(folder, { recursive: true });
});
