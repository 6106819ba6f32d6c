import type { Heap } from "../wasm/heap.ts";
import { startHeap } from "../wasm/heap.ts";
import { activationsOf, KEYS, WINDOW } from "./network.ts";
import { type AllActivations, FULL } from "./notes.ts";
import { HEARD_RATE } from "./resample.ts";
import type { Sound } from "./sound.ts";
import { HOP } from "./spectrum.ts";
import { readWeights, type Weights } from "./weights.ts";
import { ownFile } from "../program.ts";

/** Transcriber: a heap with threads, and the network's weights. */
export interface Ear {
  readonly heap: Heap;
  readonly weights: Weights;
}

/**
 * Frames discarded at each end of a window for lack of context; windows overlap so that the rest is
 * contiguous.
 */
const EDGE = 15, STEP = WINDOW - 2 * EDGE * HOP;

/** Frames kept per window. */
const KEPT = Math.floor(STEP / HOP) + 1;

/** Starts the threads and reads the weights. @throws {Error} if the weights are missing or damaged */
export async function startEar(options: { readonly threads?: number } = {}): Promise<Ear> {
  const kernels = ownFile("lib/model/combination/kernels/");
  return { weights: await readWeights(), heap: await startHeap(kernels, options) };
}

/**
 * Activations of a recording, window by window.
 * @param onWindow called after each window with the seconds processed so far
 */
export async function listenTo(
  { heap, weights }: Ear,
  { samples, seconds }: Sound,
  onWindow: (seconds: number) => Promise<void>,
): Promise<AllActivations> {
  const windows = Math.max(1, Math.ceil(samples.length / STEP)), frames = windows * KEPT;
  const notes = new Uint8Array(frames * KEYS), onsets = new Uint8Array(frames * KEYS);
  const window = new Float32Array(WINDOW);
  for (let index = 0; index < windows; index++) {
    const from = index * STEP - EDGE * HOP;
    for (let i = 0; i < WINDOW; i++) window[i] = (samples[from + i] ?? 0) / 32_768;
    const heard = activationsOf(heap, window, weights);
    for (let i = 0; i < KEPT * KEYS; i++) {
      notes[index * KEPT * KEYS + i] = Math.round(FULL * heard.notes[EDGE * KEYS + i]!);
      onsets[index * KEPT * KEYS + i] = Math.round(FULL * heard.onsets[EDGE * KEYS + i]!);
    }
    await onWindow(Math.min(seconds, (index + 1) * STEP / HEARD_RATE));
  }
  return {
    ...{ frames, notes, onsets },
    secondsAt: (frame) => (Math.floor(frame / KEPT) * STEP + frame % KEPT * HOP) / HEARD_RATE,
  };
}
