import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { binomialAtMost, blindVerdict, chanceBounds } from "../../lib/evaluate/binomial.ts";
import { blindExcerpts } from "../../lib/evaluate/blind.ts";
import { Random } from "../../lib/random.ts";
import { blindPage } from "../../lib/show/blind.ts";
import { GRID, played } from "../harmony/music.ts";
import { findChromium, inBrowser } from "../notebooks/browser.ts";

Deno.test("the binomial distribution has its known values", () => {
  assertAlmostEquals(binomialAtMost(5, 10, 0.5), 638 / 1024, 1e-12);
  assertAlmostEquals(binomialAtMost(0, 4, 0.25), 0.75 ** 4, 1e-12);
  assertEquals([binomialAtMost(-1, 4, 0.3), binomialAtMost(4, 4, 0.3)], [0, 1]);
  assertEquals([binomialAtMost(2, 4, 0), binomialAtMost(2, 4, 1)], [1, 0]);
});

Deno.test("bounds are those of Clopper and Pearson", () => {
  const [low, high] = chanceBounds(8, 10, 0.025);
  assertAlmostEquals(low, 0.4439, 1e-4);
  assertAlmostEquals(high, 0.9748, 1e-4);
  assertEquals(chanceBounds(0, 5, 0.05)[0], 0);
  assertEquals(chanceBounds(5, 5, 0.05)[1], 1);
});

Deno.test("a verdict needs enough answers: one who guesses excludes 60 % with 155 in some four of five tests", () => {
  assert(blindVerdict(15, 30).includes("Too few answers"));
  assert(blindVerdict(25, 30).includes("You can tell them apart"));
  assert(blindVerdict(77, 155).includes("You do not tell them apart 60 % of the time"));
  assertEquals(blindVerdict(0, 0), "No answers yet.");
  const excluded = (all: number) => {
    let chance = 0;
    for (let right = 0; right <= all; right++) {
      if (chanceBounds(right, all, 0.05)[1] >= 0.6) break;
      chance = binomialAtMost(right, all, 0.5);
    }
    return chance;
  };
  assert(excluded(155) > 0.78, `${excluded(155)}`);
  assert(excluded(120) < 0.75, `${excluded(120)}`);
});

const pieceOf = (name: string, symbols: string) => ({ name, ...played(symbols) });
const LONG = Array(12).fill("C F").join(" "), SHORT = "C F G";

Deno.test("excerpts are whole bars, half of them of each side, in an order that the seed decides", () => {
  const real = [pieceOf("a", LONG), pieceOf("b", LONG), pieceOf("short", SHORT)];
  const generated = [pieceOf("m", LONG)];
  const excerpts = blindExcerpts(real, generated, GRID, 10, new Random(3));
  assertEquals(excerpts.filter(({ isGenerated }) => isGenerated).length, 5);
  assert(excerpts.every(({ piece }) => piece.frames.length === 8 * 16 && piece.name !== "short"));
  assertEquals(new Set(excerpts.map(({ piece }) => piece.name)), new Set(["a", "b", "m"]));
  assertEquals(new Set(excerpts.map(({ piece, bar }) => `${piece.name} ${bar}`)).size, 10);
  const again = blindExcerpts(real, generated, GRID, 10, new Random(3));
  assertEquals(again, excerpts);
  const other = blindExcerpts(real, generated, GRID, 10, new Random(4));
  assert(JSON.stringify(other) !== JSON.stringify(excerpts));
  const short = () => blindExcerpts(real, [pieceOf("m", SHORT)], GRID, 4, new Random(1));
  assertThrows(short, Error, "no generated piece has 8 bars");
});

const SOUNDS = [true, false, true, false].map((isGenerated, at) => ({
  piece: `piece </script> ${at}`,
  bar: at + 1,
  isGenerated,
  mp3: Uint8Array.of(1, 2, 3),
}));

const chromium = await findChromium();

Deno.test({
  name: "the page hides who made what until the result, keeps answers, and gives them as JSON",
  ignore: chromium === undefined,
  fn: async () => {
    const file = await Deno.makeTempFile({ suffix: ".html" });
    try {
      await Deno.writeTextFile(file, blindPage(SOUNDS, "Who & what?", "test"));
      await inBrowser(chromium!, `file://${file}`, async (page) => {
        await page.until(`document.getElementById("place").textContent === "Excerpt 1 of 4"`);
        const hidden = (id: string) => page.evaluate(`document.getElementById("${id}").hidden`);
        assertEquals([await hidden("verdict"), await hidden("answers"), await hidden("save")], [
          true,
          true,
          true,
        ]);
        assertEquals(await page.evaluate(`document.body.innerText.includes("piece")`), false);
        await page.evaluate(`document.getElementById("model").click()`);
        await page.evaluate(`document.getElementById("model").click()`);
        await page.evaluate(`location.reload()`);
        await page.until(`document.getElementById("place")?.textContent === "Excerpt 3 of 4"`);
        await page.evaluate(`document.getElementById("model").click()`);
        await page.evaluate(`document.getElementById("person").click()`);
        await page.until(`!document.getElementById("verdict").hidden`);
        const verdict = await page.evaluate<string>(
          `document.getElementById("verdict").textContent`,
        );
        assertEquals(verdict, blindVerdict(3, 4));
        const saved = await page.evaluate<
          { right: number; answers: { right: boolean; piece: string }[] }
        >(
          `fetch(document.getElementById("save").href).then((answer) => answer.json())`,
        );
        assertEquals(saved.right, 3);
        assertEquals(saved.answers.map(({ right }) => right), [true, false, true, true]);
        assertEquals(saved.answers[0]!.piece, "piece </script> 0");
        await page.evaluate(`document.getElementById("again").click()`);
        await page.until(`document.getElementById("place").textContent === "Excerpt 1 of 4"`);
        assertEquals(await hidden("choice"), false);
      });
    } finally {
      await Deno.remove(file);
    }
  },
});
