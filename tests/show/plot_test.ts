import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { distributions, pitchPlot, polyphonyPlot } from "../../lib/show/distribution.ts";
import { criticPlot } from "../../lib/show/critic.ts";
import { likelihoodPlot } from "../../lib/show/evaluation.ts";
import { gainPlot } from "../../lib/show/gain.ts";
import { lossPlot } from "../../lib/show/loss.ts";
import { pitchName } from "../../lib/show/notes.ts";
import { barLines, pianoRoll } from "../../lib/show/piano_roll.ts";
import { planRoll } from "../../lib/show/plan_roll.ts";
import { type Plot, VEGA_LITE_MIME_TYPE } from "../../lib/show/plot.ts";
import { structurePlot } from "../../lib/show/structure.ts";
import { countedOf, statisticsOf } from "../../lib/evaluate/statistics.ts";
import { planOf } from "../../lib/tokens/plan_of.ts";
import { FIRST, INK, SECOND, theme, UNSEEN } from "../../lib/show/theme.ts";
import { JUPYTER_DISPLAY } from "../../lib/show/summary.ts";
import { vocabularyPlot } from "../../lib/show/vocabulary.ts";
import { Random } from "../../lib/random.ts";
import { HELD } from "../../lib/tokens/frame.ts";
import type { Grid, Piece } from "../../lib/tokens/piece.ts";
import { withVariable } from "../store/support.ts";
import { assertWellFormed } from "./xml.ts";

const grid: Grid = { unit: "beat", steps: 4, attacks: true };

function music(name: string, frames: number): Piece {
  const random = new Random(5);
  return {
    name,
    frames: Array.from({ length: frames }, (_, t) => {
      const bass = 36 + 12 * (Math.floor(t / 8) % 2);
      return [t % 8 === 0 ? bass : bass + HELD, 60 + random.below(24)];
    }),
    metres: [{ frame: 0, stepsPerBar: 16, phase: 12 }],
  };
}

const set = (name: string, frames: number) => ({
  name,
  pieces: [music("a", frames)],
  attacks: true,
});

const zipf = Array.from({ length: 120_000 }, (_, i) => Math.max(1, Math.floor(9000 / (i + 1))));

const nats = (natsPerFrame: number | null) => ({
  natsPerFrame,
  natsPerNote: null,
  unseenShare: null,
});

const evaluated = {
  model: "<i>starter</i>",
  natsPerFrame: 3.2,
  base: null,
  baselines: {
    independent: nats(9),
    transitions: nats(7),
    repeat: nats(null),
    ngram: nats(5.1),
  },
};

const statistics = statisticsOf([countedOf(music("a", 200), grid)]);

const planned = {
  piece: music("made", 100),
  primerFrames: 0,
  plan: planOf(music("made", 100), grid),
  seconds: 25,
};

const critique = {
  told: { area: 0.912, from: 0.9, to: 0.92 },
  features: Array.from({ length: 70 }, (_, i) => ({
    name: `${i}`,
    words: `share of <b>notes</b> number ${i}`,
    weight: 0,
    alone: i % 2 === 0 ? 1 - i / 140 : i / 140,
    judged: i === 3 ? null : i / 7,
    usual: 1234.5,
  })),
};

const plots: Record<string, Plot> = {
  pianoRoll: pianoRoll(music("nocturne", 400), { grid, primerFrames: 40 }),
  pianoRollInSeconds: pianoRoll({ ...music("étude", 100), metres: [] }, {
    grid: { unit: "second", steps: 24, attacks: false },
  }),
  pianoRollOfNothing: pianoRoll({ name: "rest", frames: [], metres: [] }, { grid }),
  pitch: pitchPlot(set("starter", 400)),
  pitchOfNothing: pitchPlot({ name: "nothing", pieces: [], attacks: true }),
  polyphony: polyphonyPlot(set("starter", 400)),
  vocabulary: vocabularyPlot({ size: zipf.length, count: (id) => zipf[id] ?? 0 }),
  vocabularyOfOne: vocabularyPlot({ size: 1, count: () => 3 }),
  loss: lossPlot({
    steps: Array.from({ length: 10_000 }, (_, i) => ({
      step: i + 1,
      loss: 5 - i / 3000,
      learningRate: 1e-3,
    })),
    epochs: Array.from({ length: 10 }, (_, i) => ({
      step: 1000 * (i + 1),
      loss: 4.8 - i / 3,
      heldOutLoss: 5.5 - i / 5,
    })),
  }),
  gain: gainPlot({ name: "<i>mine</i>", before: { name: "base", loss: 1.5 }, now: 1.25 }),
  likelihood: likelihoodPlot(evaluated),
  structure: structurePlot({
    statistics: { training: statistics, generated: statistics, heldOut: statistics },
  }),
  structureOfNothing: structurePlot({
    statistics: { training: null, generated: null, heldOut: null },
  }),
  planRoll: planRoll(planned, { bar: 2 }),
  planRollWithoutPlan: planRoll({ ...planned, plan: null }),
  critic: criticPlot(critique),
  criticOfNothing: criticPlot(null),
  likelihoodOfNothing: likelihoodPlot({ ...evaluated, natsPerFrame: null, baselines: null }),
  lossOfNothing: lossPlot({ steps: [], epochs: [] }),
};

for (const [name, plot] of Object.entries(plots)) {
  Deno.test(`The plot ${name} is a small bundle of well-formed SVG, an image for any page and a line`, async () => {
    const bundle = await plot[JUPYTER_DISPLAY]();
    assertEquals(Object.keys(bundle), ["image/svg+xml", "text/html", "text/plain"]);
    assertMatch(
      bundle["text/html"] as string,
      /^<img alt="[^"]+" src="data:image\/svg\+xml;base64,/,
    );
    const svg = bundle["image/svg+xml"] as string;
    assertWellFormed(svg);
    assert(!svg.includes("NaN") && !svg.includes("undefined") && !svg.includes("Infinity"));
    assert(JSON.stringify(bundle).length < 100_000, `${JSON.stringify(bundle).length} characters`);
    assert(!(bundle["text/plain"] as string).includes("\n"));
  });
}

Deno.test("A file's name in a plot is text, never markup", async () => {
  const name = `music/<script>alert("1")<script>&amp;\x1b[2J`;
  const plot = pianoRoll({ ...music("", 30), name }, { grid });
  const svg = await plot.svg();
  assertWellFormed(svg);
  assert(!svg.includes("<script"));
  assertStringIncludes(svg, "&#60;script&#62;");
  assert(!svg.includes("music/"), "a path in the title");
  assert(!plot.text.includes("\x1b"));
});

/** Width at which a plot is still readable in a window of 700 pixels. */
const MOST_WIDTH = 740;

Deno.test("Under JupyterLab a plot brings Vega-Lite, with tooltips, and no HTML, which would hide it", async () => {
  await withVariable("JPY_SESSION_NAME", "a.ipynb", async () => {
    const bundle = await plots.pianoRoll![JUPYTER_DISPLAY]();
    assertEquals(Object.keys(bundle), [
      VEGA_LITE_MIME_TYPE,
      "image/svg+xml",
      "text/markdown",
      "text/plain",
    ]);
    // Drawn as SVG, it shrinks with its cell; a plot that follows its container hangs the page.
    const { usermeta } = bundle[VEGA_LITE_MIME_TYPE] as { readonly usermeta: object };
    assertEquals(usermeta, { embedOptions: { renderer: "svg", actions: false } });
    for (const [name, plot] of Object.entries(plots)) {
      assert(VEGA_LITE_MIME_TYPE in await plot[JUPYTER_DISPLAY](), name);
      const [, width] = /^<svg [^>]*width="(\d+)/.exec(await plot.svg())!;
      assert(Number(width) <= MOST_WIDTH, `${name} is ${width} px wide`);
    }
  });
});

Deno.test("Tooltips name what they show in words, not by its field in the data", () => {
  for (const [name, { spec }] of Object.entries(plots)) {
    for (const [, tooltip] of JSON.stringify(spec).matchAll(/"tooltip":(true|\{.*?\}|\[.*?\])/g)) {
      for (const field of [JSON.parse(tooltip!)].flat()) assert(field.title, `${name}: ${tooltip}`);
    }
  }
});

Deno.test("Blue is music that goes in, orange what is generated, green what the model has not met", () => {
  const colours = (plot: Plot) => JSON.stringify({ ...plot.spec, config: null });
  const file = colours(pianoRoll(music("a", 40), { grid }));
  assert(file.includes(FIRST) && !file.includes(SECOND), "a file's roll");
  const made = colours(planRoll({ ...planned, plan: null }));
  assert(made.includes(SECOND) && !made.includes(FIRST), "the roll of generated music");
  assert(colours(plots.loss!).includes(UNSEEN) && !colours(plots.loss!).includes(SECOND));
  assert(colours(plots.structure!).includes(UNSEEN));
  const keys = JSON.stringify(theme.range.category);
  assert(![FIRST, SECOND, UNSEEN].some((colour) => keys.includes(colour)), "keys have others");
});

Deno.test("Nothing in a plot is so dark or so pale that a theme hides it", () => {
  for (const [name, { spec }] of Object.entries(plots)) {
    for (const [colour] of JSON.stringify(spec).matchAll(/#[0-9a-f]{6}\b/g)) {
      const light = lightOf(colour);
      assert(1.05 / (light + 0.05) > 1.9, `${name}: ${colour} on white`);
      assert((light + 0.05) / 0.05 > 2.5, `${name}: ${colour} on black`);
    }
  }
});

/** Relative luminance, as WCAG 2 has it. */
function lightOf(colour: string): number {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at]!, 0);
}

Deno.test("Plots have no background, and their greys can be read on white and on black", () => {
  assertEquals(theme.background, "transparent");
  const light = lightOf(INK);
  assert(1.05 / (light + 0.05) > 4, "on white"); // contrast as WCAG 2 has it
  assert((light + 0.05) / 0.05 > 4, "on black");
});

Deno.test("A constant learning rate takes no room, a changing one lies in line with the loss", () => {
  const steps = (rate: (step: number) => number) =>
    Array.from(
      { length: 40 },
      (_, step) => ({ step, loss: 5 - step / 20, learningRate: rate(step) }),
    );
  assertEquals("vconcat" in lossPlot({ steps: steps(() => 1e-3), epochs: [] }).spec, false);
  const { spec } = lossPlot({ steps: steps((step) => 1e-3 / (1 + step)), epochs: [] });
  assertEquals([spec.bounds, (spec.vconcat as unknown[]).length], ["flush", 2]);
});

/** Heights of the texts of an SVG document, from its top. */
function textHeights(svg: string): Map<string, number> {
  const found = new Map<string, number>(), above = [0];
  for (const [, closing, tag, transform, text] of svg.matchAll(/<(\/?)(g|text)([^>]*)>([^<]*)/g)) {
    if (closing) above.pop();
    else {
      const y = Number(/translate\([-\d.]+[, ]([-\d.]+)\)/.exec(transform!)?.[1] ?? 0);
      above.push(above.at(-1)! + y);
      if (tag === "text") found.set(text!, above.at(-1)!);
    }
  }
  return found;
}

Deno.test("The title of a loss curve stands above its labels, with a learning rate below or without", async () => {
  for (const falls of [true, false]) {
    const steps = Array.from(
      { length: 40 },
      (_, step) => ({ step, loss: 5 - step / 20, learningRate: falls ? 1 / (1 + step) : 1 }),
    );
    const heights = textHeights(await lossPlot({ steps, epochs: [] }).svg());
    const title = heights.get("Surprise while learning")!;
    const labels = [...heights].filter(([text]) => text.includes("1 of ")).map(([, y]) => y);
    assert(labels.length > 2 && labels.every((y) => y > title + 20), `${title}, ${labels}`);
  }
});

Deno.test("A loss curve is smoothed within an epoch", () => {
  const noisy = Array.from({ length: 200 }, (_, step) => ({ step, loss: step % 2 === 0 ? 4 : 6 }));
  const { spec } = lossPlot({ steps: noisy, epochs: [] });
  const text = JSON.stringify(spec);
  const smoothed = [...text.matchAll(/"value":([\d.]+),"curve":"smoothed"/g)].map((m) =>
    Number(m[1])
  );
  assert(smoothed.length > 100 && smoothed.slice(20).every((value) => value > 4.5 && value < 5.5));
});

Deno.test("A plot draws the same bytes each time", async () => {
  const svg = (plot: Plot | undefined) => plot?.svg();
  assertEquals(await svg(plots.comparison), await svg(plots.comparison));
  assertEquals(await svg(plots.pianoRoll), await svg(plots.pianoRoll));
});

Deno.test("Two plots on a page have no id in common", async () => {
  const ids = async (plot: Plot | undefined) =>
    [...(await plot!.svg()).matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
  const first = await ids(plots.pianoRoll);
  const second = await ids(plots.pianoRollInSeconds);
  assert(first.length > 0 && second.length > 0);
  assert(first.every((id) => !second.includes(id)));
});

Deno.test("Bar lines follow upbeats and changes of metre", () => {
  const metres = [
    { frame: 0, stepsPerBar: 16, phase: 12 },
    { frame: 36, stepsPerBar: 12, phase: 0 },
  ];
  assertEquals(barLines(metres, 0, 61), [
    { frame: 4, bar: 1 },
    { frame: 20, bar: 2 },
    { frame: 36, bar: 3 },
    { frame: 48, bar: 4 },
    { frame: 60, bar: 5 },
  ]);
  assertEquals(barLines(metres, 21, 48), [{ frame: 36, bar: 3 }]);
  const rest = [{ frame: 0, stepsPerBar: 16, phase: 4 }];
  assertEquals(barLines(rest, 0, 13), [{ frame: 0, bar: 1 }, { frame: 12, bar: 2 }]);
});

Deno.test("Distributions of music with notes sum to one, of nothing to zero", () => {
  const sum = (shares: readonly number[]) => shares.reduce((total, share) => total + share, 0);
  const some = distributions(set("some", 50));
  for (const shares of [some.pitch, some.pitchClass, some.polyphony]) {
    assertAlmostEquals(sum(shares), 1, 1e-12);
  }
  assertEquals(sum(distributions({ name: "", pieces: [], attacks: true }).pitch), 0);
});

Deno.test("Middle C is C4", () => {
  assertEquals([60, 21, 108, 61].map(pitchName), ["C4", "A0", "C8", "C♯4"]);
});

Deno.test("What learning gained is told with what it means, and that it gained nothing", () => {
  const before = { name: "base", loss: Math.log(4) };
  const gained = gainPlot({ name: "mine", before, now: Math.log(3) }).text;
  assertStringIncludes(gained, 'before ("base") 1.386, like one of 4 choices; now ("mine") 1.099,');
  assert(!gained.includes("nothing"));
  assertStringIncludes(
    gainPlot({ name: "mine", before, now: before.loss }).text,
    "nothing was gained",
  );
});

Deno.test("A plan stands above its music bar above bar, whole bars only", () => {
  const { spec, text } = planRoll({ ...planned, plan: planned.plan }, { frames: 60 });
  assertStringIncludes(text, "bars 1 to 3"); // an upbeat of 4 frames, and three bars of 16
  const scales = JSON.stringify(spec).match(/"domain":\[0,52\]/g);
  assertEquals(scales?.length, 2);
});

Deno.test("The critic's plot says in words what gives the music away", () => {
  const { text } = criticPlot(critique);
  assert(text.startsWith("Features that distinguish the music (told apart: 91 %): "));
  assert(text.includes("number 1 0.14 instead of 1200"), text);
  assert(criticPlot(null).text.includes("nothing measured"));
});
