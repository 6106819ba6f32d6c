import * as fields from "./kernels/fields.ts";
import { shiftMetres } from "../../tokens/excerpt.ts";
import { type Frame, pitchOf, REST } from "../../tokens/frame.ts";
import type { Grid, Metre, Piece } from "../../tokens/piece.ts";
import { type Layout, PLACES } from "./layout.ts";
import type { Past } from "../model.ts";
import type { PlanReader } from "./plan_words.ts";

/** Compact music for the kernels: memory grows with the number of frames, not with the keyboard. */
export interface CompactMusic {
  /** Combination id of each frame; pieces are contiguous. */
  readonly ids: Int32Array;
  /** Start of each combination's codes in `codes`, and the end of the last. */
  readonly starts: Int32Array;
  readonly codes: Uint8Array;
  /** Maximum number of notes in a combination. */
  readonly mostNotes: number;
  readonly pieces: readonly PieceRange[];
}

/** Frame range of a piece, with its metres. */
export interface PieceRange {
  readonly offset: number;
  readonly length: number;
  readonly metres: readonly Metre[];
}

/** Encodes frames compactly: equal frames get equal numbers. */
export function compact(
  ids: Int32Array,
  combinations: number,
  frame: (id: number) => Frame,
  pieces: readonly PieceRange[],
): CompactMusic {
  const starts = new Int32Array(combinations + 1);
  let mostNotes = 0;
  for (let id = 0; id < combinations; id++) {
    const notes = frame(id).length;
    starts[id + 1] = starts[id]! + notes;
    mostNotes = Math.max(mostNotes, notes);
  }
  const codes = new Uint8Array(starts[combinations]!);
  for (let id = 0; id < combinations; id++) codes.set(frame(id), starts[id]!);
  return { ids, starts, codes, mostNotes, pieces };
}

/** Encodes pieces whose frames are not numbered yet. */
export function compactPieces(pieces: readonly Piece[]): CompactMusic {
  const { idOf, music } = numbering(), ranges: PieceRange[] = [];
  const ids = new Int32Array(pieces.reduce((sum, piece) => sum + piece.frames.length, 0));
  let at = 0;
  for (const piece of pieces) {
    ranges.push({ offset: at, length: piece.frames.length, metres: piece.metres });
    for (const frame of piece.frames) ids[at++] = idOf(frame);
  }
  return music(ids, ranges);
}

/**
 * Number of combinations up to which an encoder keeps their numbers from call to call; or twice as
 * many as the contexts of one call have, if that is more. All are copied to the heap each time.
 */
const MOST_KEPT = 512;

/**
 * Encoder of the last frames of contexts, at most `window` of each, with a rest in place of the next
 * frame. It keeps the numbers of a context's frames, to which more may be appended between calls.
 */
export function contextEncoder(window: number): (pasts: readonly Past[]) => CompactMusic {
  let numbers = numbering(), known = new WeakMap<readonly Frame[], number[]>(), most = MOST_KEPT;
  const idsOf = (frames: readonly Frame[], cut: number, primer?: readonly Frame[]): number[] => {
    let ids = known.get(frames);
    if (!ids) known.set(frames, ids = primer ? [...idsOf(primer, 0)] : new Array(cut).fill(0));
    for (let t = ids.length; t < frames.length; t++) ids.push(numbers.idOf(frames[t]!));
    return ids;
  };
  return (pasts) => {
    const isFull = numbers.count() > most;
    if (isFull) [numbers, known] = [numbering(), new WeakMap()];
    const ranges: PieceRange[] = [];
    const lengthOf = ({ frames }: Past) => Math.min(window, frames.length) + 1;
    const ids = new Int32Array(pasts.reduce((sum, past) => sum + lengthOf(past), 0));
    let offset = 0;
    for (const past of pasts) {
      const { frames, primer } = past, length = lengthOf(past), cut = frames.length - length + 1;
      const own = idsOf(frames, cut, primer);
      ids.set(cut > 0 ? own.slice(cut) : own, offset);
      ids[offset + length - 1] = numbers.idOf(REST);
      ranges.push({ offset, length, metres: shiftMetres(past.metres, -cut) });
      offset += length;
    }
    if (isFull) most = Math.max(MOST_KEPT, 2 * numbers.count());
    return numbers.music(ids, ranges);
  };
}

/** Numbers frames in the order in which they are met, and keeps their codes. */
function numbering() {
  const known = new Map<string, number>();
  let starts = new Int32Array(256), codes = new Uint8Array(1024), mostNotes = 0;
  return {
    count: () => known.size,
    idOf(frame: Frame): number {
      const key = String.fromCharCode(...frame), met = known.get(key), id = known.size;
      if (met !== undefined) return met;
      known.set(key, id);
      const from = starts[id]!, end = from + frame.length;
      if (id + 1 >= starts.length) {
        starts = new Int32Array(starts.buffer.transfer(8 * starts.length));
      }
      if (end > codes.length) codes = new Uint8Array(codes.buffer.transfer(2 * end));
      codes.set(frame, from);
      starts[id + 1] = end;
      mostNotes = Math.max(mostNotes, frame.length);
      return id;
    },
    music: (ids: Int32Array, pieces: readonly PieceRange[]): CompactMusic => ({
      ...{ ids, mostNotes, pieces },
      starts: starts.subarray(0, known.size + 1),
      codes: codes.subarray(0, starts[known.size]),
    }),
  };
}

/** Bit masks of the sounding pitches: four words per combination. */
export function masksOf(music: CompactMusic): Int32Array {
  const combinations = music.starts.length - 1, masks = new Int32Array(4 * combinations);
  for (let id = 0; id < combinations; id++) {
    for (let c = music.starts[id]!; c < music.starts[id + 1]!; c++) {
      const pitch = pitchOf(music.codes[c]!);
      masks[4 * id + (pitch >> 5)]! |= 1 << (pitch & 31);
    }
  }
  return masks;
}

/**
 * Writes each frame's features besides its notes, FRAME_WORDS words per frame: the start of its
 * piece, its position in the bar, and the plan's features. Its echoes are left for the kernel to
 * find.
 *
 * @param from first frame of interest in each piece; earlier ones are left out
 * @param plans one per piece, or none
 */
export function writeInformation(
  words: Int32Array,
  music: CompactMusic,
  grid: Grid,
  layout: Layout,
  from: (length: number) => number = () => 0,
  plans: readonly (PlanReader | undefined)[] = [],
): void {
  for (const [index, { offset, length, metres }] of music.pieces.entries()) {
    const place = placesIn(metres, grid), plan = plans[index];
    for (let t = from(length); t < length; t++) {
      const at = (offset + t) * fields.FRAME_WORDS;
      words[at + fields.PIECE_START] = offset;
      for (const [table, row] of place(t).entries()) {
        words[at + fields.PLACES + table] = row < 0 ? -1 : layout.places[table]! + row;
      }
      writePlan(words.subarray(at, at + fields.FRAME_WORDS), plan, t, offset, layout);
    }
  }
}

function writePlan(
  words: Int32Array,
  plan: PlanReader | undefined,
  frame: number,
  offset: number,
  { planned, chordTones, chordTimes }: Layout,
): void {
  const said = plan?.at(frame);
  words[fields.ECHO_FRAME + 2] = said && said.likeFrame >= 0 ? offset + said.likeFrame : -1;
  words[fields.ECHO_KIND + 2] = said?.likeKind ?? 0;
  words[fields.ECHO_TRANSPOSE] = said?.transpose ?? 0;
  for (let i = 0; i < fields.PLANNED_COUNT; i++) {
    const row = said?.rows[i] ?? -1;
    words[fields.PLANNED + i] = row < 0 ? -1 : planned[i]! + row;
  }
  for (let i = 0; i < fields.CHORD_TONES_COUNT; i++) {
    const tone = said?.chords?.tones[i], first = chordTones[i]!;
    words[fields.CHORD_TONES + i] = !tone || first < 0 ? -1 : 16 * (first + tone.row) + tone.from;
  }
  for (let i = 0; i < fields.CHORD_TIMES_COUNT; i++) {
    const row = said?.chords?.times[i] ?? -1, first = chordTimes[i]!;
    words[fields.CHORD_TIMES + i] = row < 0 || first < 0 ? -1 : first + row;
  }
  words[fields.HALF_CLASSES] = said?.halfClasses ?? 0;
  words[fields.BAR_CLASSES] = said?.barClasses ?? 0;
  words[fields.TOP] = said?.top ?? -1;
  words[fields.BOTTOM] = said?.bottom ?? -1;
  words[fields.ONSETS] = said?.onsets ?? -1;
}

/**
 * Looks up the rows of the three tables of {@linkcode PLACES}, or −1, for frames in ascending
 * order.
 */
export function placesIn(metres: readonly Metre[], grid: Grid): (frame: number) => number[] {
  let index = -1, bars = 0;
  return (frame) => {
    if (grid.unit !== "beat" || metres.length === 0) return [-1, -1, -1];
    while (index + 1 < metres.length && metres[index + 1]!.frame <= frame) {
      index++;
      const metre = metres[index]!, before = metres[index - 1];
      if (before) {
        bars += Math.ceil((metre.frame - before.frame + before.phase) / before.stepsPerBar);
      }
    }
    const metre = metres[Math.max(0, index)]!;
    const steps = frame - metre.frame + metre.phase;
    const bar = Math.floor(steps / metre.stepsPerBar + 1e-6);
    const phase = Math.max(0, steps - bar * metre.stepsPerBar), part = phase / metre.stepsPerBar;
    const inFour = (((bars + bar) % 4) + 4) % 4;
    return [
      Math.min(PLACES.steps_into_bar - 1, Math.round(phase)),
      Math.round(part * PLACES.part_of_bar) % PLACES.part_of_bar,
      inFour * 4 + Math.min(3, Math.floor(part * 4 + 1e-6)),
    ];
  };
}
