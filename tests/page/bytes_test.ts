import { assertEquals, assertMatch } from "@std/assert";
import { bytesOf, packBytes, textOf, unpackBytes } from "../../lib/page/bytes.ts";
import { Random } from "../../lib/random.ts";

const random = new Random(1);
const someBytes = (length: number) => Uint8Array.from({ length }, () => random.below(256));

Deno.test("bytes of any number come back from a text that nothing in a page or a notebook escapes", () => {
  for (let length = 0; length < 60; length++) {
    for (const bytes of [someBytes(length), new Uint8Array(length).fill(255)]) {
      const text = textOf(bytes);
      assertMatch(text, /^[^"&<\\]*$/);
      assertEquals(JSON.stringify(text), `"${text}"`);
      assertEquals(bytesOf(text), bytes);
    }
  }
  assertEquals(textOf(someBytes(13_000)).length, 16_000); // base 64: 17,336
});

Deno.test("packed bytes are unpacked, and damaged ones are refused", async () => {
  const bytes = new TextEncoder().encode("da capo al fine ".repeat(100));
  const packed = await packBytes(bytes);
  assertEquals([await unpackBytes(packed), packed.length < 100], [bytes, true]);
  const refused = await unpackBytes(packed.replace(/.$/, "")).then(() => false, () => true);
  assertEquals(refused, true);
});
