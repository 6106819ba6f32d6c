import type { Grid, Piece } from "../../tokens/piece.ts";
import { Blocks, placeMusic, placeNetwork } from "./heap.ts";
import type { Heap } from "./heap.ts";
import { outsideLoss } from "./keyboard.ts";
import type { Layout } from "./layout.ts";
import { compactPieces } from "./music.ts";

/** Frames judged in one call of the kernel. */
const AT_ONCE = 512;

/**
 * Minus ln P(frame t | the frames before it), in nats, for t = 1 … T−1 of each piece.
 *
 * @param weights address of the network's numbers
 */
export function lossesOf(
  heap: Heap,
  layout: Layout,
  weights: number,
  pieces: readonly Piece[],
  grid: Grid,
): Float64Array[] {
  const music = compactPieces(pieces), blocks = new Blocks(heap);
  const network = placeNetwork(heap, blocks, layout, music.mostNotes, { weights });
  const placed = placeMusic(heap, music, grid, layout);
  try {
    return music.pieces.map(({ offset, length }) => {
      const losses = new Float64Array(Math.max(0, length - 1));
      for (let done = 0; done < losses.length; done += AT_ONCE) {
        const count = Math.min(AT_ONCE, losses.length - done);
        placed.target(Array.from({ length: count }, (_, i) => offset + 1 + done + i));
        heap.parallel("pitchwiseLosses", (t, n) => [network, placed.block, t, n]);
        losses.set(placed.losses(count), done);
      }
      return losses.map((loss, i) => loss + outsideLoss(music, offset + 1 + i, layout));
    });
  } finally {
    placed.free();
    blocks.free();
  }
}
