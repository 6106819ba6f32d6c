/** Frames back that an earlier passage like the present one is looked for. */
export const ECHO_WINDOW = 1024;

/** How many past frames a passage is compared over when it need not be the same exactly. */
const SPAN = 12;

/** Likeness of two frames is counted from 0 to this. */
const ALIKE = 8;

/** For one frame: the frames that followed a past like its own, and how like that past was. */
export interface Echoes {
  /** Per frame: index of the frame that followed the longest equal past, or −1. */
  readonly equal: Int32Array;
  /** Per frame: how many frames that past was equal, 0 where there is none. */
  readonly equalFrames: Int32Array;
  /** Per frame: index of the frame that followed the most similar past, or −1. */
  readonly similar: Int32Array;
  /** Per frame: its similarity, 0 to 1. */
  readonly similarity: Float32Array;
}

/**
 * Finds, for every frame of a piece, the two earlier moments from which the music can be expected to
 * go on as it did then: the one whose past is equal for the longest time (of several, the latest),
 * and the one whose last {@linkcode SPAN} frames share most of their notes.
 *
 * @param ids one number per frame, equal exactly where the frames are equal
 * @param masks per id, four 32-bit words with a bit per sounding pitch
 */
export function findEchoes(ids: Int32Array, masks: Int32Array): Echoes {
  const length = ids.length;
  const equal = new Int32Array(length).fill(-1), equalFrames = new Int32Array(length);
  const similar = new Int32Array(length).fill(-1), similarity = new Float32Array(length);
  const window = Math.min(ECHO_WINDOW, length);
  const run = new Int32Array(window + 1), sum = new Int32Array(window + 1);
  const recent = new Uint8Array(SPAN * (window + 1));
  for (let t = 1; t < length; t++) {
    const last = ids[t - 1]!, slot = (t % SPAN) * (window + 1);
    let longest = 0, longestLag = 0, most = 0, mostLag = 0;
    const lags = Math.min(window, t - 1);
    for (let lag = 1; lag <= lags; lag++) {
      const other = ids[t - 1 - lag]!;
      const frames = last === other ? run[lag]! + 1 : 0;
      run[lag] = frames;
      if (frames > longest) {
        longest = frames;
        longestLag = lag;
      }
      const alike = last === other ? ALIKE : likeness(masks, last, other);
      const total = sum[lag]! + alike - recent[slot + lag]!;
      sum[lag] = total;
      recent[slot + lag] = alike;
      if (total > most) {
        most = total;
        mostLag = lag;
      }
    }
    if (longest > 0) {
      equal[t] = t - longestLag;
      equalFrames[t] = longest;
    }
    if (most > 0) {
      similar[t] = t - mostLag;
      similarity[t] = most / (SPAN * ALIKE);
    }
  }
  return { equal, equalFrames, similar, similarity };
}

/** Notes in common of notes in either, 0 to ALIKE. */
function likeness(masks: Int32Array, a: number, b: number): number {
  let both = 0, either = 0;
  for (let i = 0; i < 4; i++) {
    const x = masks[4 * a + i]!, y = masks[4 * b + i]!;
    both += ones(x & y);
    either += ones(x | y);
  }
  return Math.round(ALIKE * both / Math.max(1, either));
}

function ones(bits: number): number {
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
