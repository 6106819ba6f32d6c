// What the process of a real task may do, launched as deno.json says: not what was computed for it.
import { assertEquals } from "@std/assert";
import { join, resolve } from "node:path";
import { commands } from "../../lib/cli/commands.ts";
import { runDeno } from "../cli/program.ts";
import { inFolder } from "../store/support.ts";

const BEFORE_MAIN = resolve("tests/trust/process/before_main.ts");
const tasks = JSON.parse(await Deno.readTextFile("deno.json")).tasks;

/** What the two threads of a task could do, by the task's own command line. */
async function rightsOf(task: string, args: string[], own: string, elsewhere: string) {
  const [variable, program, subcommand, ...rest] = tasks[task].command.split(" ");
  assertEquals([program, subcommand, rest.at(-1)], ["deno", "run", task]);
  const [name, value] = variable.split("=");
  const { errors: said } = await runDeno([subcommand, "--preload", BEFORE_MAIN, ...rest, ...args], {
    env: { [name]: value, INIT_CWD: JSON.stringify([own, elsewhere]) },
  });
  const rights = (who: string): string[] =>
    JSON.parse(new RegExp(`^${who}: (.*)$`, "m").exec(said)?.[1] ?? `"nothing of ${said}"`);
  return { main: rights("main"), phase: rights("phase") };
}

Deno.test("The process of a task may write what its flags name, read the program, and nothing else", () =>
  inFolder(async (root) => {
    const own = join(root, "own"), elsewhere = join(root, "elsewhere"), midi = join(root, "midi");
    for (const folder of [own, elsewhere, midi]) await Deno.mkdir(folder);
    await Deno.writeTextFile(join(elsewhere, "secret"), "");
    const data = ["--data", own], models = ["--models", own];
    const argsOf: Record<string, string[]> = {
      quickstart: [...data, ...models],
      preprocess: ["--midi", midi, "--name", "x", ...data],
      train: ["--corpus", "x", "--name", "x", ...data, ...models],
      generate: ["--model", "x", ...data, ...models],
      listen: [join(own, "x.mid")],
      score: [join(own, "x.mid")],
      evaluate: ["--model", "x", "--midi", midi, ...data, ...models],
      clean: [...data, ...models],
      beats: [join(own, "x.mid")],
      transcribe: [own, "--out", own],
      duet: ["--model", "x", ...data, ...models],
    };
    assertEquals(Object.keys(argsOf).sort(), commands.map(({ name }) => name).sort());
    for (const [task, args] of Object.entries(argsOf)) {
      const place = { generate: "generated", duet: "generated", evaluate: "evaluations" }[task] ??
        "";
      const folder = ["listen", "score", "beats", "transcribe"].includes(task)
        ? own
        : join(own, place);
      await Deno.mkdir(folder, { recursive: true });
      const { main, phase } = await rightsOf(task, args, folder, elsewhere);
      assertEquals([task, main], [task, []]);
      assertEquals([task, phase], [task, ["write what the flags name", "read the program"]]);
    }
  }));

Deno.test("No task lets Deno ask for a newer version of itself, which would look up a host", () => {
  for (const [name, { command }] of Object.entries<{ command: string }>(tasks)) {
    if (!command.includes("deno run ")) continue;
    assertEquals([name, command.split(" ")[0]], [name, "DENO_NO_UPDATE_CHECK=1"]);
  }
});
