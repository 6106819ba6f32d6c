// Output layer for a few rows, as in generation.
import { loadSome, storeSome } from "../../../wasm/kernels/exp";
import { madd } from "../../../wasm/kernels/simd";

/** Columns per block: eight rows of their weights fit the first-level cache. */
const block: i32 = 512;

/**
 * Matrix product hidden · weights + bias for a few rows: the weights, whose reading dominates the
 * time, are read once and in order. One thread's columns, `first` to `last` (excluded).
 * @param hidden [rows][inputs]
 * @param weights [inputs][classes]
 * @param out [rows][classes]
 */
export function skinnyScores(
  hidden: usize,
  weights: usize,
  bias: usize,
  out: usize,
  rows: i32,
  inputs: i32,
  classes: i32,
  first: i32,
  last: i32,
): void {
  const stride = <usize> classes << 2;
  for (; first < last; first += block) {
    const columns = min(block, last - first);
    const offset = <usize> first << 2;
    for (let row = 0; row < rows; row++) {
      memory.copy(out + <usize> row * stride + offset, bias + offset, <usize> columns << 2);
    }
    let input = 0;
    for (; input + 8 <= inputs; input += 8) {
      let row = 0;
      for (; row + 4 <= rows; row += 4) {
        const h = hidden + (<usize> (row * inputs + input) << 2);
        const w = weights + <usize> input * stride + offset;
        const to = out + <usize> row * stride + offset;
        addFourByFour(h, <usize> inputs << 2, w, stride, to, columns);
        addFourByFour(h + 16, <usize> inputs << 2, w + 4 * stride, stride, to, columns);
      }
      for (; row < rows; row++) {
        const h = hidden + (<usize> (row * inputs + input) << 2);
        const w = weights + <usize> input * stride + offset;
        addEight(h, w, stride, out + <usize> row * stride + offset, columns);
      }
    }
    for (; input < inputs; input++) {
      for (let row = 0; row < rows; row++) {
        const h = hidden + (<usize> (row * inputs + input) << 2);
        const w = weights + <usize> input * stride + offset;
        addOne(h, w, out + <usize> row * stride + offset, columns);
      }
    }
  }
}

/** Four rows of out += four values of each row of hidden · four rows of the weights. */
function addFourByFour(
  h: usize,
  hStride: usize,
  w: usize,
  stride: usize,
  out: usize,
  columns: i32,
): void {
  const a0 = v128.load32_splat(h), a1 = v128.load32_splat(h, 4);
  const a2 = v128.load32_splat(h, 8), a3 = v128.load32_splat(h, 12);
  h += hStride;
  const b0 = v128.load32_splat(h), b1 = v128.load32_splat(h, 4);
  const b2 = v128.load32_splat(h, 8), b3 = v128.load32_splat(h, 12);
  h += hStride;
  const c0 = v128.load32_splat(h), c1 = v128.load32_splat(h, 4);
  const c2 = v128.load32_splat(h, 8), c3 = v128.load32_splat(h, 12);
  h += hStride;
  const d0 = v128.load32_splat(h), d1 = v128.load32_splat(h, 4);
  const d2 = v128.load32_splat(h, 8), d3 = v128.load32_splat(h, 12);
  const w1 = w + stride, w2 = w + 2 * stride, w3 = w + 3 * stride;
  const out1 = out + stride, out2 = out + 2 * stride, out3 = out + 3 * stride;
  const end = <usize> columns << 2;
  for (let at: usize = 0; at < end; at += 16) {
    if (at + 16 > end) { // the last columns, one to three
      const left = <i32> (end - at) >> 2;
      const x0 = loadSome(w + at, left), x1 = loadSome(w1 + at, left);
      const x2 = loadSome(w2 + at, left), x3 = loadSome(w3 + at, left);
      let sum = madd(x0, a0, loadSome(out + at, left));
      storeSome(out + at, madd(x3, a3, madd(x2, a2, madd(x1, a1, sum))), left);
      sum = madd(x0, b0, loadSome(out1 + at, left));
      storeSome(out1 + at, madd(x3, b3, madd(x2, b2, madd(x1, b1, sum))), left);
      sum = madd(x0, c0, loadSome(out2 + at, left));
      storeSome(out2 + at, madd(x3, c3, madd(x2, c2, madd(x1, c1, sum))), left);
      sum = madd(x0, d0, loadSome(out3 + at, left));
      storeSome(out3 + at, madd(x3, d3, madd(x2, d2, madd(x1, d1, sum))), left);
      return;
    }
    const x0 = v128.load(w + at), x1 = v128.load(w1 + at);
    const x2 = v128.load(w2 + at), x3 = v128.load(w3 + at);
    const a = madd(x3, a3, madd(x2, a2, madd(x1, a1, madd(x0, a0, v128.load(out + at)))));
    v128.store(out + at, a);
    const b = madd(x3, b3, madd(x2, b2, madd(x1, b1, madd(x0, b0, v128.load(out1 + at)))));
    v128.store(out1 + at, b);
    const c = madd(x3, c3, madd(x2, c2, madd(x1, c1, madd(x0, c0, v128.load(out2 + at)))));
    v128.store(out2 + at, c);
    const d = madd(x3, d3, madd(x2, d2, madd(x1, d1, madd(x0, d0, v128.load(out3 + at)))));
    v128.store(out3 + at, d);
  }
}

/** out += eight values of hidden · eight rows of the weights. */
function addEight(h: usize, w: usize, stride: usize, out: usize, columns: i32): void {
  const h0 = v128.load32_splat(h), h1 = v128.load32_splat(h, 4);
  const h2 = v128.load32_splat(h, 8), h3 = v128.load32_splat(h, 12);
  const h4 = v128.load32_splat(h, 16), h5 = v128.load32_splat(h, 20);
  const h6 = v128.load32_splat(h, 24), h7 = v128.load32_splat(h, 28);
  let w1 = w + stride, w2 = w + 2 * stride, w3 = w + 3 * stride;
  let w4 = w + 4 * stride, w5 = w + 5 * stride, w6 = w + 6 * stride, w7 = w + 7 * stride;
  const end = out + (<usize> (columns & ~3) << 2);
  while (out < end) {
    let sum = madd(v128.load(w), h0, v128.load(out));
    let other = f32x4.mul(v128.load(w1), h1);
    sum = madd(v128.load(w2), h2, sum);
    other = madd(v128.load(w3), h3, other);
    sum = madd(v128.load(w4), h4, sum);
    other = madd(v128.load(w5), h5, other);
    sum = madd(v128.load(w6), h6, sum);
    other = madd(v128.load(w7), h7, other);
    v128.store(out, f32x4.add(sum, other));
    out += 16;
    w += 16;
    w1 += 16;
    w2 += 16;
    w3 += 16;
    w4 += 16;
    w5 += 16;
    w6 += 16;
    w7 += 16;
  }
  const left = columns & 3;
  if (left == 0) return;
  let sum = madd(loadSome(w, left), h0, loadSome(out, left));
  sum = madd(loadSome(w1, left), h1, sum);
  sum = madd(loadSome(w2, left), h2, sum);
  sum = madd(loadSome(w3, left), h3, sum);
  sum = madd(loadSome(w4, left), h4, sum);
  sum = madd(loadSome(w5, left), h5, sum);
  sum = madd(loadSome(w6, left), h6, sum);
  storeSome(out, madd(loadSome(w7, left), h7, sum), left);
}

/** out += one value of hidden · one row of the weights. */
function addOne(h: usize, w: usize, out: usize, columns: i32): void {
  const factor = v128.load32_splat(h);
  const end = out + (<usize> (columns & ~3) << 2);
  while (out < end) {
    v128.store(out, madd(v128.load(w), factor, v128.load(out)));
    out += 16;
    w += 16;
  }
  const left = columns & 3;
  if (left) storeSome(out, madd(loadSome(w, left), factor, loadSome(out, left)), left);
}
