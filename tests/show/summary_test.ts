import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { JUPYTER_DISPLAY, shown } from "../../lib/show/summary.ts";
import { verdictTable } from "../../lib/show/verdicts.ts";
import { durationText, numberText } from "../../lib/show/text.ts";

const table = {
  title: 'Corpus "bach"',
  rows: [["files", "12"], ["skipped", "<script>alert(1)</script>.mid\x1b[2J"]] as const,
};

Deno.test("A shown summary compares equal to its data and is written to JSON as its data", () => {
  const data = { files: 12, skipped: ["a.mid"] };
  const summary = shown(data, table);
  assertEquals<object>(summary, data);
  assertEquals(JSON.stringify(summary), JSON.stringify(data));
});

Deno.test("A shown summary prints aligned lines that cannot steer the terminal", () => {
  assertEquals(
    `${shown({}, table)}`,
    'Corpus "bach"\n  files    12\n  skipped  <script>alert(1)</script>.mid\ufffd[2J',
  );
});

Deno.test("A shown summary gives a cell a table in which text is never markup", () => {
  const bundle = shown({}, table)[JUPYTER_DISPLAY]();
  const html = bundle["text/html"] as string;
  assert(!html.includes("<script>"));
  assertStringIncludes(html, "&#60;script&#62;");
  assertStringIncludes(html, "<table");
  assertStringIncludes(bundle["text/plain"] as string, "files    12");
});

Deno.test("A duration is said in the two largest units that matter", () => {
  const texts = [0, 8.4, 59.6, 80, 3599, 7500].map(durationText);
  assertEquals(texts, ["0 s", "8 s", "1 min 0 s", "1 min 20 s", "59 min 59 s", "2 h 5 min"]);
});

Deno.test("A table of verdicts puts what wants attention first and stays short", () => {
  const used = Array.from({ length: 150 }, (_, i) => ({
    file: `song-${i}.mid`,
    verdict: "used" as const,
    reason: "piano",
    notes: 1200,
    frames: 900,
  }));
  const skipped = {
    file: "<b>.mid",
    verdict: "skipped" as const,
    reason: "no notes",
    notes: 0,
    frames: 0,
  };
  const table = verdictTable([...used, skipped], { most: 20 });
  const lines = `${table}`.split("\n");
  assertEquals(lines.length, 21);
  assertEquals(lines[0]?.startsWith("<b>.mid"), true);
  assertEquals(lines[20], "and 131 more, all in report.json");
  const html = table[JUPYTER_DISPLAY]()["text/html"] as string;
  assert(!html.includes("<b>") && html.length < 80_000);
  assertEquals(html.match(/<tr>/g)?.length, 152); // all, in a box that scrolls
  assertStringIncludes(html, "overflow:auto");
});

Deno.test("numberText writes numbers as the locale does", () => {
  for (const number of [0, 12, -123, 1234, -1234, 123_645, 1e15, 1234.5]) {
    assertEquals(numberText(number), number.toLocaleString("en-US"));
  }
});
