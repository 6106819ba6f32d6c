import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { croppedPage } from "../../lib/show/pages.ts";

/** A page as Verovio writes it, with a staff line at this height. */
const page = (y: number) =>
  `<svg width="840px" height="1188px"><svg class="definition-scale" viewBox="0 0 21000 29700">` +
  `<g class="page-margin" transform="translate(1200, 1000)"><path d="M0 ${y} L500 ${y}"/></g>` +
  `</svg></svg>`;

Deno.test("A page in a cell ends below its last staff, at the same scale", () => {
  const svg = croppedPage(page(4740));
  assertStringIncludes(svg, 'viewBox="0 0 21000 7000"'); // 1000 + 4740 + 0.06 of 21000
  const [, height] = /height="([\d.]+)px"/.exec(svg)!;
  assert(Math.abs(Number(height) - 1188 * 7000 / 29700) < 1e-6);
});

Deno.test("A full page stays as it is, and so does what is no page", () => {
  assertEquals(croppedPage(page(28_000)), page(28_000));
  assertEquals(croppedPage("<svg></svg>"), "<svg></svg>");
});
