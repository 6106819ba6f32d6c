import { type Frame, HELD, pitchOf, sameFrame } from "../../tokens/frame.ts";
import type { Grid } from "../../tokens/piece.ts";
import { type Blocks, bytesAt, doublesAt } from "../../wasm/blocks.ts";
import type { Heap } from "../../wasm/heap.ts";
import { type Past, STAYS, STRUCK } from "../model.ts";
import type { Sampling } from "../sampling.ts";
import * as fields from "./kernels/fields.ts";
import type { Keyboard } from "./layout.ts";
import { logitBiasesOf, type NoteStatistics, silenceIsOver } from "./note_statistics.ts";

/** A length beyond that of any note. */
const NO_LIMIT = 2 ** 30;

/** Request to sample frames. */
export interface Drawing {
  /** Contexts that the frames follow. */
  readonly pasts: readonly Past[];
  readonly sampling: Sampling;
  /** Per context, a frame that must not be sampled, if any. */
  readonly avoid: readonly (Frame | undefined)[];
  /** Per context, the constraint on each of the 128 pitches. */
  readonly constraints?: readonly Uint8Array[];
  /**
   * Whether to compute the probabilities of the constraints; each frame is then the first sample.
   */
  readonly weighs?: boolean;
}

/** Order of the sampling targets, with those of the same context side by side. */
interface DrawingOrder {
  /** Contexts without duplicates, except where constraints differ. */
  readonly distinct: readonly Past[];
  /** Index in the request of each target in this order. */
  readonly order: readonly number[];
  /** Index of the distinct context of each target in this order. */
  readonly which: readonly number[];
  /** Family of each distinct context: families share all but their last frames. */
  readonly families: readonly number[];
  /** Number of last frames that the contexts of each family do not share. */
  readonly ownFrames: readonly number[];
}

/** Maximum number of last frames that may differ within a family. */
const MOST_OWN_FRAMES = 64;

/**
 * Sorts targets so that equal contexts are adjacent, as are related ones: pieces continued from the
 * same primer are equal for a while and keep sharing its frames.
 */
export function orderOf(
  { pasts, constraints }: Pick<Drawing, "pasts" | "constraints">,
): DrawingOrder {
  const distinct: Past[] = [], families: number[] = [], whichOf: number[] = [];
  const heads: Past[] = [], ownFrames: number[] = [], given: (Uint8Array | undefined)[] = [];
  for (const [i, past] of pasts.entries()) {
    const known = distinct.findIndex((one, at) =>
      framesApart(one, past) === 0 && sameBytes(given[at], constraints?.[i])
    );
    whichOf.push(known < 0 ? distinct.length : known);
    if (known >= 0) continue;
    distinct.push(past);
    given.push(constraints?.[i]);
    const kin = heads.findIndex((head) => framesApart(head, past) <= MOST_OWN_FRAMES);
    const family = kin < 0 ? heads.push(past) - 1 : kin;
    ownFrames[family] = Math.max(ownFrames[family] ?? 0, framesApart(heads[family]!, past));
    families.push(family);
  }
  const order = [...pasts.keys()].sort((a, b) =>
    families[whichOf[a]!]! - families[whichOf[b]!]! || whichOf[a]! - whichOf[b]! || a - b
  );
  return { distinct, order, which: order.map((i) => whichOf[i]!), families, ownFrames };
}

function sameBytes(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one === other || (one?.every((byte, i) => byte === other?.[i]) ?? false);
}

/** Number of last frames by which two contexts differ; 0: to the end. */
function framesApart(one: Past, other: Past): number {
  const { frames } = one, { length } = frames;
  if (one.plan !== other.plan || one.metres !== other.metres) return Infinity;
  if (length !== other.frames.length) return Infinity;
  const shared = one.primer === other.primer ? one.primer?.length ?? 0 : 0;
  for (let i = shared; i < length; i++) {
    const a = frames[i]!, b = other.frames[i]!;
    if (a !== b && !sameFrame(a, b)) return length - i;
  }
  return 0;
}

/**
 * Runs of targets with the same context, short enough to keep all threads busy.
 * @returns the start of each run, and the end of the last
 */
function runsOf({ which }: DrawingOrder, threads: number): Int32Array {
  const most = Math.ceil(which.length / threads), starts = [0];
  for (let i = 1; i < which.length; i++) {
    if (which[i] !== which[i - 1] || i - starts.at(-1)! >= most) starts.push(i);
  }
  return Int32Array.from([...starts, which.length]);
}

/**
 * Writes a drawing block into `blocks`, and reads the kernel's results.
 * @param statistics of the corpus; without them, the rules that need them have no effect
 */
export function placeDrawing(
  heap: Heap,
  blocks: Blocks,
  { sampling, avoid, constraints, weighs = false }: Drawing,
  drawn: DrawingOrder,
  grid: Grid,
  statistics: NoteStatistics | undefined,
) {
  const { distinct, order, which } = drawn, count = order.length;
  const words = new Int32Array(fields.DRAWING_WORDS), reals = new Float32Array(words.buffer);
  const runs = runsOf(drawn, heap.threads);
  const frames = blocks.zeros(count * fields.DRAWN_BYTES),
    chances = weighs ? blocks.zeros(8 * count) : 0;
  const follows = (rule: "note-density" | "longest-silence" | "longest-note") =>
    sampling.rules?.includes(rule) ? statistics : undefined;
  const density = follows("note-density"), silence = follows("longest-silence");
  reals[fields.TEMPERATURE] = sampling.temperature;
  words[fields.TOP_K] = sampling.topK;
  reals[fields.TOP_P] = sampling.topP;
  words[fields.AVOIDED] = blocks.copy(avoidedBytes(order.map((i) => avoid[i])));
  words[fields.DRAWN] = frames;
  const biases = distinct.map(({ frames }) =>
    density ? logitBiasesOf(frames, density, grid) : [0, 0]
  );
  words[fields.LOGIT_BIASES] = blocks.copy(
    Float32Array.from(which.flatMap((past) => biases[past]!)),
  );
  const silent = distinct.map(({ frames }) => silence && silenceIsOver(frames, silence) ? 1 : 0);
  words[fields.SILENCE_BARRED] = blocks.copy(Uint8Array.from(which, (past) => silent[past]!));
  words[fields.LONGEST_NOTE] = follows("longest-note")?.longestNote ?? NO_LIMIT;
  words[fields.GIVEN] = constraints ? blocks.copy(joined(order.map((i) => constraints[i]!))) : 0;
  words[fields.GIVEN_CHANCES] = chances;
  words[fields.KEEPS_PLAN] = sampling.rules?.includes("as-planned") ? 1 : 0;
  words[fields.RUNS] = blocks.copy(runs);
  words[fields.COUNT_OF_RUNS] = runs.length - 1;
  return {
    /** Address of the drawing block. */
    block: blocks.copy(words),
    /** The sampled frames, one per context. */
    frames(): Frame[] {
      const all: Frame[] = [];
      for (const [at, i] of order.entries()) {
        const bytes = bytesAt(heap, frames + at * fields.DRAWN_BYTES, fields.DRAWN_BYTES);
        all[i] = Array.from(bytes.subarray(1, 1 + bytes[0]!));
      }
      return all;
    },
    /** Ln probabilities of the constraints, one per context; 0 where there were none. */
    logWeights(): Float64Array {
      const all = new Float64Array(count);
      if (chances) doublesAt(heap, chances, count).forEach((value, at) => all[order[at]!] = value);
      return all;
    },
  };
}

function joined(constraints: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(128 * constraints.length);
  for (const [i, given] of constraints.entries()) bytes.set(given, 128 * i);
  return bytes;
}

function avoidedBytes(avoid: readonly (Frame | undefined)[]): Uint8Array {
  const bytes = new Uint8Array(avoid.length * fields.DRAWN_BYTES);
  for (const [i, frame] of avoid.entries()) {
    bytes[i * fields.DRAWN_BYTES] = frame ? frame.length : fields.NOTHING;
    if (frame) bytes.set(frame, i * fields.DRAWN_BYTES + 1);
  }
  return bytes;
}

/**
 * A sampled frame with the constrained notes beyond the keyboard added, which the network does not
 * model.
 */
export function withGiven(
  frame: Frame,
  given: Uint8Array,
  { lowest, pitches }: Keyboard,
  { attacks }: Grid,
): Frame {
  const beyond = Array.from(given.keys()).filter((pitch) =>
    (given[pitch] === STRUCK || given[pitch] === STAYS) &&
    (pitch < lowest || pitch >= lowest + pitches)
  );
  if (beyond.length === 0) return frame;
  const codes = beyond.map((pitch) => attacks && given[pitch] === STAYS ? pitch + HELD : pitch);
  return [...frame, ...codes].sort((a, b) => pitchOf(a) - pitchOf(b));
}
