import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { preprocess } from "../../lib/phases/preprocess.ts";
import { buildStarter } from "../../lib/starter/build.ts";

const root = new URL("../../", import.meta.url);

Deno.test("No task asks for permissions: in a terminal Deno would, where it is silent elsewhere", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const commands = Object.values<{ command?: string }>(tasks).map(({ command }) => command ?? "");
  const programs = commands.filter((command) => / -P=/.test(command));
  assert(programs.length > 10);
  assertEquals(programs.filter((command) => !command.includes(" --no-prompt ")), []);
});

Deno.test({
  name:
    "One Ctrl-C, which comes twice through deno task, or a terminal that closes, stops a training, which says how to go on",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    const midi = join(folder, "midi"), data = join(folder, "data");
    await buildStarter({ out: midi });
    await preprocess({ midi, name: "small", data });
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "-P=phase", "lib/cli/main.ts", "train", "--corpus", "small"]
        .concat([
          "--name",
          "model",
          "--model",
          "combination",
          "--minutes",
          "2",
          "--data",
          data,
          "--models",
          folder,
        ]),
      cwd: root,
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const ended = Promise.all([
      new Response(child.stdout).text(),
      child.status,
    ]);
    let complaint = "";
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      const running = complaint.includes("epoch");
      complaint += text;
      if (running || !complaint.includes("epoch")) continue;
      for (const signal of ["SIGINT", "SIGINT", "SIGHUP"] as const) {
        try {
          child.kill(signal);
        } catch {
          break; // it was quick, and has ended
        }
        await new Promise((resolve) => setTimeout(resolve, 20)); // else two become one
      }
    }
    const [output, { code }] = await ended;
    await Deno.remove(folder, { recursive: true });
    assertEquals(code, 130, complaint);
    assertStringIncludes(output, "--resume");
  },
});
