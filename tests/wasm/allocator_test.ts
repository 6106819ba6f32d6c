import { assert, assertEquals } from "@std/assert";
import { Random } from "../../lib/random.ts";
import { rangeAllocator } from "../../lib/wasm/allocator.ts";

Deno.test("rangeAllocator gives the lowest cache lines that are free, and says when there are none", () => {
  const { allocate, free, top } = rangeAllocator(128, 128 + 4 * 64);
  assertEquals([1, 64, 65].map(allocate), [128, 192, 256]);
  assertEquals(allocate(1), undefined);
  assertEquals(top(), 384);
  assert(free(192));
  assertEquals(allocate(0), 192);
  assertEquals([free(193), free(192), free(192)], [false, true, false]);
});

Deno.test("rangeAllocator joins neighbouring gaps, in whatever order they are given back", () => {
  for (const order of [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]) {
    const { allocate, free, top } = rangeAllocator(0, 3 * 64);
    const pieces = [64, 64, 64].map((bytes) => allocate(bytes)!);
    assertEquals(allocate(64), undefined);
    for (const index of order) free(pieces[index]!);
    assertEquals(top(), 0);
    assertEquals(allocate(3 * 64), 0, `given back in the order ${order}`);
  }
});

Deno.test("rangeAllocator grows behind its end, and joins what it gains", () => {
  const asked: number[] = [];
  const { allocate, top } = rangeAllocator(64, 64 + 128, (bytes) => {
    asked.push(bytes);
    return asked.length === 1 ? 256 : 0;
  });
  assertEquals([allocate(64), allocate(320), allocate(256)], [64, 128, undefined]);
  assertEquals([asked, top()], [[320, 256], 448]);
});

Deno.test("rangeAllocator's pieces never overlap, and all comes back, over thousands of random calls", () => {
  const bytes = 2 ** 16, { allocate, free, top } = rangeAllocator(0, bytes);
  const random = new Random(1), pieces: { at: number; end: number }[] = [];
  for (let call = 0; call < 5000; call++) {
    if (random.next() < 0.5 && pieces.length > 0) {
      free(pieces.splice(random.below(pieces.length), 1)[0]!.at);
      continue;
    }
    const size = random.below(4000), at = allocate(size);
    if (at === undefined) continue;
    const end = at + size;
    assert(at % 64 === 0 && end <= bytes && end <= top());
    assert(pieces.every((other) => end <= other.at || other.end <= at), `overlap at ${at}`);
    pieces.push({ at, end });
  }
  for (const { at } of pieces) free(at);
  assertEquals([top(), allocate(bytes)], [0, 0]);
});
