import { startPitchwise } from "../../../lib/model/architectures.ts";
import type { Heap } from "../../../lib/wasm/heap.ts";
import { compactPieces } from "../../../lib/model/pitchwise/music.ts";
import type { PitchwiseSettings } from "../../../lib/model/pitchwise/settings.ts";
import type { PitchwiseCorpus } from "../../../lib/model/pitchwise/corpus.ts";
import { Random } from "../../../lib/random.ts";
import type { Frame } from "../../../lib/tokens/frame.ts";
import type { Metre, Piece } from "../../../lib/tokens/piece.ts";

/** Started before the tests, so that none of them seems to leak its threads. */
const backend = await startPitchwise({ threads: 2 });

/** A network small enough for tests, with something of everything. */
export const small: PitchwiseSettings = {
  width: 24,
  layers: 1,
  lags: [1, 2, 3, 5, 8, 20],
  radius: [5, 3],
  chords: true,
  dropout: 0,
  inputDropout: 0,
  pastNoise: 0,
  transpose: 0,
  memoryEpochs: Infinity,
  averaging: 1,
  clip: 10,
};

/** The backend as heap, with two threads, or on the calling thread alone. */
export function heapOf(threads: 1 | 2): Heap {
  if (threads === 2) return backend;
  return {
    ...backend,
    threads: 1,
    parallel: (kernel, args) => void backend.run(kernel, ...args(0, 1)),
  };
}

/** A piece of random notes from `lowest` on; with attacks, some of what sounded is held. */
export function randomPiece(
  random: Random,
  options: { length: number; attacks: boolean; lowest?: number; pitches?: number },
): Piece {
  const { length, attacks, lowest = 60, pitches = 6 } = options;
  const frames: Frame[] = [];
  for (let t = 0; t < length; t++) {
    // Some frames repeat, so that there are echoes.
    if (!attacks && t > 8 && random.next() < 0.5) {
      frames.push(frames[t - 7]!);
      continue;
    }
    const before = new Set(frames.at(-1)?.map((code) => code & 127));
    const frame: number[] = [];
    for (let pitch = lowest; pitch < lowest + pitches; pitch++) {
      if (random.next() > 0.4) continue;
      const held = attacks && before.has(pitch) && random.next() < 0.6;
      frame.push(held ? pitch + 128 : pitch);
    }
    frames.push(frame);
  }
  const metres: Metre[] = [
    { frame: 0, stepsPerBar: 3, phase: 1 },
    { frame: 11, stepsPerBar: 4, phase: 0 },
  ];
  return { name: "random", frames, metres };
}

/** Pieces as a corpus. */
export function corpusOf(pieces: readonly Piece[], attacks: boolean): PitchwiseCorpus {
  const { ids, starts, codes, pieces: ranges } = compactPieces(pieces);
  return {
    grid: { unit: "beat", steps: 2, attacks },
    ids,
    pieces: ranges,
    chords: ranges.map(() => []),
    vocabulary: {
      size: starts.length - 1,
      frame: (id) => [...codes.subarray(starts[id]!, starts[id + 1]!)],
    },
  };
}

/** All frames of a keyboard, given what sounded before. */
export function everyFrame(lowest: number, pitches: number, before: Frame | undefined): Frame[] {
  let frames: Frame[] = [[]];
  for (let pitch = lowest; pitch < lowest + pitches; pitch++) {
    const could = before?.some((code) => (code & 127) === pitch) ?? false;
    frames = frames.flatMap((frame) => [
      frame,
      [...frame, pitch],
      ...(could ? [[...frame, pitch + 128]] : []),
    ]);
  }
  return frames;
}

export { Random };
