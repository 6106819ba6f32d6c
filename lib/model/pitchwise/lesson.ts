import type { Frame } from "../../tokens/frame.ts";
import type { Grid } from "../../tokens/piece.ts";
import type { ChordSpan } from "../../harmony/find.ts";
import { planWithChords } from "../../harmony/piece_chords.ts";
import { planOf } from "../../tokens/plan_of.ts";
import type { Heap } from "../../wasm/heap.ts";
import type { Layout } from "./layout.ts";
import type { CompactMusic, PieceRange } from "./music.ts";
import { type PlacedMusic, placeMusic } from "./place.ts";
import { type PlanReader, planReader } from "./plan_words.ts";

/** The part of a corpus that the trainer needs. */
export interface PitchwiseCorpus {
  readonly grid: Grid;
  /** Combination ids of all frames, one piece after the other. */
  readonly ids: Int32Array;
  readonly pieces: readonly PieceRange[];
  /** Chords of each piece; none where they are unknown. */
  readonly chords: readonly (readonly ChordSpan[])[];
  readonly vocabulary: { readonly size: number; frame(id: number): Frame };
}

/** A corpus on the heap, shared by trainers. */
interface Lesson {
  readonly heap: Heap;
  /** Identity of the tables that its frames refer to. */
  readonly tables: string;
  readonly placed: PlacedMusic;
  trainers: number;
}

const lessons = new WeakMap<PitchwiseCorpus, Lesson>();
const plans = new WeakMap<PitchwiseCorpus, readonly PlanReader[]>();

/**
 * Places a corpus with its plans and echoes on the heap, once for all trainers of networks with the
 * same layout: a trial starts three of them, and a run one more. Each sets its own targets before a
 * step.
 * @returns the music, and a function that frees it once the last trainer has released it
 */
export function lessonOf(
  corpus: PitchwiseCorpus,
  music: CompactMusic,
  layout: Layout,
  heap: Heap,
): { readonly placed: PlacedMusic; readonly release: () => void } {
  const tables = JSON.stringify([layout.places, layout.planned, layout.chordTones]),
    known = lessons.get(corpus);
  const shared = known?.heap === heap && known.tables === tables;
  const lesson = shared ? known : {
    ...{ heap, tables, trainers: 0 },
    placed: placeMusic(heap, music, corpus.grid, layout, { plans: plansOf(corpus) }),
  };
  lesson.trainers++;
  if (!known) lessons.set(corpus, lesson);
  return {
    placed: lesson.placed,
    release() {
      if (--lesson.trainers > 0) return;
      lesson.placed.free();
      if (lessons.get(corpus) === lesson) lessons.delete(corpus);
    },
  };
}

/** Plans of the corpus's own pieces, computed once. */
function plansOf(corpus: PitchwiseCorpus): readonly PlanReader[] {
  const known = plans.get(corpus);
  if (known) return known;
  const { grid, ids, pieces, vocabulary, chords } = corpus;
  const made = pieces.map(({ offset, length, metres }, index) => {
    const frames = Array.from(ids.subarray(offset, offset + length), (id) => vocabulary.frame(id));
    const piece = { frames, metres };
    return planReader(planWithChords(planOf(piece, grid), piece, chords[index]!, grid), grid);
  });
  plans.set(corpus, made);
  return made;
}
