import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { writeMidi } from "../../lib/midi/write.ts";
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

Deno.test({
  name: "One Ctrl-C ends an evaluation within moments, in the midst of a long piece",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    const notes = Array.from({ length: 15_000 }, (_, beat) => ({
      pitch: 40 + beat * 7 % 40,
      velocity: 80,
      startTicks: 480 * beat,
      endTicks: 480 * (beat + 1),
    }));
    const midi = join(folder, "long.mid");
    await Deno.writeFile(
      midi,
      writeMidi({
        notes,
        ticksPerBeat: 480,
        beatsPerMinute: 120,
        timeSignature: { numerator: 4, denominator: 4 },
        name: "long",
      }),
    );
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "-P=phase", "lib/cli/main.ts", "evaluate", "--model", "base"]
        .concat(["--midi", midi, "--data", folder, "--threads", "1"]),
      cwd: root,
      stdout: "null",
      stderr: "piped",
    }).spawn();
    let said = "", stopped = 0;
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      said += text;
      if (stopped || !said.includes("read")) continue;
      await new Promise((resolve) => setTimeout(resolve, 2000)); // by now the piece is being judged
      stopped = performance.now();
      child.kill("SIGINT");
    }
    const { code } = await child.status;
    const seconds = (performance.now() - stopped) / 1000;
    await Deno.remove(folder, { recursive: true });
    assertEquals(code, 130, said);
    assertStringIncludes(said, "stopped by Ctrl-C");
    assert(seconds < 3, `${seconds} s`); // a second, and what a busy machine takes
  },
});
