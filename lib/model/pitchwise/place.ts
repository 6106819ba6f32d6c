import * as fields from "./kernels/fields.ts";
import type { Grid } from "../../tokens/piece.ts";
import { Blocks, doublesAt, integersAt } from "../../wasm/blocks.ts";
import type { Heap } from "../../wasm/heap.ts";
import { type Layout, spansFor } from "./layout.ts";
import { type CompactMusic, masksOf, writeInformation } from "./music.ts";
import type { PlanReader } from "./plan_words.ts";
import type { PitchwiseSettings } from "./settings.ts";

/** What the kernels are told of targets beside their frames; one number for each, or 0. */
export interface TargetDetails {
  /** Random words; for frames that are learned from or sampled. */
  readonly seeds?: ArrayLike<number>;
  /** Groups of the plan that the network is told: see `kernels/fields.ts`. */
  readonly groups?: ArrayLike<number>;
  /** Semitones that the music is moved by. */
  readonly transpose?: ArrayLike<number>;
  /** Which pasts are akin, that have all but their last frames in common; and how many these are. */
  readonly families?: ArrayLike<number>;
  readonly ownFrames?: ArrayLike<number>;
}

/** Music on the heap, and the targets: frames to learn from, to be judged or to be drawn. */
export interface PlacedMusic {
  /** Address of the music block. */
  readonly block: number;
  /** Sets the targets. */
  target(frames: ArrayLike<number>, details?: TargetDetails): void;
  /** What the kernel said of each of the `count` targets; a view. */
  losses(count: number): Float64Array;
  free(): void;
}

/**
 * Copies music to the heap and finds its echoes.
 *
 * @param options.lastOnly whether only each piece's last frame will be a target
 * @param options.plans what each piece is like; where there is none, the plan's groups say nothing
 */
export function placeMusic(
  heap: Heap,
  music: CompactMusic,
  grid: Grid,
  layout: Layout,
  { lastOnly = false, plans }: {
    readonly lastOnly?: boolean;
    readonly plans?: readonly (PlanReader | undefined)[];
  } = {},
): PlacedMusic {
  const blocks = new Blocks(heap), words = new Int32Array(fields.MUSIC_WORDS);
  const from = lastOnly ? (length: number) => Math.max(0, length - 1) : undefined;
  words[fields.IDS] = blocks.copy(music.ids);
  words[fields.STARTS] = blocks.copy(music.starts);
  words[fields.CODES] = blocks.copy(music.codes);
  const information = blocks.reserve(4 * fields.FRAME_WORDS * music.ids.length);
  words[fields.INFORMATION] = information;
  const known = integersAt(heap, information, fields.FRAME_WORDS * music.ids.length);
  writeInformation(known, music, grid, layout, from, plans);
  words[fields.COUNT_OF_PIECES] = music.pieces.length;
  const block = blocks.copy(words);
  const set = (field: number, value: number) => {
    integersAt(heap, block, fields.MUSIC_WORDS)[field] = value;
  };

  const search = new Blocks(heap);
  const ranges = music.pieces.flatMap(({ offset, length }) => [offset, length]);
  set(fields.PIECES, search.copy(Int32Array.from(ranges)));
  set(fields.MASKS, search.copy(masksOf(music)));
  set(fields.ECHO_SCRATCH, search.zeros(heap.threads * fields.ECHO_SCRATCH_BYTES));
  heap.parallel("pitchwiseEchoes", (t, n) => [block, lastOnly ? 1 : 0, t, n]);
  search.free();

  let room = new Blocks(heap), capacity = 0, targets = 0, losses = 0;
  return {
    block,
    target(frames, { seeds, groups, transpose, families, ownFrames } = {}) {
      if (frames.length > capacity) {
        room.free();
        room = new Blocks(heap);
        capacity = frames.length;
        set(fields.TARGETS, targets = room.zeros(4 * fields.TARGET_WORDS * capacity));
        set(fields.LOSSES, losses = room.zeros(8 * capacity));
      }
      set(fields.COUNT_OF_TARGETS, frames.length);
      const words = integersAt(heap, targets, fields.TARGET_WORDS * frames.length);
      for (let i = 0; i < frames.length; i++) {
        const at = fields.TARGET_WORDS * i;
        words[at + fields.FRAME] = frames[i]!;
        words[at + fields.SEED] = seeds?.[i] ?? 0;
        words[at + fields.GROUPS] = groups?.[i] ?? 0;
        words[at + fields.TRANSPOSE] = transpose?.[i] ?? 0;
        words[at + fields.FAMILY] = families?.[i] ?? 0;
        words[at + fields.OWN_FRAMES] = ownFrames?.[i] ?? 0;
      }
    },
    losses: (count) => doublesAt(heap, losses, count),
    free() {
      room.free();
      blocks.free();
    },
  };
}

/**
 * Puts a network block into `blocks`, with scratch for frames of at most `mostNotes` notes.
 * @param place where its numbers lie on the heap, and how it learns; no gradients where it does not
 */
export function placeNetwork(
  heap: Heap,
  blocks: Blocks,
  layout: Layout,
  mostNotes: number,
  place:
    & { readonly weights: number; readonly gradients?: number }
    & Partial<
      Pick<PitchwiseSettings, "dropout" | "inputDropout" | "pastNoise">
    >,
): number {
  const words = layout.words.slice(), reals = new Float32Array(words.buffer);
  words[fields.LAG_TABLE] = blocks.copy(layout.lagTable);
  words[fields.WEIGHTS] = place.weights;
  words[fields.GRADIENTS] = place.gradients ?? 0;
  words[fields.SPANS] = spansFor(layout, mostNotes);
  reals[fields.DROPOUT] = place.dropout ?? 0;
  reals[fields.INPUT_DROPOUT] = place.inputDropout ?? 0;
  reals[fields.PAST_NOISE] = place.pastNoise ?? 0;
  words[fields.OWN] = blocks.zeros(4 * fields.NETWORK_WORDS * heap.threads);
  const network = blocks.copy(words);
  const scratchBytes = heap.run("pitchwiseScratchBytes", network);
  const scratch = blocks.zeros(scratchBytes * heap.threads);
  const placed = integersAt(heap, network, fields.NETWORK_WORDS);
  placed[fields.SCRATCH] = scratch;
  placed[fields.SCRATCH_BYTES] = scratchBytes;
  return network;
}
