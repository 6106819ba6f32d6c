// What the kernel's echoes are, in plain loops.

/** Frames back that an earlier passage like the present one is looked for. */
const WINDOW = 1024;

/** An equal past is followed back for at most this many frames. */
const LONGEST = 128;

/** A similar past is compared over this many frames. */
const SPAN = 12;

/** Similarity of two frames is counted from 0 to this. */
const ALIKE = 8;

/** The two earlier moments from which the music can be expected to go on as it did then. */
export interface Echoes {
  /** The frame that followed the longest equal past (of several, the latest), or −1. */
  readonly equal: number;
  /** For how many frames that past is equal, 0 to {@linkcode LONGEST}. */
  readonly equalFrames: number;
  /** The frame that followed the past whose last frames share most notes with ours, or −1. */
  readonly similar: number;
  /** What they share, 0 to 1. */
  readonly similarity: number;
}

/**
 * Finds the echoes of every frame of a piece, in time proportional to its length.
 *
 * @param ids one number per frame, equal exactly where the frames are equal
 * @param masks per id, four 32-bit words with a bit per sounding pitch
 */
export function findEchoes(ids: Int32Array, masks: Int32Array): Echoes[] {
  const window = Math.min(WINDOW, ids.length);
  // Per lag: frames equal so far, similarity summed over the last SPAN frames, and those one by one.
  const run = new Int32Array(window + 1), sum = new Int32Array(window + 1);
  const recent = new Uint8Array(SPAN * (window + 1));
  return Array.from(ids, (_, t) => {
    const echoes = new Best(t), slot = (t % SPAN) * (window + 1);
    for (let lag = 1; lag <= Math.min(window, t - 1); lag++) {
      const last = ids[t - 1]!, other = ids[t - 1 - lag]!;
      run[lag] = last === other ? Math.min(LONGEST, run[lag]! + 1) : 0;
      const alike = similarity(masks, last, other);
      sum[lag]! += alike - recent[slot + lag]!;
      recent[slot + lag] = alike;
      echoes.see(lag, run[lag]!, sum[lag]!);
    }
    return echoes.found();
  });
}

/** Keeps the best of the lags that it sees, the smallest first. */
class Best {
  readonly #frame: number;
  #run = 0;
  #runLag = 0;
  #sum = 0;
  #sumLag = 0;

  constructor(frame: number) {
    this.#frame = frame;
  }

  see(lag: number, run: number, sum: number): void {
    if (run > this.#run) {
      this.#run = run;
      this.#runLag = lag;
    }
    if (sum > this.#sum) {
      this.#sum = sum;
      this.#sumLag = lag;
    }
  }

  found(): Echoes {
    return {
      equal: this.#run > 0 ? this.#frame - this.#runLag : -1,
      equalFrames: this.#run,
      similar: this.#sum > 0 ? this.#frame - this.#sumLag : -1,
      similarity: this.#sum / (SPAN * ALIKE),
    };
  }
}

/** Notes that both have of the notes that either has, 0 to ALIKE; all of them where the frames are equal. */
function similarity(masks: Int32Array, a: number, b: number): number {
  if (a === b) return ALIKE;
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
