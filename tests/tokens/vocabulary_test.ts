import { assert, assertEquals, assertThrows } from "@std/assert";
import { decodeCombination, encodeCombination } from "../../lib/tokens/combination.ts";
import { Vocabulary } from "../../lib/tokens/vocabulary.ts";
import { VocabularyBuilder } from "../../lib/tokens/vocabulary_builder.ts";

const vocabulary = Vocabulary.fromCounts(
  new Map([["60", 5], ["60,64,67", 9], ["", 2], ["48~,60", 5]]),
);

Deno.test("Vocabulary reserves id 0 for the rest and orders the others by count, then text", () => {
  assertEquals([0, 1, 2, 3].map((id) => vocabulary.text(id)), ["", "60,64,67", "48~,60", "60"]);
  assertEquals([0, 1, 2, 3].map((id) => vocabulary.count(id)), [2, 9, 5, 5]);
  const empty = Vocabulary.fromCounts(new Map());
  assertEquals([empty.size, empty.id([]), empty.count(0)], [1, 0, 0]);
});

Deno.test("Vocabulary goes through its text and back", () => {
  const copy = Vocabulary.fromText(vocabulary.toText());
  assertEquals(copy.toText(), vocabulary.toText());
  assertEquals(copy.id([48 + 128, 60]), 2);
});

Deno.test("Vocabulary refuses damaged text and says where", () => {
  assertThrows(() => Vocabulary.fromText("rest\t1\n60 4\n"), Error, "line 2");
  assertThrows(() => Vocabulary.fromText("60\t1\n"), Error, "rest");
  assertThrows(() => Vocabulary.fromText("rest\t1\n60\t1\n60\t1\n"), Error, "twice");
  assertThrows(() => Vocabulary.fromText("rest\t1\n64,60\t1\n"), Error, "ascend");
  assertThrows(() => Vocabulary.fromText("rest\t1\n200\t1\n"), Error, "not a pitch");
});

Deno.test("Vocabulary.nearest finds the combination with the least way to go", () => {
  assertEquals(vocabulary.text(vocabulary.nearest([61])), "60");
  assertEquals(vocabulary.text(vocabulary.nearest([60, 63, 67])), "60,64,67");
  assertEquals(vocabulary.text(vocabulary.nearest([48, 60])), "48~,60");
  assertEquals(vocabulary.nearest([60]), vocabulary.id([60]));
});

Deno.test("VocabularyBuilder maps provisional ids to final ones", () => {
  const builder = new VocabularyBuilder();
  const ids = builder.numbers([[60], [62], [62], []]);
  builder.count(ids);
  const { vocabulary, finalIds } = builder.finish();
  assertEquals([...ids].map((id) => vocabulary.text(finalIds[id]!)), ["60", "62", "62", ""]);
  assertEquals(vocabulary.id([62]), 1);
});

Deno.test("A combination's text is canonical and holds every frame", () => {
  for (const frame of [[], [0], [127], [128], [48 + 128, 60, 127 + 128]]) {
    assertEquals(decodeCombination(encodeCombination(frame)), frame);
  }
  assert(encodeCombination([188, 64]) === "60~,64");
});

Deno.test("VocabularyBuilder refuses what would make it too large, and is as it was before", () => {
  const builder = new VocabularyBuilder(4);
  builder.count(builder.numbers([[60], [61], [60]]));
  const all = Array.from({ length: 40 }, (_, pitch) => pitch);
  for (const frames of [[[62], [63]], [all]]) {
    assertThrows(() => builder.numbers(frames), Error, "would have more than 4 combinations");
  }
  builder.count(builder.numbers([[62]]));
  assertEquals(builder.finish().vocabulary.toText(), "rest\t0\n60\t2\n61\t1\n62\t1\n");
});
