/** Sample rate of the transcriber's input, in Hz. */
export const HEARD_RATE = 22_050;

/** Zero crossings of the sinc on each side: 60 dB or more of stopband attenuation. */
const CROSSINGS = 16;

/** Maximum number of tabulated filter phases where the rates have no small ratio. */
const MOST_PHASES = 4096;

/**
 * Creates a streaming resampler to {@linkcode HEARD_RATE}: a Hann-windowed sinc whose passband fits
 * both rates.
 * @param rate sample rate of the input
 * @returns a function that takes the next block and gives the output available so far; without a
 *   block, the rest
 */
export function resampler(rate: number): (block?: Float32Array) => Float32Array {
  if (rate === HEARD_RATE) return (block) => block ?? new Float32Array(0);
  const step = rate / HEARD_RATE, slower = Math.max(1, step), reach = Math.ceil(CROSSINGS * slower);
  const phases = Math.min(MOST_PHASES, HEARD_RATE / gcd(rate, HEARD_RATE));
  const taps = 2 * reach, filters = new Float32Array(phases * taps);
  for (let phase = 0; phase < phases; phase++) {
    for (let tap = 0; tap < taps; tap++) {
      const x = (tap - reach + 1 - phase / phases) / slower;
      const window = Math.abs(x) < CROSSINGS ? 0.5 + 0.5 * Math.cos(Math.PI * x / CROSSINGS) : 0;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      filters[phase * taps + tap] = sinc * window / slower;
    }
  }
  let kept = new Float32Array(reach), first = -reach; // index of the first sample kept
  let next = 0, taken = 0;
  return (block) => {
    const more = block ?? new Float32Array(reach);
    const all = new Float32Array(kept.length + more.length);
    all.set(kept);
    all.set(more, kept.length);
    if (block) taken += block.length;
    const end = block ? first + all.length - reach : Math.min(first + all.length - reach, taken);
    const count = Math.max(0, Math.ceil(end / step) - next);
    const out = new Float32Array(count);
    for (let i = 0; i < count; i++, next++) {
      const at = next * step, whole = Math.floor(at);
      const filter = Math.min(phases - 1, Math.round((at - whole) * phases)) * taps;
      const from = whole - reach + 1 - first;
      let sum = 0;
      for (let tap = 0; tap < taps; tap++) sum += all[from + tap]! * filters[filter + tap]!;
      out[i] = sum;
    }
    const drop = Math.max(0, Math.floor(next * step) - reach + 1 - first);
    kept = all.slice(drop);
    first += drop;
    return out;
  };
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
