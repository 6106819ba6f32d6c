import { assertEquals } from "@std/assert";
import { decodeText } from "../../lib/midi/text.ts";

const bytes = (hex: string) => Uint8Array.fromHex(hex);

Deno.test("Names are read in UTF-8, Shift-JIS, Windows-1251 and Latin-1", () => {
  const names: [string, string][] = [
    ["82b382ad82e7", "さくら"],
    ["83738341836d", "ピアノ"],
    ["8cb78a79", "弦楽"],
    ["8373834183 6d 31".replaceAll(" ", ""), "ピアノ1"],
    ["d4eef0f2e5efe8e0edee", "Фортепиано"],
    ["cfe8e0edee2031", "Пиано 1"],
    ["46fc7220456c697365", "Für Elise"],
    ["5072e96c756465", "Prélude"],
    ["c974756465", "Étude"],
    ["e974e9", "été"],
    ["43686f70696e927320", "Chopin’s"],
    ["e381bf", "み"],
    ["5069616e6f", "Piano"],
  ];
  for (const [hex, name] of names) assertEquals(decodeText(bytes(hex)), name);
});
