import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { preprocess } from "../../lib/phases/preprocess.ts";
import { buildStarter } from "../../lib/starter/build.ts";
import { noteAt, songOf } from "../midi/song.ts";
import { TASK } from "./program.ts";

const root = new URL("../../", import.meta.url);

Deno.test("No task asks for permissions: in a terminal Deno would, where it is silent elsewhere", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const commands = Object.values<{ command?: string }>(tasks).map(({ command }) => command ?? "");
  const programs = commands.filter((command) => / -P=/.test(command));
  assert(programs.length > 10);
  assertEquals(programs.filter((command) => !command.includes(" --no-prompt ")), []);
});

/** Starts a task of the command line. */
function start(...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [...TASK, ...args],
    cwd: root,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/**
 * Sends the signals one after the other, with time between them: else two become one.
 * @returns how many milliseconds that took, or undefined if it ended meanwhile
 */
async function send(child: Deno.ChildProcess, signals: readonly Deno.Signal[]) {
  const started = performance.now();
  try {
    for (const signal of signals) {
      child.kill(signal);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } catch {
    return undefined;
  }
  return performance.now() - started;
}

Deno.test({
  name:
    "One Ctrl-C, which comes twice through deno task, or a terminal that closes, stops a training, which says how to go on",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    const midi = join(folder, "midi"), data = join(folder, "data");
    await buildStarter({ out: midi });
    await preprocess({ midi, name: "small", data });
    const roots = ["--data", data, "--models", folder];
    for (let tries = 1;; tries++) {
      const how = ["--corpus", "small", "--model", "combination", "--minutes", "20"];
      const child = start("train", "--name", `model-${tries}`, ...how, ...roots);
      const ended = Promise.all([new Response(child.stdout).text(), child.status]);
      let said = "", took: number | undefined;
      for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
        const running = said.includes("epoch");
        said += text;
        if (!running && said.includes("epoch")) {
          took = await send(child, ["SIGINT", "SIGINT", "SIGHUP"]);
        }
      }
      const [output, { code }] = await ended;
      assertEquals(code, 130, said);
      // Where this process had to wait for the processor, it was more than one press.
      if (took !== undefined && took > 250 && tries < 20) continue;
      assertStringIncludes(output, "--resume");
      break;
    }
    await Deno.remove(folder, { recursive: true });
  },
});

/**
 * Starts an evaluation and presses Ctrl-C while its piece is being judged.
 * @returns how long it took to start, which tells how busy the machine is, and to end; undefined if
 *   it was through before the press
 */
async function stopJudging(midi: string, folder: string) {
  const started = performance.now();
  const roots = ["--data", folder, "--threads", "1"];
  const child = start("evaluate", "--model", "base", "--midi", midi, ...roots);
  const silence = child.stdout.cancel();
  let said = "", startSeconds = 0, stopped = 0, took: number | undefined;
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    said += text;
    if (stopped || !said.includes("read")) continue;
    startSeconds = (performance.now() - started) / 1000;
    await new Promise((resolve) => setTimeout(resolve, 1000 * startSeconds));
    stopped = performance.now(); // by now the piece is being judged, which takes far longer
    took = await send(child, ["SIGINT"]);
  }
  const { code } = await child.status;
  const seconds = (performance.now() - stopped) / 1000;
  await silence;
  assertEquals(code, took === undefined ? 0 : 130, said);
  if (took === undefined) return undefined;
  assertStringIncludes(said, "stopped by Ctrl-C");
  return { startSeconds, seconds };
}

Deno.test({
  name: "One Ctrl-C ends an evaluation within moments, in the midst of a long piece",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    const notes = Array.from({ length: 24_000 }, (_, i) => noteAt(40 + i * 7 % 40, i, 1));
    const midi = join(folder, "long.mid");
    await Deno.writeFile(midi, songOf(notes));
    const found: Awaited<ReturnType<typeof stopJudging>>[] = [];
    // Once is enough: whether the machine is busy with something else meanwhile is not ours to say.
    const soon = () => found.some((one) => one && one.seconds < 2 + 2 * one.startSeconds);
    while (found.length < 5 && !soon()) found.push(await stopJudging(midi, folder));
    await Deno.remove(folder, { recursive: true });
    assert(soon(), `seconds to start and to stop: ${JSON.stringify(found)}`);
  },
});
