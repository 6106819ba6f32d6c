import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageSpecifier, whyMissing } from "../lib/packages.ts";
import { isLong, LONG, testsIn } from "../tools/tests.ts";
import { runDeno } from "./cli/program.ts";
import { somePieces } from "./starter/some.ts";

const project = new URL("../", import.meta.url);
const config = JSON.parse(await Deno.readTextFile(new URL("deno.json", project)));
const declared = Object.values<string>(config.scopes["./"]).filter((each) =>
  each.startsWith("npm:")
);

/** A cache of Deno's that has nothing but the two small packages of the command line. */
async function smallCache(folder: string): Promise<string> {
  for (const name of ["minimist", "fastest-levenshtein"]) {
    const entry = fileURLToPath(import.meta.resolve(packageSpecifier(name)));
    const [from, inCache] = /^.*?[\\/](npm[\\/][^\\/]+[\\/][^\\/]+)(?=[\\/])/.exec(entry)!;
    await copyFolder(from, join(folder, inCache!));
  }
  return folder;
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const [source, copy] = [join(from, name), join(to, name)];
    await (isDirectory ? copyFolder(source, copy) : Deno.copyFile(source, copy));
  }
}

Deno.test("Music is made with two small packages and no other: phases and notebooks start so", async () => {
  await Promise.all([import("minimist"), import("fastest-levenshtein")]);
  const root = await Deno.makeTempDir();
  const env = { DENO_DIR: await smallCache(join(root, "cache")), NO_COLOR: "1" };
  const run = async (...args: string[]) => {
    const all = ["run", "--lock=deno.lock", "--cached-only", "--no-prompt", ...args];
    const { code, errors } = await runDeno(all, { cwd: fileURLToPath(project), env });
    assertEquals(code, 0, errors);
  };
  const roots = ["--data", join(root, "data")];
  const task = (name: string, ...args: string[]) =>
    run("-P=phase", "lib/cli/main.ts", name, ...args);
  await somePieces(join(root, "midi"), 2);
  await task("preprocess", "--midi", join(root, "midi"), "--name", "c", ...roots);
  const played = ["--form", "none", "--frames", "4", "--candidates", "1"];
  await task("generate", "--model", "base", ...played, ...roots);
  await run("--allow-read", "--allow-write", "mod.ts");
  await Deno.remove(root, { recursive: true });
});

/** What a module imports by name as text, whether at once or later: all that Deno fetches beforehand. */
async function importsOf(module: URL): Promise<string[]> {
  const text = (await Deno.readTextFile(module)).replace(/\/\*.*?\*\//gs, "");
  const statements = /^(?:import|export)\b(?!\s+type\b)(?:[^;"=(]*\bfrom)?\s*"([^"]+)"/gm;
  const calls = /(?<!typeof )\bimport\("([^"]+)"/g;
  return [...text.matchAll(statements), ...text.matchAll(calls)].map(([, name]) => name!);
}

Deno.test("No import by name leads from a task or a notebook to a package that few need", async () => {
  const waiting = ["lib/cli/main.ts", "lib/cli/worker.ts", "mod.ts"].map((path) =>
    new URL(path, project).href
  );
  const seen = new Set(waiting), packages = new Set<string>();
  for (const href of waiting) {
    for (const name of await importsOf(new URL(href))) {
      if (!name.startsWith(".")) {
        if (!name.startsWith("node:")) packages.add(name.replace(/^npm:(.+)@.*/, "$1"));
        continue;
      }
      const to = new URL(name, href).href;
      if (to.endsWith(".ts") && !seen.has(to)) {
        seen.add(to);
        waiting.push(to);
      }
    }
  }
  assert(seen.size > 200, `only ${seen.size} modules were found`);
  assertEquals([...packages].sort(), ["@std/cli/parse-args", "fastest-levenshtein"]);
});

Deno.test("No task has Deno download all packages before it starts", () => {
  // "deno task" installs all of "imports" and all of a lock file of its own, needed or not.
  assertEquals([config.imports, config.lock], [undefined, false]);
  assert(config.unstable.includes("npm-lazy-caching"));
  for (const [name, { command }] of Object.entries<{ command: string }>(config.tasks)) {
    for (const [call] of command.matchAll(/deno (run|test|check|doc)\b[^&]*/g)) {
      assert(call.includes("--lock=deno.lock") || call.includes("--config"), `${name}: ${call}`);
    }
  }
});

Deno.test("The lock file has every package of deno.json, and tfjs is imported at its version", async () => {
  const lock = JSON.parse(await Deno.readTextFile(new URL("deno.lock", project)));
  for (const specifier of declared) assert(lock.specifiers[specifier], specifier);
  const source = await Deno.readTextFile(new URL("lib/model/combination/tfjs.ts", project));
  assertEquals(
    Array.from(source.matchAll(/"(npm:[^"]+)"/g), ([, specifier]) => specifier),
    ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm"].map((name) => packageSpecifier(name)),
  );
});

Deno.test("Without a network, what is missing is named, and how to get it", async () => {
  const folder = await Deno.makeTempDir(), script = `${folder}/engrave.ts`;
  const packages = new URL("lib/packages.ts", project).href;
  await Deno.writeTextFile(
    script,
    `import { loadPackage } from "${packages}"; await loadPackage("engrave music", "verovio", "/wasm");`,
  );
  const { code, errors } = await runDeno(["run", "--no-config", "--cached-only", script], {
    env: { DENO_DIR: `${folder}/cache`, NO_COLOR: "1" },
  });
  assertEquals(code, 1);
  assertMatch(
    errors,
    /Cannot engrave music: the package verovio is not in Deno's cache .* "deno cache npm:verovio@[\d.]+"/,
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("test-quick leaves out every file that starts Deno or a browser, trains, or plays in a notebook", async () => {
  const long = /\/(program|browser|phases\/train|notebook\/audition)\.ts"|outputOf/;
  for (const path of LONG) await Deno.stat(new URL(path, project));
  const quick = testsIn("tests").filter((file) => !isLong(file));
  assert(quick.length > 100, `${quick.length} files`);
  const missing = quick.filter((file) => long.test(Deno.readTextFileSync(new URL(file, project))));
  assertEquals(missing, []);
});

Deno.test("A missing package is fetched by deno in a clone, by the same command elsewhere", () => {
  const end = "with a network connection";
  assertMatch(
    whyMissing(["verovio"], "clone"),
    /once with .*, or fetch it .* "deno cache npm:verovio@/,
  );
  assert(whyMissing(["vega", "vega-lite"], "package").endsWith(end));
});
