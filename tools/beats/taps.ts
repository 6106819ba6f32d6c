import { TAPS } from "../../lib/beats/network.ts";

/** Channels of an item, and items of a passage. */
export interface Places {
  readonly channels: number;
  readonly length: number;
}

/** Each item's channels beside those `dilation` items before and after, within its passage. */
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

/** Adds the gradients of taps to those of the channels that they came from. */
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

/** Calls for each item and tap: where the tap lies, and where its channels do, −1 beyond the passage. */
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
