import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { adoptWeights, type PitchwiseNetwork } from "../../../lib/model/pitchwise/adopt.ts";
import { Blocks } from "../../../lib/wasm/blocks.ts";
import { layOut } from "../../../lib/model/pitchwise/layout.ts";
import { lossesOf } from "../../../lib/model/pitchwise/losses.ts";
import { planReader } from "../../../lib/model/pitchwise/plan_words.ts";
import {
  nameWeights,
  partsOf,
  readNetwork,
  readWeights,
} from "../../../lib/model/pitchwise/weights.ts";
import { parseChord } from "../../../lib/tokens/chord_symbol.ts";
import type { Plan } from "../../../lib/tokens/plan.ts";
import { planOf } from "../../../lib/tokens/plan_of.ts";
import type { Grid } from "../../../lib/tokens/piece.ts";
import { heapOf, Random, randomPiece, small } from "./support.ts";

const grid: Grid = { unit: "beat", steps: 2, attacks: true };
const shape = { ...small, lags: [1, 2, 3, 4, 8, 16] };

function network(random = new Random(1), chords = true): PitchwiseNetwork {
  const layout = layOut({ ...shape, chords }, { lowest: 50, pitches: 30, states: 2 });
  const numbers = Float32Array.from({ length: layout.padded }, () => 0.3 * (random.next() - 0.5));
  return { layout, numbers, grid };
}

const piece = randomPiece(new Random(2), { length: 40, attacks: true, lowest: 58, pitches: 8 });

function meanLoss(layout: PitchwiseNetwork["layout"], numbers: Float32Array, plan?: Plan): number {
  const blocks = new Blocks(heapOf(2)), plans = [plan && planReader(plan, grid)];
  const [losses] = lossesOf(heapOf(2), layout, blocks.copy(numbers), [piece], grid, { plans });
  blocks.free();
  return losses!.reduce((sum, loss) => sum + loss) / losses!.length;
}

Deno.test("A network adopts another of its own shape whole", () => {
  const base = network(), numbers = new Float32Array(base.layout.padded);
  adoptWeights(base, base.layout, grid, numbers);
  assertEquals(numbers, base.numbers);
});

Deno.test("On a narrower keyboard, what an adopted network says of its pitches stays", () => {
  const base = network();
  const layout = layOut(shape, { lowest: 56, pitches: 14, states: 2 });
  const numbers = new Float32Array(layout.padded);
  adoptWeights(base, layout, grid, numbers);
  // The pitches that it lacks are off in this piece; the base gives them about even chances.
  const lacking = layOut(shape, { lowest: 56, pitches: 14, states: 2 });
  assert(meanLoss(lacking, numbers) < meanLoss(base.layout, base.numbers));
  const bias = (of: typeof layout, pitch: number) =>
    partsOf(of).find(({ name }) => name === "head/bias")!.offset + pitch - of.lowest;
  for (const pitch of [56, 60, 69]) {
    assertEquals(numbers[bias(layout, pitch)], base.numbers[bias(base.layout, pitch)]);
  }
});

Deno.test("A finer grid sees the past at the times at which the base saw it", () => {
  const base = network(), finer: Grid = { ...grid, steps: 4 };
  const numbers = new Float32Array(base.layout.padded);
  adoptWeights(base, base.layout, finer, numbers);
  const first = (of: Float32Array, name: string) =>
    of[partsOf(base.layout).find((part) => part.name === name)!.offset]!;
  assertEquals(first(numbers, "lag_8"), first(base.numbers, "lag_4"));
  assertEquals(first(numbers, "lag_16_folded"), first(base.numbers, "lag_8_folded"));
  assertAlmostEquals(first(numbers, "below"), first(base.numbers, "below"));
});

Deno.test("A network of other states is refused", () => {
  const layout = layOut(shape, { lowest: 50, pitches: 30, states: 1 });
  assertThrows(
    () => adoptWeights(network(), layout, grid, new Float32Array(layout.padded)),
    RangeError,
    "with 2 states: needed 1",
  );
});

/** The plan of the piece, and the same with a chord in each bar. */
function plans(): { plain: Plan; chords: Plan } {
  const plain = planOf(piece, grid), chord = parseChord("F#m7b5/A");
  const bars = plain.bars.map((bar) => ({ ...bar, chords: [{ step: 0, chord }] }));
  return { plain, chords: { ...plain, bars } };
}

Deno.test("A network that starts from one that does not see chords plays as it did", () => {
  const base = network(new Random(1), false), { layout } = network(), { plain, chords } = plans();
  const numbers = new Float32Array(layout.padded).fill(0.7);
  adoptWeights(base, layout, grid, numbers);
  const before = meanLoss(base.layout, base.numbers, plain);
  assertEquals(meanLoss(layout, numbers, plain), before);
  assertEquals(meanLoss(layout, numbers, chords), before, "chords say nothing to it yet");
});

Deno.test("The record and arrays of a network that does not see chords are read as they were", () => {
  const { layout, numbers } = network(new Random(1), false), { plain, chords } = plans();
  const { chords: _, tables: _t, words: _w, ...record } = layout;
  const read = readNetwork(record).layout;
  assertEquals(read.parameters, layout.parameters);
  const known = readWeights(read, nameWeights(layout, numbers));
  assertEquals(meanLoss(read, known, chords), meanLoss(layout, numbers, plain));
  const sees = network();
  assert(
    meanLoss(sees.layout, sees.numbers, chords) !== meanLoss(sees.layout, sees.numbers, plain),
  );
});
