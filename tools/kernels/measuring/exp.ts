import { E, exp4, loadSome, storeSome } from "../../../lib/wasm/kernels/exp";

/** e^x of `length` values, see exp4; ∞ above 88.37. `one` is 1. */
export function exponentials(from: usize, to: usize, length: i32, one: f32): void {
  const ones = f32x4.splat(one), log2e = f32x4.splat(one * E.log2e);
  const magic = f32x4.splat(one * E.magic);
  const ln2High = f32x4.splat(one * E.ln2High), ln2Low = f32x4.splat(one * E.ln2Low);
  const q0 = f32x4.splat(one * E.q0), q1 = f32x4.splat(one * E.q1), q2 = f32x4.splat(one * E.q2);
  const q3 = f32x4.splat(one * E.q3), q4 = f32x4.splat(one * E.q4);
  const lowest = f32x4.splat(one * E.lowest), highest = f32x4.splat(one * E.highest);
  const infinity = f32x4.splat(one * f32.MAX_VALUE * 2);
  for (let i = 0; i < length; i += 4) {
    const x = i + 4 <= length ? v128.load(from) : loadSome(from, length - i);
    const y = exp4(x, ones, log2e, magic, ln2High, ln2Low, q0, q1, q2, q3, q4, lowest);
    const result = v128.bitselect(infinity, y, f32x4.gt(x, highest));
    if (i + 4 <= length) v128.store(to, result);
    else storeSome(to, result, length - i);
    from += 16;
    to += 16;
  }
}
