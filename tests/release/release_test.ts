import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import config from "../../deno.json" with { type: "json" };
import { output } from "../../lib/cli/kernel.ts";
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
import { compileArguments } from "../../tools/release/compiled.ts";
import { packageJson, stagePackage } from "../../tools/release/package.ts";
import { somePieces } from "../starter/some.ts";
import { inFolder } from "../store/support.ts";

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
});

Deno.test("compiled programs hold what is read while they run", () => {
  const text = compileArguments("x86_64-unknown-linux-gnu", "out").join(" ");
  for (
    const part of ["lib", "models/base", "data/starter", "npm:spessasynth_core@", "npm:verovio@"]
  ) {
    assertStringIncludes(text, `--include ${part}`);
  }
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
      assertStringIncludes(made!.stderr, `Music lies in ${join(here, "data")}`);
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
