import { assertEquals, assertMatch } from "@std/assert";
import { nearDuplicates } from "../../lib/corpus/near_duplicates.ts";
import { knownAlready } from "../../lib/phases/train/training_music.ts";
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

Deno.test("training names the held-out pieces that nearly equal pieces it learns from", () => {
  const pieces = [melody("a", 1), melody("b", 2), melody("a higher", 1, 5)];
  const corpus = {
    grid: { unit: "beat", steps: 4, attacks: true },
    piece: (index: number) => pieces[index]!,
  } as const;
  assertEquals(knownAlready({ corpus, training: [0], heldOut: [1] }), []);
  const [warning = "", ...more] = knownAlready({ corpus, training: [0], heldOut: [1, 2] });
  assertMatch(warning, /^1 of the 2 held-out pieces is nearly the same .*: a higher \(a\)\./);
  assertEquals(more, []);
});
