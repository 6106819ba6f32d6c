import { assert, assertEquals } from "@std/assert";
import { fuzz } from "../../tools/fuzz/fuzz.ts";
import { makeInput } from "../../tools/fuzz/inputs.ts";
import { randomPiece } from "../../tools/fuzz/music.ts";
import { fuzzTargets } from "../../tools/fuzz/targets.ts";
import { writeMidi } from "../../lib/midi/write.ts";
import { Random } from "../../lib/random.ts";

const good = Array.from({ length: 5 }, (_, i) => writeMidi(randomPiece(new Random(i))));

Deno.test("makeInput makes the same input for the same seed and number, and others for others", () => {
  for (let index = 0; index < 50; index++) {
    assertEquals(makeInput(3, index, good), makeInput(3, index, good));
  }
  const texts = Array.from({ length: 500 }, (_, index) => String(makeInput(4, index, good).bytes));
  assert(new Set(texts).size > 450);
});

Deno.test("every target gives a verdict on 600 inputs", async () => {
  const verdicts = { used: 0, repaired: 0, skipped: 0 };
  for (let index = 0; index < 600; index++) {
    for (const target of fuzzTargets) verdicts[await target.check(makeInput(1, index, good))]++;
  }
  assert(Object.values(verdicts).every((count) => count > 20));
});

Deno.test("fuzz keeps inputs that bring out a mistake or a hang, and goes on after them", async () => {
  const failures = await Deno.makeTempDir();
  const targets = new URL("failing_targets.ts", import.meta.url).href;
  try {
    const summary = await fuzz({
      inputs: 150,
      minutes: 10,
      hangSeconds: 0.5,
      failures,
      targets,
    });
    const kept = summary.failures.map(({ file }) => file.slice(failures.length + 1));
    assert(kept.some((file) => /^failing-noise-0-\d+\.mid$/.test(file)), `${kept}`);
    assert(kept.some((file) => /^hang-\w+-0-\d+\.mid$/.test(file)), `${kept}`);
    assertEquals(new Set(kept).size, [...Deno.readDirSync(failures)].length);
    assertEquals(summary.inputs, 150);
  } finally {
    await Deno.remove(failures, { recursive: true });
  }
});
