import * as fields from "./kernels/fields.ts";
import type { Grid } from "../../tokens/piece.ts";
import { Blocks, doublesAt, integersAt } from "../../wasm/blocks.ts";
import type { Heap } from "../../wasm/heap.ts";
import { type Layout, spansFor } from "./layout.ts";
import { type CompactMusic, masksOf, writeInformation } from "./music.ts";
import type { PlanReader } from "./plan_words.ts";
import type { PitchwiseSettings } from "./settings.ts";

/** Per-target inputs of the kernels besides the frames; one number each, or 0. */
export interface TargetDetails {
  /** Random words; for training and sampling targets. */
  readonly seeds?: ArrayLike<number>;
  /** Groups of the plan's features shown to the network: see `kernels/fields.ts`. */
  readonly groups?: ArrayLike<number>;
  /** Transposition in semitones. */
  readonly transpose?: ArrayLike<number>;
  /** Families of contexts that share all but their last frames, and the number of these. */
  readonly families?: ArrayLike<number>;
  readonly ownFrames?: ArrayLike<number>;
}

/** Music on the heap with its targets: frames for training, evaluation or sampling. */
export interface PlacedMusic {
  /** Address of the music block. */
  readonly block: number;
  /** Sets the targets. */
  target(frames: ArrayLike<number>, details?: TargetDetails): void;
  /** Losses of the `count` targets, as a view. */
  losses(count: number): Float64Array;
  free(): void;
}

/**
 * Copies music to the heap and finds its echoes.
 *
 * @param options.lastOnly whether only each piece's last frame will be a target
 * @param options.plans plan of each piece; without one, the plan's features are empty
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
  if (lastOnly) heap.run("pitchwiseEchoes", block, 1, 0, 1); // found before threads wake up
  else {
    set(fields.ECHO_SCRATCH, search.zeros(heap.threads * fields.ECHO_SCRATCH_BYTES));
    heap.parallel("pitchwiseEchoes", (t, n) => [block, 0, t, n]);
  }
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
 * Writes a network block into `blocks`, with scratch for frames of at most `mostNotes` notes.
 * @param place addresses of the parameters, and training options; no gradients for inference
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
  const scratch = blocks.reserve(scratchBytes * heap.threads);
  const placed = integersAt(heap, network, fields.NETWORK_WORDS);
  placed[fields.SCRATCH] = scratch;
  placed[fields.SCRATCH_BYTES] = scratchBytes;
  return network;
}
