import type { Random } from "../../random.ts";
import { shiftMetres } from "../../tokens/excerpt.ts";
import type { Frame } from "../../tokens/frame.ts";
import type { Grid, Piece } from "../../tokens/piece.ts";
import type { NamedArray } from "../../train/trainer.ts";
import { Blocks } from "../../wasm/blocks.ts";
import type { Heap } from "../../wasm/heap.ts";
import type { Model } from "../model.ts";
import { type Drawing, orderOf, placeDrawing, withGiven } from "./drawing.ts";
import { placeMusic, placeNetwork } from "./place.ts";
import * as fields from "./kernels/fields.ts";
import { lossesOf } from "./losses.ts";
import { contextEncoder } from "./music.ts";
import { planReader } from "./plan_words.ts";
import { readNetwork, readWeights } from "./weights.ts";

/** Context length in frames. */
const WINDOW = fields.ECHO_WINDOW + fields.ECHO_LONGEST + 1;

/**
 * The pitchwise model: P(frame | past) as a product over the pitches from low to high, each off,
 * held or struck given the past and the pitches below it (a NADE: Larochelle and Murray 2011).
 *
 * 1. Every pitch sees the music from its own position: the notes of 38 past frames and the notes
 *    below it in this frame, by distance and by relative pitch class, with weights shared along the
 *    whole keyboard, so that what is learned in one key holds in all.
 * 2. It also sees the two "echoes" (what followed the earlier passages that match best), how long,
 *    how long ago and how often it sounded itself, the position in the bar, its own register, the
 *    number of notes sounding below it, and with a plan the features of the bar (`plan_words.ts`),
 *    including as a third echo the same position in the bar that this one resembles.
 * 3. All of these inputs are sparse, so the first layer only sums the rows of a table, one per
 *    active feature; a dense layer with a residual connection and a linear head, shared by all
 *    pitches, map the sum to the probabilities of off, held and struck.
 * 4. Training uses AdamW with dropout of units and of notes; inference uses the average of the
 *    weights over the last steps.
 * 5. Sampling chooses the next higher pitch that sounds, or that none does, until none is left:
 *    temperature, top-k and top-p act on that choice, held is only possible for pitches that
 *    sounded, and rules may exclude or bias a choice (`rules.ts`;
 *    {@linkcode Model.logProbabilities} ignores them).
 *
 * @param weights from a pitchwise trainer
 * @param settings the corpus's grid, and the network record of the bundle's manifest
 * @param heap the backend; its thread count may differ from the trainer's
 * @throws {Error} if the weights are incomplete, or there cannot be such a network
 */
export function loadPitchwiseModel(
  weights: readonly NamedArray[],
  { grid, network }: { readonly grid: Grid; readonly network: unknown },
  heap: Heap,
): Model {
  const { layout, statistics } = readNetwork(network);
  const blocks = new Blocks(heap), encodeContexts = contextEncoder(WINDOW);
  const address = blocks.copy(readWeights(layout, weights));
  return {
    kind: "pitchwise",
    grid,
    window: WINDOW,
    parameters: layout.parameters,
    logProbabilities(piece) {
      return lossesOf(heap, layout, address, [piece], grid)[0]!.map((loss) => -loss);
    },
    next(pasts, sampling, random, avoid = [], some = []) {
      const isFree = some.every((one) => one === undefined);
      const constraints = isFree ? undefined : pasts.map((_, i) => some[i] ?? UNCONSTRAINED);
      return draw({ pasts, sampling, avoid, ...(constraints ? { constraints } : {}) }, random)
        .frames;
    },
    byPitch: {
      next: (pasts, sampling, random, constraints) =>
        draw({ pasts, sampling, avoid: [], constraints, weighs: true }, random),
      judge: (pieces, from) => {
        const cut = Math.max(0, from - WINDOW);
        const ends = pieces.map((piece) => cutAt(piece, cut));
        const plans = pieces.map(({ plan }) => plan && planReader(plan, grid).from(cut));
        return lossesOf(heap, layout, address, ends, grid, { from: from - cut, plans })
          .map((losses) => losses.map((loss) => -loss));
      },
    },
    dispose() {
      blocks.free();
    },
  };

  function draw(
    drawn: Drawing,
    random: readonly Random[],
  ): { frames: Frame[]; logWeights: Float64Array } {
    const { constraints } = drawn, drawingOrder = orderOf(drawn);
    const { distinct, order, which, families, ownFrames } = drawingOrder;
    const music = encodeContexts(distinct), own = new Blocks(heap);
    const placed = placeMusic(heap, music, grid, layout, {
      lastOnly: true,
      plans: distinct.map(({ plan, frames }) =>
        plan && planReader(plan, grid).from(Math.max(0, frames.length - WINDOW))
      ),
    });
    try {
      const mostNotes = Math.max(music.mostNotes, layout.pitches);
      const network = placeNetwork(heap, own, layout, mostNotes, { weights: address });
      const drawing = placeDrawing(heap, own, drawn, drawingOrder, grid, statistics);
      const ends = music.pieces.map(({ offset, length }) => offset + length - 1);
      placed.target(which.map((past) => ends[past]!), {
        seeds: order.map((i) => random[i]!.bits()),
        groups: which.map((past) => distinct[past]!.plan ? fields.ALL_GROUPS : 0),
        families: which.map((past) => families[past]!),
        ownFrames: which.map((past) => ownFrames[families[past]!]!),
      });
      heap.parallel("pitchwiseDraw", (t) => [network, placed.block, drawing.block, t]);
      const frames = drawing.frames().map((frame, i) =>
        constraints ? withGiven(frame, constraints[i]!, layout, grid) : frame
      );
      return { frames, logWeights: drawing.logWeights() };
    } finally {
      placed.free();
      own.free();
    }
  }
}

/** Constraints that leave all pitches free. */
const UNCONSTRAINED = new Uint8Array(128).fill(fields.FREE);

/** A piece from a frame on; its bars are counted from where they were. */
function cutAt({ name, frames, metres }: Piece, cut: number): Piece {
  return { name, frames: frames.slice(cut), metres: shiftMetres(metres, -cut) };
}
