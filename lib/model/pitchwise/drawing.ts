import { type Frame, HELD, pitchOf } from "../../tokens/frame.ts";
import type { Grid } from "../../tokens/piece.ts";
import { type Blocks, bytesAt, doublesAt } from "../../wasm/blocks.ts";
import type { Heap } from "../../wasm/heap.ts";
import { type Past, type Sampling, STAYS, STRUCK } from "../model.ts";
import * as fields from "./kernels/fields.ts";
import type { Keyboard } from "./layout.ts";
import { logitBiasesOf, type NoteStatistics, silenceIsOver } from "./note_statistics.ts";

/** A length that no note reaches. */
const NO_LIMIT = 2 ** 30;

/** What is to be drawn. */
export interface Drawing {
  /** What the frames follow. */
  readonly pasts: readonly Past[];
  readonly sampling: Sampling;
  /** Per past, a frame that must not be drawn, if any. */
  readonly avoid: readonly (Frame | undefined)[];
  /** Per past, for each of the 128 pitches what is given of it. */
  readonly givens?: readonly Uint8Array[];
  /** Whether the chances of what is given are told; then each frame is the first that comes. */
  readonly weighs?: boolean;
}

/**
 * Puts a drawing block into `blocks`, and reads what the kernel leaves of it.
 * @param statistics of the corpus; without, the rules that need them do nothing
 */
export function placeDrawing(
  heap: Heap,
  blocks: Blocks,
  { pasts, sampling, avoid, givens, weighs = false }: Drawing,
  grid: Grid,
  statistics: NoteStatistics | undefined,
) {
  const count = pasts.length;
  const words = new Int32Array(fields.DRAWING_WORDS), reals = new Float32Array(words.buffer);
  const drawn = blocks.zeros(count * fields.DRAWN_BYTES),
    chances = weighs ? blocks.zeros(8 * count) : 0;
  const follows = (rule: "note-density" | "longest-silence" | "longest-note") =>
    sampling.rules?.includes(rule) ? statistics : undefined;
  const density = follows("note-density"), silence = follows("longest-silence");
  reals[fields.TEMPERATURE] = sampling.temperature;
  words[fields.TOP_K] = sampling.topK;
  reals[fields.TOP_P] = sampling.topP;
  words[fields.AVOIDED] = blocks.copy(avoidedBytes(count, avoid));
  words[fields.DRAWN] = drawn;
  words[fields.LOGIT_BIASES] = blocks.copy(Float32Array.from(
    pasts.flatMap(({ frames }) => density ? logitBiasesOf(frames, density, grid) : [0, 0]),
  ));
  words[fields.SILENCE_BARRED] = blocks.copy(
    Uint8Array.from(pasts, ({ frames }) => silence && silenceIsOver(frames, silence) ? 1 : 0),
  );
  words[fields.LONGEST_NOTE] = follows("longest-note")?.longestNote ?? NO_LIMIT;
  words[fields.GIVEN] = givens ? blocks.copy(joined(givens)) : 0;
  words[fields.GIVEN_CHANCES] = chances;
  words[fields.KEEPS_PLAN] = sampling.rules?.includes("as-planned") ? 1 : 0;
  return {
    /** Address of the block. */
    block: blocks.copy(words),
    /** The frame that was drawn after a past. */
    frame(index: number): Frame {
      const address = drawn + index * fields.DRAWN_BYTES;
      const [notes, ...codes] = bytesAt(heap, address, fields.DRAWN_BYTES);
      return codes.slice(0, notes);
    },
    /** ln of the chances of what was given; 0 where nothing was. */
    logWeights: () => chances ? doublesAt(heap, chances, count).slice() : new Float64Array(count),
  };
}

function joined(givens: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(128 * givens.length);
  for (const [i, given] of givens.entries()) bytes.set(given, 128 * i);
  return bytes;
}

function avoidedBytes(count: number, avoid: readonly (Frame | undefined)[]): Uint8Array {
  const bytes = new Uint8Array(count * fields.DRAWN_BYTES);
  for (let i = 0; i < count; i++) {
    const frame = avoid[i];
    bytes[i * fields.DRAWN_BYTES] = frame ? frame.length : fields.NOTHING;
    if (frame) bytes.set(frame, i * fields.DRAWN_BYTES + 1);
  }
  return bytes;
}

/** A drawn frame with the given notes beyond the keyboard, which the network knows nothing of. */
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
