import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dirname, join } from "node:path";
import { output } from "../../lib/cli/kernel.ts";
import { packageFolder } from "../../lib/cli/permissions.ts";
import {
  installation,
  ownFile,
  PROGRAM,
  programFolder,
  taskCommand,
  VERSION,
  withOwnCommands,
} from "../../lib/program.ts";
import { exists, sha256 } from "../../lib/store/files.ts";
import { stageProgram } from "../../tools/release/compiled.ts";
import { copy, packageJson, stagePackage } from "../../tools/release/package.ts";
import { somePieces } from "../starter/some.ts";
import { everythingIn, inFolder } from "../store/support.ts";

import config from "../../deno.json" with { type: "json" };

const hasNode = (await output("node", ["--version"]))?.success === true;

Deno.test("the package's name is short enough for every registry", () => {
  assertMatch(config.name, /^@[a-z]{2,20}\/[a-z]{2,20}$/);
  assertMatch(VERSION, /^\d+\.\d+\.\d+$/);
});

Deno.test("own files are found from the project's folder", async () => {
  assert((await Deno.stat(ownFile("models/base/MUSIC.tsv"))).isFile);
  assert((await Deno.stat(join(programFolder(), "deno.json"))).isFile);
});

Deno.test("commands in messages are those of the installation", () => {
  const npx = "file:///home/me/.npm/_npx/1a/node_modules/yamg/lib/program.ts";
  const global = "file:///usr/lib/node_modules/yamg/lib/program.ts";
  assertEquals([npx, global].map((url) => installation(url)), ["package", "package"]);
  assertEquals(taskCommand("npx -y x"), "deno task"); // in a clone, whoever started it
  const text = 'train it with "deno task train --name x", or see the deno task list';
  assertEquals(
    withOwnCommands(text, PROGRAM),
    `train it with "${PROGRAM} train --name x", or see the ${PROGRAM} list`,
  );
  assertEquals(withOwnCommands(text, "deno task"), text);
});

Deno.test("the package offers every task for users, and none for developers", () => {
  const { tasks } = packageJson() as { tasks: Record<string, { run: string[] }> };
  for (const task of ["quickstart", "preprocess", "train", "generate", "listen", "notebook"]) {
    const { run } = tasks[task]!;
    assert(run.some((word) => /^lib\/cli\/\w+\.ts$/.test(word)), `${run}`);
    assert(!run.some((word) => word.startsWith("--lock")), `${run}`);
  }
  assert(!("test" in tasks) && !("bench" in tasks) && !("release" in tasks));
  for (const [name, { run }] of Object.entries(tasks)) {
    const [, set] = /^-P=(.*)$/.exec(run.find((word) => word.startsWith("-P="))!)!;
    const { env } = config.permissions[set as "phase"];
    assert([env].flat().some((each) => each as unknown === true || each === "TASK_COMMAND"), name);
  }
});

Deno.test("npm packages lie beside each other, in a cache and in a compiled program", () => {
  const lies = (path: string) => packageFolder(`file:///${path}/fastest-levenshtein/1.0.16/mod.js`);
  assertEquals(lies("home/me é/.cache/deno/npm/registry"), "/home/me é/.cache/deno/npm/");
  const embedded = "tmp/deno-compile-yamg/.deno_compile_node_modules/";
  assertEquals(lies(`${embedded}localhost`), `/${embedded}`);
});

/** Modules and npm packages that `deno compile` finds from the program's entry points. */
async function moduleGraph(): Promise<{ modules: string[]; packages: string[] }> {
  type Module = { specifier: string; dependencies?: { code?: { specifier: string } }[] };
  const root = ownFile("").href, found = new Set<string>();
  for (const entry of ["main.ts", "worker.ts"]) {
    const args = ["info", "--json", "--no-lock", "--config", "deno.json", `lib/cli/${entry}`];
    const info = await output(Deno.execPath(), args, { cwd: programFolder() });
    assert(info?.success, info?.stderr);
    const { modules, roots } = JSON.parse(info!.stdout) as { modules: Module[]; roots: string[] };
    const dependencies = new Map(modules.map((each) => [each.specifier, each.dependencies ?? []]));
    const waiting = [...roots];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      for (const { code } of dependencies.get(next) ?? []) if (code) waiting.push(code.specifier);
    }
  }
  const [modules, packages] = [root, "npm:"].map((start) =>
    [...found].filter((each) => each.startsWith(start)).map((each) =>
      decodeURIComponent(each.slice(start.length))
    )
  );
  return { modules: modules!, packages: packages! };
}

Deno.test({
  name:
    "a compiled program has all that it reads: modules, networks, kernels, scripts of its pages",
  fn: () =>
    inFolder(async (folder) => {
      const { modules, packages } = await moduleGraph();
      assert(!packages.some((name) => /tensorflow|^vega/.test(name)), `${packages}`);
      const staged = join(folder, "staged"), program = join(folder, "deno-compile-yamg é");
      const assets = await stageProgram(staged);
      for (const path of [...modules, ...assets, "deno.json", "links"]) {
        await copy(join(staged, path), join(program, path));
      }
      const here = join(folder, "my music"), home = join(folder, "no", "home");
      await somePieces(join(here, "midi"), 2);
      const before = everythingIn(program);
      const run = (...args: string[]) =>
        output(Deno.execPath(), [
          ...[
            "run",
            "--no-prompt",
            "--no-lock",
            "--config",
            join(program, "deno.json"),
            "-P=phase",
          ],
          ...[join(program, "lib/cli/main.ts"), ...args],
        ], {
          cwd: here,
          env: { INIT_CWD: folder, HOME: home, DENO_DIR: packageFolder().replace(/npm.$/, "") },
        });
      const made = async (...args: string[]) => {
        const result = await run(...args);
        assert(result?.success, `${args[0]}: ${result?.stderr}`);
        return result!;
      };
      const { stderr } = await made("preprocess", "--midi", "midi", "--name", "mine");
      assertStringIncludes(stderr, `Music is kept in ${join(here, "data")}`);
      await made("generate", "--model", "base", "--bars", "2", "--name", "new", "--page");
      await made("duet", "--model", "base");
      await made("score", "data/generated/new.mid");
      const { stderr: why } = await run(
        ...["train", "--corpus", "mine", "--name", "x", "--model", "combination"],
      ) ?? { stderr: "" };
      assertStringIncludes(why, "this compiled program does not contain tfjs; use the npm package");
      assertEquals(everythingIn(program), before);
    }),
});

/** Installs the package as npm would, but with this very Deno. @returns folder of the package */
async function install(folder: string): Promise<string> {
  const modules = join(folder, "a é", "node_modules"), own = join(modules, PROGRAM);
  await Deno.mkdir(join(modules, "deno"), { recursive: true });
  await Deno.mkdir(own);
  await stagePackage(own);
  await Deno.writeTextFile(
    join(modules, "deno", "install_api.cjs"),
    `module.exports = { runInstall: () => ${JSON.stringify(Deno.execPath())} };`,
  );
  return own;
}

Deno.test({
  name: "the installed package keeps music where the person stands, and leaves itself as it is",
  ignore: !hasNode,
  fn: () =>
    inFolder(async (folder) => {
      const own = await install(folder), here = join(folder, "my music");
      const lock = sha256(await Deno.readFile(join(own, "deno.lock")));
      await somePieces(join(here, "midi"), 2);
      const run = (...args: string[]) =>
        output("node", [join(own, "bin.cjs"), ...args], { cwd: here });
      const made = await run("preprocess", "--midi", "midi", "--name", "mine");
      assert(made?.success, made?.stderr);
      assertStringIncludes(made!.stderr, `Music is kept in ${join(here, "data")}`);
      const missing = await run("train", "--corpus", "none", "--name", "x");
      assertStringIncludes(missing!.stderr, `${PROGRAM} preprocess`);
      assert(await exists(join(here, "data", "corpora", "mine", "manifest.json")));
      assert(!await exists(join(own, "data", "corpora")));
      assertEquals(sha256(await Deno.readFile(join(own, "deno.lock"))), lock);
      const wrong = await run("trian");
      assertEquals(wrong?.success, false);
      assertStringIncludes(wrong!.stderr, 'Unknown task "trian"');
      const help = await run("generate", "--help");
      assertStringIncludes(help!.stdout, `${PROGRAM} generate [flags]`);
    }),
});

Deno.test({
  name: "without a home folder libraries go to the same folder every time, also of a nameless user",
  ignore: !hasNode || Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      const own = await install(folder), nobody = join(folder, "nobody.cjs");
      const shell = join(folder, "shell"), file = join(folder, "file");
      await Deno.writeTextFile(file, "");
      await Deno.writeTextFile(shell, `#!/bin/sh\necho "$DENO_DIR"\n`, { mode: 0o755 });
      await Deno.writeTextFile(
        join(own, "../deno/install_api.cjs"),
        `module.exports = { runInstall: () => ${JSON.stringify(shell)} };`,
      );
      // as Node does where a user has no entry among the names, such as in a container
      const code = `require("node:os").userInfo = () => { throw new Error("ENOENT"); };`;
      await Deno.writeTextFile(nobody, code);
      const env = { HOME: join(file, "home"), TMPDIR: folder, DENO_DIR: "" };
      const places: string[] = [];
      for (let run = 0; run < 2; run++) {
        const args = ["--require", nobody, join(own, "bin.cjs"), "quickstart"];
        const result = await output("node", args, { cwd: folder, env });
        assert(result?.success, result?.stderr);
        places.push(result!.stdout.trim());
      }
      assertEquals(places[0], places[1]);
      assertEquals(dirname(places[0]!), folder);
      assertEquals((await Deno.stat(places[0]!)).mode! & 0o777, 0o700);
    }),
});

Deno.test({
  name: "npm packs the same bytes twice",
  ignore: !hasNode,
  fn: () =>
    inFolder(async (folder) => {
      const sums: string[] = [];
      for (const name of ["one", "two"]) {
        const staged = join(folder, name), out = join(folder, `${name}-out`);
        await Deno.mkdir(out);
        await stagePackage(staged);
        const args = ["pack", "--ignore-scripts", "--pack-destination", out];
        const packed = await output("npm", args, { cwd: staged });
        assert(packed?.success, packed?.stderr);
        sums.push(sha256(await Deno.readFile(join(out, `${PROGRAM}-${VERSION}.tgz`))));
      }
      assertEquals(sums[0], sums[1]);
    }),
});
