import { assert, assertEquals, assertThrows } from "@std/assert";
import { drawIndex } from "../../lib/model/sampling.ts";
import { Random } from "../../lib/random.ts";

const all = { temperature: 1, topK: 0, topP: 1 };
const logits = Float32Array.of(Math.log(0.5), Math.log(0.3), Math.log(0.2), -Infinity);

function shares(sampling: typeof all, excluded?: number): number[] {
  const random = new Random(11), counts = [0, 0, 0, 0];
  for (let i = 0; i < 20_000; i++) counts[drawIndex(logits, sampling, random, excluded)]!++;
  return counts.map((count) => count / 20_000);
}

function assertShares(actual: number[], expected: number[]): void {
  for (const [i, share] of expected.entries()) {
    assert(Math.abs(actual[i]! - share) < 0.015, `${actual} is not ${expected}`);
    if (share === 0) assertEquals(actual[i], 0);
  }
}

Deno.test("drawIndex draws with the probabilities of the logits", () => {
  assertShares(shares(all), [0.5, 0.3, 0.2, 0]);
});

Deno.test("drawIndex sharpens and flattens with the temperature", () => {
  const square = [0.25, 0.09, 0.04].map((p) => p / 0.38);
  assertShares(shares({ ...all, temperature: 0.5 }), [...square, 0]);
  assertShares(shares({ ...all, temperature: 1e-6 }), [1, 0, 0, 0]);
});

Deno.test("drawIndex keeps to the top k and to the nucleus", () => {
  assertShares(shares({ ...all, topK: 2 }), [0.625, 0.375, 0, 0]);
  assertShares(shares({ ...all, topP: 0.5 }), [1, 0, 0, 0]);
  assertShares(shares({ ...all, topP: 0.51 }), [0.625, 0.375, 0, 0]);
});

Deno.test("drawIndex leaves out what is excluded, unless there is nothing else", () => {
  assertShares(shares(all, 0), [0, 0.6, 0.4, 0]);
  assertEquals(drawIndex(Float32Array.of(1, -Infinity), all, new Random(1), 0), 0);
});

Deno.test("drawIndex refuses logits without a number", () => {
  assertThrows(() => drawIndex(Float32Array.of(NaN, -Infinity), all, new Random(1)), RangeError);
});
