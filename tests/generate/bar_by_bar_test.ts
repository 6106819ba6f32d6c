import { assert, assertEquals } from "@std/assert";
import { continueBarByBar } from "../../lib/generate/bar_by_bar.ts";
import type { Model } from "../../lib/model/model.ts";
import type { Frame } from "../../lib/tokens/frame.ts";
import type { Plan } from "../../lib/tokens/plan.ts";
import { planOf } from "../../lib/tokens/plan_of.ts";

const grid = { unit: "beat", steps: 4, attacks: false } as const;
const metres = [{ frame: 0, stepsPerBar: 4, phase: 0 }];

/** Draws one of eight pitches, whatever the past is. */
const model: Model = {
  kind: "pitchwise",
  grid,
  window: 4,
  parameters: 0,
  logProbabilities: () => new Float64Array(),
  next: (_pasts, _sampling, randoms) => randoms.map((random) => [60 + random.below(8)]),
  dispose() {},
};

const wished: Frame[] = Array.from({ length: 48 }, (_, t) => [60 + (t >> 2) % 8]);
const plan: Plan = planOf({ frames: wished, metres }, grid);

function make(
  seeds: number[],
  of: number,
  more: Partial<Parameters<typeof continueBarByBar>[3]> = {},
) {
  return continueBarByBar(
    model,
    { frames: [], metres, written: 0, plan },
    { sampling: { temperature: 1, topK: 0, topP: 1 }, seeds, length: 46, stuckAfter: 0 },
    { of, mostCopied: 4, ...more },
  );
}

function right(frames: readonly Frame[]): number {
  return frames.filter(([pitch], t) => pitch === wished[t]![0]).length / frames.length;
}

Deno.test("of several bars drawn, the nearest to its plan is kept, every time", async () => {
  const seeds = [1, 2, 3, 4];
  const one = await make(seeds, 1), many = await make(seeds, 24);
  assertEquals(many.map(({ length }) => length), [46, 46, 46, 46]);
  const mean = (all: Frame[][]) => all.map(right).reduce((sum, x) => sum + x) / all.length;
  assert(mean(many) > 2 * mean(one), `${mean(many)}, without a choice ${mean(one)}`);
});

Deno.test("in the middle of a bar, the third of its candidates furthest from the plan is dropped", async () => {
  const inFour = [{ frame: 0, stepsPerBar: 16, phase: 0 }], asked = 64;
  const middleC = Array.from({ length: 32 }, (): Frame => [asked]);
  const sampled: number[] = [], begun: boolean[][] = [];
  const counting: Model = {
    ...model,
    next: (pasts) => {
      sampled.push(pasts.length);
      if (pasts[0]!.frames.length === 8) {
        begun.push(pasts.map(({ frames }) => frames.every(([pitch]) => pitch === asked)));
      }
      // A third of the candidates do what is asked, and all go on as they began.
      return pasts.map(({ frames }, i) =>
        frames.length > 0 ? frames.at(-1)! : [i % 3 === 1 ? asked : 40]
      );
    },
  };
  const [made] = await continueBarByBar(
    counting,
    {
      frames: [],
      metres: inFour,
      written: 0,
      plan: planOf({ frames: middleC, metres: inFour }, grid),
    },
    { sampling: { temperature: 1, topK: 0, topP: 1 }, seeds: [1], length: 32, stuckAfter: 0 },
    { of: 12, mostCopied: 4 },
  );
  const half = (count: number) => Array.from({ length: 8 }, () => count);
  assertEquals(sampled, [...half(12), ...half(8), ...half(12), ...half(8)]);
  assertEquals(begun[0]!.filter((isAsked) => isAsked).length, 4);
  assert(made!.every(([pitch]) => pitch === asked));
});

Deno.test("a piece made bar by bar depends on its seed alone", async () => {
  const [, second] = await make([1, 2], 3);
  assertEquals((await make([2], 3))[0], second);
});

Deno.test("a bar that goes on with a copy is not kept where there is another one", async () => {
  const isCopy = (frames: readonly Frame[]) => frames.some(([pitch]) => pitch === 60);
  const copies = {
    longest: (frames: readonly Frame[]) => isCopy(frames) ? { beats: 5 } : null,
    share: () => 0,
  };
  const bars = async (more: object) => {
    const pieces = await make([1, 2, 3, 4, 5], 16, more);
    return pieces.flatMap((frames) =>
      Array.from({ length: 11 }, (_, bar) => frames.slice(4 * bar, 4 * bar + 4))
    ).filter(isCopy).length;
  };
  assert(await bars({}) > 10);
  assertEquals(await bars({ copies, mostCopied: 4 }), 0);
});

Deno.test("of bars as near to their plan, the one that gives itself away least is kept", async () => {
  const count = (frames: readonly Frame[]) =>
    frames.filter(([pitch]) => pitch === 60 || pitch === 67).length;
  const of = (frames: readonly Frame[], bars: readonly { start: number }[], index: number) =>
    count(frames.slice(bars[index]!.start));
  const sixties = async (weight: number) =>
    (await make([1, 2, 3, 4], 16, { discriminator: { of, weight } })).map(count)
      .reduce((sum, each) => sum + each);
  const free = await sixties(0);
  assert(await sixties(10) < free / 4, `${free} where it counts nothing`);
});

Deno.test("where all bars go on with a copy, others are drawn at a higher temperature", async () => {
  const learned: Model = {
    ...model,
    next: (pasts, { temperature }, randoms) =>
      pasts.map((_, i) => temperature > 1 ? [60 + randoms[i]!.below(8)] : [60]),
  };
  const copies = {
    longest: (frames: readonly Frame[]) =>
      frames.slice(-4).every(([pitch]) => pitch === 60) ? { beats: 5 } : null,
    share: () => 0,
  };
  const [frames] = await continueBarByBar(
    learned,
    { frames: [], metres, written: 0, plan },
    { sampling: { temperature: 0.9, topK: 0, topP: 1 }, seeds: [1], length: 46, stuckAfter: 0 },
    { of: 4, mostCopied: 4, copies },
  );
  assertEquals(frames!.length, 46);
  assert(frames!.filter(([pitch]) => pitch === 60).length < 20);
});

Deno.test("each bar is told of when it is there", async () => {
  const told: number[] = [];
  const [made] = await continueBarByBar(
    model,
    { frames: [], metres, written: 0, plan },
    {
      ...{ sampling: { temperature: 1, topK: 0, topP: 1 }, seeds: [1], length: 10, stuckAfter: 0 },
      onBar: ([frames]) => void told.push(frames!.length),
    },
    { of: 2, mostCopied: 4 },
  );
  assertEquals(told, [4, 8, 10]);
  assertEquals(made!.length, 10);
});
