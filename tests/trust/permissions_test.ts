import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { join, resolve } from "node:path";
import { parseFlags } from "../../lib/cli/command.ts";
import { commands } from "../../lib/cli/commands.ts";
import { packageFolder, permissionsOf, waysTo } from "../../lib/cli/permissions.ts";
import { programFolder } from "../../lib/program.ts";
import { runDeno } from "../cli/program.ts";
import { noteAt, songOf } from "../midi/song.ts";
import { somePieces } from "../starter/some.ts";
import { inFolder, namesOf } from "../store/support.ts";

const MAIN = resolve("lib/cli/main.ts");
const DENIED = [
  "--deny-net",
  "--deny-env",
  "--deny-run",
  "--deny-ffi",
  "--deny-sys",
  "--no-prompt",
];

const run = (task: string, ...args: string[]) =>
  runDeno(["run", ...DENIED, "--allow-read", "--allow-write", MAIN, task, ...args]);

Deno.test("Every phase does its work with network, environment, programs and native code denied", async () => {
  const root = await Deno.makeTempDir();
  const data = ["--data", join(root, "data")], models = ["--models", join(root, "models")];
  const midi = join(root, "midi"), music = join(root, "data", "generated", "m.mid");
  await somePieces(midi, 2);
  const works = async (task: string, ...args: string[]) => {
    const { code, errors } = await run(task, ...args);
    assertEquals([task, code], [task, 0], errors);
  };
  await works("preprocess", "--midi", midi, "--name", "c", ...data);
  for (const model of ["combination", "pitchwise"]) {
    const how = ["--corpus", "c", "--model", model, "--name", model, "--epochs", "1"];
    await works("train", ...how, ...data, ...models);
    await works("generate", "--model", model, "--name", "m", "--frames", "8", ...data, ...models);
    await works("evaluate", "--model", model, "--midi", midi, ...data, ...models);
    const file = join(midi, namesOf(midi)[0]!);
    await works("evaluate", "--model", model, "--generated", file, ...data, ...models);
  }
  await works("listen", music);
  await works("clean", "--yes", ...data, ...models);
  await Deno.remove(root, { recursive: true });
});

Deno.test("A task's phase may write what its flags name, and read that, the program and its packages", () => {
  const own = [programFolder(), packageFolder()].flatMap(waysTo);
  const permissions = (name: string, values: Record<string, string>) =>
    permissionsOf(commands.find((command) => command.name === name)!, values);
  for (const command of commands) {
    const { net, env, run, ffi, sys } = permissionsOf(command, { _: "x.mid", midi: "m", out: "o" });
    assertEquals([net, env, run, ffi, sys], [false, false, false, false, false]);
  }
  const { read, write } = permissions("preprocess", { midi: "/music", data: "/elsewhere" });
  assertEquals(write, ["/elsewhere"].map((path) => resolve(path)));
  assertEquals(read, [...own, ...["/music", "/elsewhere"].map((path) => resolve(path))]);
  const measured = permissions("evaluate", { midi: "/unseen", generated: "/new/piece.mid" }).read;
  const beside = ["/unseen", "/new/piece.mid", "/new/piece.json"].map((path) => resolve(path));
  assertEquals(beside.filter((path) => !(measured as string[]).includes(path)), []);
  assertEquals(permissions("train", {}).write, [resolve("models")]);
  assertEquals(permissions("generate", {}).write, [resolve("data", "generated")]);
});

Deno.test({
  name: "What flags name by way of a link is read and written where the link leads",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (root) => {
      const real = join(root, "real"), link = join(root, "link");
      await Deno.mkdir(real);
      await Deno.symlink(real, link);
      await Deno.writeFile(join(real, "a.mid"), songOf([noteAt(60, 0, 1)]));
      const args = ["--midi", join(link, "a.mid"), "--name", "c", "--data", join(link, "data")];
      const { code, errors } = await run("preprocess", ...args);
      assertEquals(code, 0, errors);
      assertEquals(namesOf(join(real, "data", "corpora")), ["c"]);
    }),
});

/** The line by which a task refuses its flags: as a process, or by its command in this one. */
async function refusal(where: "process" | "here", task: string, ...args: string[]) {
  if (where === "process") {
    const { code, errors } = await run(task, ...args);
    assertEquals(code, 1);
    return errors;
  }
  const command = commands.find(({ name }) => name === task)!;
  const { message } = await assertRejects(async () => {
    await command.run(parseFlags(command, args), { confirm: () => Promise.resolve(false) });
  }, Error);
  return `Error: ${message}\n`;
}

Deno.test("Names that would lead out of their folder are refused in one line, with exit code 1", async () => {
  for (const [at, name] of ["../../x", "/etc/x", "a/b", "..", ""].entries()) {
    const args = ["train", "--corpus", "c", `--name=${name}`] as const;
    assertMatch(await refusal(at === 0 ? "process" : "here", ...args), /^Error: [^\n]*\n$/);
  }
});

Deno.test("Wrong flags and missing things are refused in one line, with exit code 1", async () => {
  const refused = async (problem: string, ...args: Parameters<typeof refusal>) => {
    const errors = await refusal(...args);
    assertMatch(errors, /^Error: [^\n]*\n$/);
    assertStringIncludes(errors, problem);
  };
  await refused("Unknown task", "process", "tarin");
  await refused("did you mean --epochs?", "here", "train", "--epoch", "3");
  await refused("deno task preprocess", "process", "train", "--corpus", "nothing", "--name", "x");
  await refused("does not exist", "here", "preprocess", "--midi", "/no/such/folder", "--name", "x");
  await refused("it does not exist", "here", "listen", "/no/such/file.mid");
});
