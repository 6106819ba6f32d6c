import type { Grid, Piece } from "../../tokens/piece.ts";
import { placeMusic, placeNetwork } from "./place.ts";
import { Blocks } from "../../wasm/blocks.ts";
import type { Heap } from "../../wasm/heap.ts";
import { outsideLoss } from "./keyboard.ts";
import type { Layout } from "./layout.ts";
import * as fields from "./kernels/fields.ts";
import { compactPieces } from "./music.ts";
import type { PlanReader } from "./plan_words.ts";

/** Frames per kernel call. */
const AT_ONCE = 512;

/**
 * Negative log-likelihood −ln P(frame t | the frames before it), in nats, for t = `from` … T−1 of
 * each piece.
 *
 * @param weights address of the network's numbers
 * @param options.from first frame to be evaluated, at least 1. Default 1
 * @param options.plans plan of each piece. Default: none
 */
export function lossesOf(
  heap: Heap,
  layout: Layout,
  weights: number,
  pieces: readonly Piece[],
  grid: Grid,
  { from = 1, plans }: {
    readonly from?: number;
    readonly plans?: readonly (PlanReader | undefined)[];
  } = {},
): Float64Array[] {
  const music = compactPieces(pieces), blocks = new Blocks(heap);
  const network = placeNetwork(heap, blocks, layout, music.mostNotes, { weights });
  const placed = placeMusic(heap, music, grid, layout, plans ? { plans } : {});
  try {
    return music.pieces.map(({ offset, length }, piece) => {
      const losses = new Float64Array(Math.max(0, length - from)), told = plans?.[piece];
      for (let done = 0; done < losses.length; done += AT_ONCE) {
        const count = Math.min(AT_ONCE, losses.length - done);
        placed.target(Array.from({ length: count }, (_, i) => offset + from + done + i), {
          groups: new Uint8Array(count).fill(told ? fields.ALL_GROUPS : 0),
        });
        heap.parallel("pitchwiseLosses", (t, n) => [network, placed.block, t, n]);
        losses.set(placed.losses(count), done);
      }
      return losses.map((loss, i) => loss + outsideLoss(music, offset + from + i, layout));
    });
  } finally {
    placed.free();
    blocks.free();
  }
}
