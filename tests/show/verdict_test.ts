import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Evaluation } from "../../lib/evaluate/report.ts";
import { JUPYTER_DISPLAY, shown } from "../../lib/show/summary.ts";
import { verdict } from "../../lib/show/verdict.ts";

const nats = (natsPerFrame: number | null) => ({
  natsPerFrame,
  natsPerNote: null,
  unseenShare: null,
});

const read = { path: "a", primerFrames: 0, pieces: 1, frames: 1, notes: 1, skipped: [] };

/** An evaluation as far as its verdict goes by it. */
function evaluated(
  loss: number | null,
  copied: number,
  area: number | null,
  more: object = {},
): Evaluation {
  const copying = (copiedShare: number) => ({ copiedShare });
  return {
    ...nats(loss),
    music: { generated: read, heldOut: read },
    baselines: {
      independent: nats(9),
      transitions: nats(7),
      repeat: nats(null),
      ngram: nats(Math.log(200)),
    },
    copying: { generated: copying(copied), heldOut: copying(0.02) },
    critic: {
      generated: {
        told: area === null ? null : { area, from: area, to: area },
        features: [{ words: "leaps", judged: 0.2, usual: 0.1 }],
      },
    },
    ...more,
  } as unknown as Evaluation;
}

Deno.test("A verdict says in three sentences what the numbers come to", () => {
  const [foresight, copies, telling] = verdict(evaluated(Math.log(10), 0.02, 0.66));
  assertStringIncludes(foresight!, "better than every baseline");
  assertStringIncludes(foresight!, "one of 10 equally likely choices");
  assertStringIncludes(foresight!, "(n-grams (Kneser–Ney)) as by one of 200");
  assertStringIncludes(copies!, "no more than human music does");
  assertMatch(
    telling!,
    /often tells .*66 of 100 times.* most telling: leaps \(0.2 instead of 0.1\)/,
  );
});

Deno.test("A verdict turns with the numbers, and says what is not known", () => {
  const [foresight, copies, telling] = verdict(evaluated(6, 0.5, 0.4));
  assertStringIncludes(foresight!, "worse than some baselines (n-grams (Kneser–Ney))");
  assertStringIncludes(copies!, "more than human music does");
  assertStringIncludes(telling!, "hardly tells");
  assertStringIncludes(telling!, "(50 of 100"); // under one half is chance, too
  assertStringIncludes(verdict(evaluated(20, 0, 1))[0]!, "worse than every");
  assertStringIncludes(verdict(evaluated(null, 0, 1))[0]!, "probability zero");
  const unknown = evaluated(null, 0, null, { music: { generated: read, heldOut: null } });
  assertStringIncludes(verdict(unknown)[0]!, "was not measured");
  assertStringIncludes(verdict(unknown)[2]!, "was not measured");
});

Deno.test("A table with a verdict shows it first, and folds its numbers in a cell", () => {
  const table = { title: "Judged", verdict: ["It is <good>."], rows: [["loss", "1.5"]] } as const;
  const summary = shown({}, table);
  assertEquals(`${summary}`, "Judged\n  It is <good>.\n  loss  1.5");
  const html = summary[JUPYTER_DISPLAY]()["text/html"] as string;
  assert(html.indexOf("It is &#60;good&#62;.") < html.indexOf("<details>"));
  assert(html.indexOf("<details>") < html.indexOf("1.5"));
});
