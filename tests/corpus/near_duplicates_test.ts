import { assertEquals } from "@std/assert";
import { nearDuplicates } from "../../lib/corpus/near_duplicates.ts";
import { Random } from "../../lib/random.ts";
import type { Piece } from "../../lib/tokens/piece.ts";

function melody(name: string, seed: number, up = 0): Piece {
  const random = new Random(seed);
  const frames = Array.from({ length: 80 }, () => [60 + up + random.below(12)]);
  return { name, frames, metres: [] };
}

Deno.test("Pieces that share most passages with others are found, in any key, and no others", () => {
  const others = [melody("a", 1), melody("b", 2)];
  const again = melody("a with another note", 1, 5);
  const changed = { ...again, frames: again.frames.with(40, [90]) };
  assertEquals(nearDuplicates([changed, melody("c", 3)], others, true), [
    { name: "a with another note", like: "a" },
  ]);
  assertEquals(nearDuplicates([], others, true), []);
});
