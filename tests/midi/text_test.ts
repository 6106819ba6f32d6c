import { assertEquals } from "@std/assert";
import { decodeText } from "../../lib/midi/text.ts";

const bytes = (hex: string) => Uint8Array.fromHex(hex);

Deno.test("Names are read in UTF-8, Shift-JIS, EUC-KR, GBK, Big5, KOI8-R, Windows-1251 and Latin-1", () => {
  const names: [string, string][] = [
    ["82b382ad82e7", "さくら"],
    ["83738341836d", "ピアノ"],
    ["8cb78a79", "弦楽"],
    ["8373834183 6d 31".replaceAll(" ", ""), "ピアノ1"],
    ["d4eef0f2e5efe8e0edee", "Фортепиано"],
    ["cfe8e0edee2031", "Пиано 1"],
    ["cbe5e2e0ff20f0f3eae0", "Левая рука"],
    ["cfc8c0cdce", "ПИАНО"],
    ["cff0e0e2e0ffd0f3eae0", "ПраваяРука"],
    ["f1eaf0e8efeae0", "скрипка"],
    ["f2cfd1ccd8", "Рояль"],
    ["f0d2c1d7c1d120d2d5cbc1", "Правая рука"],
    ["b8d6c7d9", "钢琴"],
    ["d3d2cad6", "右手"],
    ["d7f3cad62031", "左手 1"],
    ["b5cdd2f4", "低音"],
    ["d0a1cce1c7d92031", "小提琴 1"],
    ["c7c7bec6b3eb", "피아노"],
    ["bfc0b8a5bcd52031", "오른손 1"],
    ["bff9b1a420bcd2b3aac5b8", "월광 소나타"],
    ["bffbb55e", "鋼琴"],
    ["a56ba4e220312f32", "右手 1/2"],
    ["a4eba5faabb5bbefa6b1", "月光奏鳴曲"],
    ["c4707266656c20c4737465", "Äprfel Äste"],
    ["41e7e36f2065204361 6ee7e36f".replaceAll(" ", ""), "Ação e Canção"],
    ["c954c920c0", "ÉTÉ À"],
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
