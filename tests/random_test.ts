import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Random } from "../lib/random.ts";

Deno.test("Random goes on in the same sequence when its state went through JSON", () => {
  const random = new Random(2 ** 40 + 3);
  for (let i = 0; i < 100; i++) random.next();
  const copy = Random.from(JSON.parse(JSON.stringify(random.state())));
  for (let i = 0; i < 100; i++) assertEquals(copy.bits(), random.bits());
});

Deno.test("Random gives different sequences to neighbouring seeds and to seeds over 32 bits", () => {
  const first = [0, 1, -1, 2 ** 32, 2 ** 33].map((seed) => new Random(seed).bits());
  assertEquals(new Set(first).size, first.length);
});

Deno.test("Random.next is uniform over [0, 1) and below() over its integers", () => {
  const random = new Random(1);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i++) counts[random.below(10)]!++;
  for (const count of counts) assert(Math.abs(count - 10_000) < 500, `${counts}`);
});

Deno.test("Random.shuffle keeps all items and changes their order", () => {
  const items = Array.from({ length: 100 }, (_, i) => i);
  const shuffled = new Random(5).shuffle([...items]);
  assertNotEquals(shuffled, items);
  assertEquals(shuffled.toSorted((a, b) => a - b), items);
  assertThrows(
    () => {
      throw new RangeError("check of assertThrows itself");
    },
    RangeError,
    "itself",
  );
});
