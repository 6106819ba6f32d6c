import { TAPS } from "../../lib/beats/network.ts";

/** Number of channels per item, and of items per passage. */
export interface Places {
  readonly channels: number;
  readonly length: number;
}

/**
 * Gathers the channels of each item and of the items `dilation` before and after it within its
 * passage.
 */
export function gatherTaps(
  hidden: Float32Array,
  taps: Float32Array,
  places: Places,
  dilation: number,
): void {
  const { channels } = places;
  eachTap(hidden.length / channels, places, dilation, (to, from) => {
    if (from < 0) taps.fill(0, to, to + channels);
    else for (let c = 0; c < channels; c++) taps[to + c] = hidden[from + c]!;
  });
}

/** Adds the gradients of taps to those of their channels. */
export function scatterTaps(
  dTaps: Float32Array,
  dHidden: Float32Array,
  places: Places,
  dilation: number,
): void {
  const { channels } = places;
  eachTap(dHidden.length / channels, places, dilation, (to, from) => {
    if (from < 0) return;
    for (let c = 0; c < channels; c++) dHidden[from + c]! += dTaps[to + c]!;
  });
}

/**
 * Calls a function for each item and tap with the offset of the tap and that of its channels, −1
 * beyond the passage.
 */
function eachTap(
  rows: number,
  { channels, length }: Places,
  dilation: number,
  visit: (tap: number, channels: number) => void,
): void {
  for (let i = 0; i < rows; i++) {
    const place = i % length;
    for (let tap = 0; tap < TAPS; tap++) {
      const shift = (tap - 1) * dilation, inside = place + shift >= 0 && place + shift < length;
      visit((i * TAPS + tap) * channels, inside ? (i + shift) * channels : -1);
    }
  }
}
