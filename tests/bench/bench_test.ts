import { assertEquals, assertMatch } from "@std/assert";
import { join, resolve } from "node:path";
import { runDeno } from "../cli/program.ts";

const bench = (python: string) =>
  runDeno([
    ...["run", "--no-prompt", "-P=bench", "--lock=deno.lock", resolve("bench/bench.ts")],
    ...["--rows", "pitchwise", "--quick", "--python", python],
  ]);

Deno.test("A benchmark whose peer is not installed says so", async () => {
  const { code, out } = await bench("/nowhere/python3");
  assertEquals(code, 0);
  assertMatch(out, /not measured beside a peer: PyTorch is not installed for \/nowhere\/python3/);
});

Deno.test({
  name: "A benchmark whose peer is installed but cannot be measured fails",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir(), python = join(folder, "python3");
    await Deno.writeTextFile(
      python,
      '#!/bin/sh\n[ "$1" = -c ] && exit 0\necho "no kernel" >&2\nexit 1\n',
    );
    await Deno.chmod(python, 0o755);
    const { code, errors } = await bench(python);
    assertEquals(code, 1);
    assertMatch(errors, /Cannot measure the pitchwise network:\s.*no kernel/s);
    await Deno.remove(folder, { recursive: true });
  },
});
