import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import * as fields from "../../../lib/model/pitchwise/kernels/fields.ts";
import { placeMusic, placeNetwork } from "../../../lib/model/pitchwise/place.ts";
import { Blocks, floatsAt } from "../../../lib/wasm/blocks.ts";
import { layOut } from "../../../lib/model/pitchwise/layout.ts";
import { compactPieces } from "../../../lib/model/pitchwise/music.ts";
import { partsOf } from "../../../lib/model/pitchwise/weights.ts";
import { parseChord } from "../../../lib/tokens/chord_symbol.ts";
import { planReader } from "../../../lib/model/pitchwise/plan_words.ts";
import type { Grid, Piece } from "../../../lib/tokens/piece.ts";
import { planWithChords } from "../../../lib/harmony/piece_chords.ts";
import type { Plan } from "../../../lib/tokens/plan.ts";
import { planOf } from "../../../lib/tokens/plan_of.ts";
import { reference } from "./reference.ts";
import { heapOf, Random, randomPiece, small } from "./support.ts";

const plain = { unit: "beat", steps: 1, attacks: false } as const;
const struck = { unit: "beat", steps: 4, attacks: true } as const;

const cases: {
  name: string;
  grid: Grid;
  layers: number;
  groups: number;
  transpose: number;
}[] = [
  { name: "one layer", grid: plain, layers: 1, groups: 0, transpose: 0 },
  { name: "two layers", grid: plain, layers: 2, groups: 0, transpose: 0 },
  { name: "attacks", grid: struck, layers: 1, groups: 0, transpose: 0 },
  { name: "a plan", grid: struck, layers: 1, groups: fields.ALL_GROUPS, transpose: 0 },
  {
    name: "a plan of bars in seconds",
    grid: { unit: "second", steps: 24, attacks: false },
    layers: 0,
    groups: fields.ALL_GROUPS,
    transpose: 0,
  },
  { name: "its rhythm alone", grid: plain, layers: 1, groups: fields.RHYTHM, transpose: 0 },
  {
    name: "its similarity and harmony",
    grid: struck,
    layers: 1,
    groups: fields.LIKENESS | fields.HARMONY,
    transpose: 0,
  },
  { name: "its chords alone", grid: struck, layers: 1, groups: fields.CHORDS, transpose: 0 },
  { name: "transposed music", grid: struck, layers: 1, groups: fields.ALL_GROUPS, transpose: 3 },
];

/** The plan of a piece, with chords of all kinds: some last, some are inverted, and one is unknown. */
function planned(piece: Piece, grid: Grid): Plan {
  const chords = ["C", "Am7", "F#dim7/A", "", "G7", "C/E", "Bbm6"];
  const starts = [0, 2, 3, 16, 19, 38, 42, piece.frames.length];
  return planWithChords(
    planOf(piece, grid),
    piece,
    chords.map((chord, i) => ({
      start: starts[i]!,
      end: starts[i + 1]!,
      chord: chord ? parseChord(chord) : null,
    })),
    grid,
  );
}

/** Losses and gradient of a network of random numbers on a piece, from the kernels. */
function compute(
  piece: Piece,
  grid: Grid,
  layers: number,
  targets: number[],
  groups: number,
  transpose: number,
) {
  // The piece goes beyond the keyboard on both sides.
  const layout = layOut({ ...small, layers }, {
    lowest: 61,
    pitches: 15,
    states: grid.attacks ? 2 : 1,
  });
  const random = new Random(9), heap = heapOf(2), blocks = new Blocks(heap);
  const numbers = Float32Array.from({ length: layout.padded }, () => 0.3 * (random.next() - 0.5));
  const music = compactPieces([piece]);
  const gradients = blocks.zeros(4 * layout.padded * heap.threads);
  const network = placeNetwork(heap, blocks, layout, music.mostNotes, {
    weights: blocks.copy(numbers),
    gradients,
  });
  const placed = placeMusic(heap, music, grid, layout, {
    plans: [planReader(planned(piece, grid), grid)],
  });
  const all = (value: number) => targets.map(() => value);
  placed.target(targets, { groups: all(groups) });
  heap.parallel("pitchwiseLosses", (t, n) => [network, placed.block, t, n]);
  const losses = placed.losses(targets.length).slice();
  placed.target(targets, { seeds: targets, groups: all(groups), transpose: all(transpose) });
  heap.parallel("pitchwiseGradient", (t, n) => [network, placed.block, t, n]);
  const learned = placed.losses(targets.length).slice();
  const update = blocks.copy(updateWords(blocks.zeros(64)));
  heap.parallel("pitchwiseReduce", (t, n) => [network, update, t, n]);
  const gradient = floatsAt(heap, gradients, layout.padded).slice();
  placed.free();
  blocks.free();
  return { layout, numbers: Float64Array.from(numbers), losses, learned, gradient };
}

function updateWords(squares: number): Int32Array {
  const words = new Int32Array(fields.UPDATE_WORDS);
  words[fields.SQUARES] = squares;
  return words;
}

for (const { name, grid, layers, groups, transpose } of cases) {
  const piece = randomPiece(new Random(4), { ...grid, length: 150, lowest: 58, pitches: 20 });
  const targets = [1, 2, 5, 17, 40, 149];

  Deno.test(`The kernels give the reference's losses with ${name}`, () => {
    const { layout, numbers, losses, learned } = compute(
      piece,
      grid,
      layers,
      targets,
      groups,
      transpose,
    );
    const plan = planned(piece, grid);
    const expected = reference(layout, piece, grid, { plan, groups });
    const moved = reference(layout, piece, grid, { plan, groups, transpose });
    targets.forEach((target, i) => {
      assertAlmostEquals(losses[i]!, expected(numbers, target), 1e-4);
      assertAlmostEquals(learned[i]!, moved(numbers, target), 1e-4);
    });
  });

  Deno.test(`The kernels' gradient agrees with finite differences with ${name}`, () => {
    const { layout, numbers, gradient } = compute(piece, grid, layers, targets, groups, transpose);
    const loss = reference(layout, piece, grid, { plan: planned(piece, grid), groups, transpose });
    const mean = () => targets.reduce((sum, t) => sum + loss(numbers, t), 0) / targets.length;
    const random = new Random(2), step = 1e-6;
    for (const { name, offset, length } of partsOf(layout)) {
      for (let tries = 0; tries < 2; tries++) {
        // The greatest of some, so that rows that nothing touches are not all that is seen.
        let at = offset + random.below(length);
        for (let k = 0; k < 50; k++) {
          const other = offset + random.below(length);
          if (Math.abs(gradient[other]!) > Math.abs(gradient[at]!)) at = other;
        }
        const kept = numbers[at]!;
        numbers[at] = kept + step;
        const above = mean();
        numbers[at] = kept - step;
        const below = mean();
        numbers[at] = kept;
        const difference = (above - below) / (2 * step);
        assert(
          Math.abs(gradient[at]! - difference) < 1e-4 + 2e-3 * Math.abs(difference),
          `${name} at ${at - offset}: gradient ${gradient[at]}, finite difference ${difference}`,
        );
      }
    }
  });
}

Deno.test("A list of what the network sees that is too short stops the kernel, and says which", () => {
  const piece = randomPiece(new Random(4), { attacks: false, length: 20 }), heap = heapOf(2);
  const layout = layOut(small, { lowest: 58, pitches: 10, states: 1 }), blocks = new Blocks(heap);
  const network = placeNetwork(heap, blocks, layout, -20, {
    weights: blocks.zeros(4 * layout.padded),
  });
  const placed = placeMusic(heap, compactPieces([piece]), plain, layout);
  placed.target([19, 19]);
  assertThrows(
    () => heap.parallel("pitchwiseLosses", (t, n) => [network, placed.block, t, n]),
    Error,
    'Kernel "pitchwiseLosses" failed',
  );
  placed.free();
  blocks.free();
});
