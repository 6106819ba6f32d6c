import { assertEquals } from "@std/assert";
import { beatsOf, type Signature, usualSignature } from "../../lib/midi/metre.ts";

Deno.test("A bar's beats follow from its time signature", () => {
  const beats = (numerator: number, denominator: number) => beatsOf([numerator, denominator]);
  assertEquals(beats(3, 4), [1, 1, 1]);
  assertEquals(beats(2, 2), [2, 2]);
  assertEquals(beats(6, 8), [1.5, 1.5]);
  assertEquals(beats(9, 8), [1.5, 1.5, 1.5]);
  assertEquals(beats(12, 8), [1.5, 1.5, 1.5, 1.5]);
  assertEquals(beats(6, 16), [0.75, 0.75]);
  assertEquals(beats(3, 8), [1.5]);
  assertEquals(beats(4, 8), [1, 1]);
  assertEquals(beats(5, 8), [1, 1.5]);
  assertEquals(beats(7, 8), [1, 1, 1.5]);
  assertEquals(beats(1, 8), [0.5]);
  assertEquals(beats(1, 1), [4]);
  for (let numerator = 1; numerator < 40; numerator++) {
    for (const denominator of [2, 4, 8, 16]) {
      const sum = beats(numerator, denominator).reduce((a, b) => a + b, 0);
      assertEquals(sum, 4 * numerator / denominator);
    }
  }
});

Deno.test("Accents decide how bars of five, seven or eight eighths are grouped", () => {
  assertEquals(beatsOf([7, 8], [9, 1, 1, 8, 1, 7, 1]), [1.5, 1, 1]);
  assertEquals(beatsOf([7, 8], [9, 1, 8, 1, 1, 7, 1]), [1, 1.5, 1]);
  assertEquals(beatsOf([7, 8], [9, 5, 5, 5, 5, 5, 5]), [1, 1, 1.5]);
  assertEquals(beatsOf([5, 8], [9, 1, 1, 8, 1]), [1.5, 1]);
  assertEquals(beatsOf([8, 8], [9, 1, 1, 8, 1, 1, 8, 1]), [1.5, 1.5, 1]);
  assertEquals(beatsOf([8, 8], [9, 1, 8, 1, 9, 1, 8, 1]), [1, 1, 1, 1]);
});

Deno.test("A bar whose signature nobody says is written over 4, or over the smallest value it needs", () => {
  const all: [number, Signature][] = [[4, [4, 4]], [3, [3, 4]], [1.5, [3, 8]], [0.125, [1, 32]]];
  for (const [quarters, signature] of all) assertEquals(usualSignature(quarters), signature);
});
