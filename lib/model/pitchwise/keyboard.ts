import { HELD, pitchOf } from "../../tokens/frame.ts";
import type { Grid } from "../../tokens/piece.ts";
import type { Keyboard } from "./layout.ts";
import type { CompactMusic } from "./music.ts";

/** Margin in pitches beyond the highest and lowest of the corpus. */
const MARGIN = 2;

/** Ln probability that a pitch outside the keyboard sounds, and that it does not. */
const OUTSIDE = Math.log(1e-6), INSIDE = Math.log1p(-1e-6);

/**
 * Pitch range of a corpus with a margin, and the share of frames in which each pitch is in each
 * state.
 * @param base keyboard to be included in any case, so that a base's knowledge of pitches that a
 *   small corpus lacks is preserved
 */
export function keyboardOf(
  music: CompactMusic,
  grid: Grid,
  base?: Pick<Keyboard, "lowest" | "pitches">,
): Keyboard & { readonly frequencies: Float32Array } {
  const states = grid.attacks ? 2 : 1, counts = new Float64Array(states * 128);
  for (const id of music.ids) {
    for (let c = music.starts[id]!; c < music.starts[id + 1]!; c++) {
      const code = music.codes[c]!;
      counts[grid.attacks ? code : pitchOf(code)]!++;
    }
  }
  let low = 127, high = 0;
  counts.forEach((count, code) => {
    if (count === 0) return;
    low = Math.min(low, code % HELD);
    high = Math.max(high, code % HELD);
  });
  if (low > high) [low, high] = [60, 60];
  const lowest = Math.max(0, Math.min(low - MARGIN, base?.lowest ?? 127));
  const highest = Math.max(high + MARGIN, base ? base.lowest + base.pitches - 1 : 0);
  const pitches = Math.min(127, highest) - lowest + 1;
  const frequencies = new Float32Array(states * pitches);
  for (let state = 0; state < states; state++) {
    for (let p = 0; p < pitches; p++) {
      frequencies[state * pitches + p] = counts[state * HELD + lowest + p]! /
        Math.max(1, music.ids.length);
    }
  }
  return { lowest, pitches, states, frequencies };
}

/** Loss in nats of the pitches outside the keyboard in frame `frame` of `music`. */
export function outsideLoss(
  music: CompactMusic,
  frame: number,
  keyboard: Keyboard,
): number {
  const id = music.ids[frame]!;
  let outside = 0;
  for (let c = music.starts[id]!; c < music.starts[id + 1]!; c++) {
    const pitch = pitchOf(music.codes[c]!) - keyboard.lowest;
    if (pitch < 0 || pitch >= keyboard.pitches) outside++;
  }
  return -(128 - keyboard.pitches - outside) * INSIDE - outside * OUTSIDE;
}
