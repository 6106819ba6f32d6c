import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { basename, join, resolve } from "node:path";
import { growthIn, growthPlot } from "../../bench/growth_plot.ts";
import { checkLosses, takeTurns } from "../../bench/partners.ts";
import { checkouts, type Row } from "../../bench/table.ts";
import { runDeno } from "../cli/program.ts";
import { somePieces } from "../starter/some.ts";

const bench = (...args: readonly string[]) =>
  runDeno([
    ...["run", "--no-prompt", "-P=bench", "--lock=deno.lock", resolve("bench/bench.ts")],
    ...["--least", ...args],
  ]);

Deno.test("A benchmark whose peer is not installed says so", async () => {
  const { code, out } = await bench("--rows", "pitchwise", "--python", "/nowhere/python3");
  assertEquals(code, 0);
  assertMatch(out, /not measured beside a peer: PyTorch is not installed for \/nowhere\/python3/);
});

Deno.test("A peer that computes something else is not measured", () => {
  const losses = (theirs: number) => new Map([["ours", [6.2, 6]], ["PyTorch", [6.2, theirs]]]);
  assertEquals(checkLosses(losses(6)), ["losses 6.20000, 6.00000 are those of PyTorch"]);
  assertThrows(() => checkLosses(losses(6.001)), Error, "Losses differ");
});

Deno.test("Processor time that a contestant does not state is not given as none", async () => {
  const answers: Record<string, number>[] = [{ seconds: 1 }, { seconds: 1, processorSeconds: 2 }];
  const asked = answers.map((answer, i) => ({
    name: `${i}`,
    partner: { ask: () => Promise.resolve(answer), close: () => Promise.resolve() },
  }));
  const options = { python: "", threads: 1, quick: false, least: true };
  const { measured } = await takeTurns(options, asked, [], "step", 2);
  assertEquals(measured.map(({ processorSeconds }) => processorSeconds), [undefined, [2, 2]]);
});

Deno.test("The picture of growth is that of the measured table", async () => {
  const measured = growthIn(await Deno.readTextFile("docs/measurements.md"));
  assertEquals(measured.length, 5);
  assertEquals(await Deno.readTextFile("docs/growth.svg"), await growthPlot(measured).svg());
});

Deno.test("Every row of the benchmark can be measured", async () => {
  const folder = await Deno.makeTempDir(), json = join(folder, "figures.json");
  await somePieces(join(folder, "midi"), 1);
  const { code, errors } = await bench("--midi", join(folder, "midi"), "--json", json);
  assertEquals(code, 0, errors);
  const { rows } = JSON.parse(await Deno.readTextFile(json));
  const measured = rows.map(({ work, measured, notes }: Row) => {
    const isMissing = notes.some((note) => note.includes("PyTorch is not installed"));
    assert(measured.length > 0 || isMissing, `${work}: ${notes}`);
    return work.split(/[ ,]+/, 2).join(" ").replace(/ \/.*/, "");
  });
  assertEquals(measured, [
    ...["training step", "generation 2", "generation 2", "training step"],
    ...["preprocess", "preprocess", "deno task", "deno task", "first frame"],
    ...["a new", "MIDI files", "reading one", "a vocabulary", "judging one"],
  ]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("Another checkout is measured in a line of its own, with the same music", async () => {
  const folder = await Deno.makeTempDir(), other = join(folder, "before");
  await Deno.symlink(resolve("."), other);
  const { code, out, errors } = await bench("--rows", "music", "--beside", other);
  assertEquals(code, 0, errors);
  assertMatch(out, /a new piece of 1 bars.*\n {2}ours .*\n {2}before .*ours is .* times as fast/);
  assertMatch(out, /\n {2}the same music\n/);
  await Deno.remove(folder, { recursive: true });
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
    const { code, errors } = await bench("--rows", "pitchwise", "--python", python);
    assertEquals(code, 1);
    assertMatch(errors, /Cannot measure the pitchwise network:\s.*no kernel/s);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test("A checkout has the name of its folder, however that is given", () => {
  const [, { name, folder } = { name: "", folder: "" }] = checkouts({ beside: "bench/.." });
  assertEquals([name, folder], [basename(resolve(".")), resolve(".")]);
});
