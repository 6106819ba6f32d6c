import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { parseFlags } from "../../lib/cli/command.ts";
import { commands } from "../../lib/cli/commands.ts";
import { programFolder } from "../../lib/program.ts";
import { personsPaths } from "../../lib/cli/working_directory.ts";
import { nextStep } from "../../lib/show/next_step.ts";
import { exists } from "../../lib/store/files.ts";
import { somePieces } from "../starter/some.ts";
import { atHomeIn } from "../store/support.ts";
import { runDeno, TASK } from "./program.ts";

const run = (options: Deno.CommandOptions, ...args: string[]) =>
  runDeno([...TASK, ...args], { cwd: programFolder(), ...options });

Deno.test("A task reads and prints paths as seen from where the person stands, ~ as their home", async () => {
  const home = await Deno.makeTempDir();
  const here = join(home, "a b");
  await somePieces(join(here, "songs"), 1);
  const { denoDir } = JSON.parse((await runDeno(["info", "--json"])).out);
  const env = { INIT_CWD: here, HOME: home, DENO_DIR: denoDir }; // else it has an empty one, in this home
  for (const midi of ["songs", "~/a b/songs"]) {
    const args = [`--midi=${midi}`, "--name", "mine", "--data", "my data", "--models=../m"];
    const { code, out, errors } = await run({ env }, "preprocess", ...args);
    assertEquals(code, 0, errors);
    const [, report] = /report +(.*)/.exec(out) ?? [];
    assertEquals(report, join("my data", "corpora", "mine", "1", "report.json"));
    assert(await exists(join(here, report!)));
  }
  const missing = await run({ env }, "train", "--corpus", "none", "--name", "x");
  assertStringIncludes(missing.errors, "corpora");
  await Deno.remove(home, { recursive: true });
});

Deno.test("Without --data and --models a task uses the project's, wherever the person stands", () => {
  const train = commands.find(({ name }) => name === "train")!;
  const values = parseFlags(train, ["--corpus", "c", "--name", "n", "--models", "~"]);
  const home = join("homes", "me");
  const there = atHomeIn(home, () => personsPaths(train, values, join(programFolder(), "tests")));
  assertEquals([there.data, there.models], [join("..", "data"), home]);
  assertEquals(personsPaths(train, { corpus: "c" }, programFolder()), { corpus: "c" });
});

Deno.test("Every task that calls a phase takes --data and --models", () => {
  const taken = commands.map(({ name, flags }) => [
    name,
    flags.filter((flag) => ["data", "models"].includes(flag.name)).length,
  ]);
  assertEquals(taken.filter(([, count]) => count !== 2), []);
});

Deno.test("The next step is a command that a shell takes as it is meant, and code in a notebook", async () => {
  const roots = { data: "data", models: "/my models" };
  assertEquals(
    nextStep("train", { corpus: "mine", name: "mine", resume: true }, {}, false),
    "deno task train --corpus mine --name mine --resume",
  );
  assertEquals(
    nextStep("train", { corpus: "it's", stepsPerBeat: 4, resume: true }, roots, true),
    'await train({ corpus: "it\'s", stepsPerBeat: 4, resume: true, models: "/my models" })',
  );
  assertEquals(nextStep("listen", { _: "a b.mid" }, {}, true), 'await listen({ midi: "a b.mid" })');
  if (Deno.build.os === "windows") return;
  const command = nextStep("generate", { model: "it's $HOME", seed: 2 }, roots, false);
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", command.replace("deno task", "printf '%s|'")],
  }).output();
  assertEquals(
    new TextDecoder().decode(stdout),
    "generate|--model|it's $HOME|--seed|2|--models|/my models|",
  );
});
