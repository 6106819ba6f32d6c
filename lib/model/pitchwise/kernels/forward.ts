// Forward pass of the network for one frame; see features.ts for the inputs of the first layer.
// Rows of the hidden layers are pitches.
import { madd, storeTwo } from "../../../wasm/kernels/simd";
import { endOfCodes, firstCode, word } from "./blocks";
import {
  activationOf,
  denseOf,
  firstOf,
  listsOf,
  logitsOf,
  packedOf,
  randomOf,
  SHARED_ROWS,
  TERM_BYTES,
  TERMS,
  termsOf,
} from "./buffers";
import { gatherBelow, gatherPast } from "./features";
import * as F from "./fields";
import { addScaled, dot, rowOf } from "./matrix";
import { spanAt, spanCount, startSpans } from "./spans";
import { multiplySparse, packPanels, packTransposed, prepareLists } from "./sparse";

/** Prepares a thread for products with the dense weights, and packs these; `back`: also their transposes. */
export function packWeights(network: usize, scratch: usize, back: bool): void {
  const H = word(network, F.WIDTH), layers = word(network, F.LAYERS);
  prepareLists(listsOf(network, scratch));
  for (let l = 0; l < layers; l++) {
    const weights = denseOf(network, <usize> word(network, F.WEIGHTS), l);
    packPanels(weights, packedOf(network, scratch, l), H, H);
    if (back) packTransposed(weights, packedOf(network, scratch, layers + l), H, H);
  }
}

/** Adds the spans from `from` on to the first layer. */
export function addSpans(network: usize, scratch: usize, from: i32): void {
  const n = spanCount(scratch);
  for (let s = from; s < n; s += TERMS) addTerms(network, scratch, s, min(n, s + TERMS));
}

/** Adds at most TERMS spans: the terms of each row are listed, then summed in registers. */
function addTerms(network: usize, scratch: usize, from: i32, end: i32): void {
  const weights = <usize> word(network, F.WEIGHTS), H = word(network, F.WIDTH);
  const rows = word(network, F.PITCHES) + SHARED_ROWS, stride = <usize> H << 2;
  const lists = termsOf(network, scratch), ends = lists + <usize> rows * TERM_BYTES;
  for (let r = 0; r < rows; r++) {
    store<u32>(ends + (<usize> r << 2), <u32> (lists + <usize> r * TERM_BYTES));
  }
  for (let s = from; s < end; s++) {
    const span = spanAt(scratch, s), begin = rowOf(weights, span.row, H);
    let at = ends + (<usize> span.first << 2);
    for (let i = 0, left = 0, row = begin; i < span.pitches; i++, left--) {
      if (left == 0) {
        row = begin;
        left = span.period;
      }
      const term = <usize> load<u32>(at);
      store<u32>(term, <u32> row);
      store<f32>(term, span.coefficient, 4);
      store<u32>(at, <u32> term + 8);
      at += 4;
      row += stride;
    }
  }
  for (let r = 0; r < rows; r++) {
    const list = lists + <usize> r * TERM_BYTES, last = <usize> load<u32>(ends + (<usize> r << 2));
    if (list == last) continue;
    const out = rowOf(firstOf(network, scratch), r, H);
    for (let offset: usize = 0; offset < stride; offset += 96) addList(list, last, out, offset);
  }
}

/** Adds the listed terms to 24 columns of a row, at an offset in bytes. */
function addList(list: usize, end: usize, out: usize, offset: usize): void {
  out += offset;
  let c0 = v128.load(out), c1 = v128.load(out, 16), c2 = v128.load(out, 32);
  let c3 = v128.load(out, 48), c4 = v128.load(out, 64), c5 = v128.load(out, 80);
  while (list < end) {
    const row = <usize> load<u32>(list) + offset, t = v128.load32_splat(list, 4);
    c0 = madd(t, v128.load(row), c0);
    c1 = madd(t, v128.load(row, 16), c1);
    c2 = madd(t, v128.load(row, 32), c2);
    c3 = madd(t, v128.load(row, 48), c3);
    c4 = madd(t, v128.load(row, 64), c4);
    c5 = madd(t, v128.load(row, 80), c5);
    list += 8;
  }
  storeTwo(out, c0, c1);
  storeTwo(out + 32, c2, c3);
  storeTwo(out + 64, c4, c5);
}

/** Size in bytes of the first layer, including the rows for pitch classes and for all pitches. */
export function firstBytes(network: usize): usize {
  return <usize> ((word(network, F.PITCHES) + SHARED_ROWS) * word(network, F.WIDTH)) << 2;
}

/** Adds the rows for pitch classes and for all pitches to every pitch. */
export function unfold(network: usize, scratch: usize): void {
  const H = word(network, F.WIDTH), P = word(network, F.PITCHES);
  const first = firstOf(network, scratch);
  const all = rowOf(first, P + 12, H);
  for (let c = 0; c < 12; c++) addScaled(rowOf(first, P + c, H), all, H, 1);
  for (let p = 0; p < P; p++) addScaled(rowOf(first, p, H), rowOf(first, P + p % 12, H), H, 1);
}

/** First layer of one frame with all inputs and the dropout passed in. */
export function forwardFirst(
  network: usize,
  music: usize,
  target: i32,
  groups: i32,
  scratch: usize,
  drop: f32,
  seed: i32,
): void {
  startSpans(scratch, seed, drop, word(network, F.SPANS));
  gatherPast(network, music, target, groups, scratch);
  const begin = firstCode(music, target), end = endOfCodes(music, target);
  for (let at = begin; at < end; at++) {
    gatherBelow(network, scratch, <i32> load<u8>(at), <i32> (at - begin));
  }
  memory.fill(firstOf(network, scratch), 0, firstBytes(network));
  addSpans(network, scratch, 0);
  unfold(network, scratch);
}

/** Hash that decorrelates similar seeds (Chris Wellons's lowbias32). */
function mix(x: u32): u32 {
  x ^= x >> 16;
  x *= 0x7feb352d;
  x ^= x >> 15;
  x *= 0x846ca68b;
  x ^= x >> 16;
  return x;
}

/**
 * ReLU with dropout: activation = ReLU(values), units dropped with probability `drop`; n a multiple
 * of 4.
 */
function rectify(values: usize, activation: usize, n: i32, drop: f32, state: usize): void {
  const zero = f32x4.splat(0), end = values + (<usize> n << 2);
  if (drop <= 0) {
    while (values < end) {
      v128.store(activation, f32x4.max(v128.load(values), zero));
      values += 16;
      activation += 16;
    }
    return;
  }
  const scale = f32x4.splat(1 / (1 - drop));
  const threshold = i32x4.splat(<i32> (drop * 2147483520.0)); // of 31 random bits
  let x = v128.load(state);
  while (values < end) {
    x = v128.xor(x, i32x4.shl(x, 13));
    x = v128.xor(x, i32x4.shr_u(x, 17));
    x = v128.xor(x, i32x4.shl(x, 5));
    const keep = i32x4.ge_s(i32x4.shr_u(x, 1), threshold);
    const value = f32x4.mul(f32x4.max(v128.load(values), zero), scale);
    v128.store(activation, v128.and(value, keep));
    values += 16;
    activation += 16;
  }
  v128.store(state, x);
}

/** Hidden layers and head of `rows` pitches from `from` on: logits[pitch][state]. */
export function forwardDense(
  network: usize,
  scratch: usize,
  from: i32,
  rows: i32,
  drop: f32,
  seed: i32,
): void {
  const H = word(network, F.WIDTH), layers = word(network, F.LAYERS);
  const P = word(network, F.PITCHES), states = word(network, F.STATES);
  const weights = <usize> word(network, F.WEIGHTS), logits = logitsOf(network, scratch);
  const random = randomOf(network, scratch), lists = listsOf(network, scratch);
  if (drop > 0) {
    for (let lane = 0; lane < 4; lane++) {
      store<u32>(random + (<usize> lane << 2), mix(<u32> seed + <u32> lane * 0x9e3779b9) | 1);
    }
  }
  let sum = activationOf(network, scratch, 0);
  rectify(rowOf(firstOf(network, scratch), from, H), sum, rows * H, drop, random);
  for (let l = 0; l < layers; l++) {
    const bias = rowOf(denseOf(network, weights, l), H, H);
    const activation = activationOf(network, scratch, l + 1);
    multiplySparse(sum, packedOf(network, scratch, l), activation, rows, H, H, bias, lists);
    rectify(activation, activation, rows * H, drop, random);
    const next = activationOf(network, scratch, layers + 1 + l);
    let x = sum, y = activation, z = next;
    const end = x + (<usize> (rows * H) << 2);
    while (x < end) {
      v128.store(z, f32x4.add(v128.load(x), v128.load(y)));
      x += 16;
      y += 16;
      z += 16;
    }
    sum = next;
  }
  const head = denseOf(network, weights, layers);
  const offsets = rowOf(head, states, H);
  for (let r = 0; r < rows; r++) {
    const p = from + r;
    for (let s = 0; s < states; s++) {
      const logit = dot(rowOf(sum, r, H), rowOf(head, s, H), H) +
        load<f32>(offsets + (<usize> (s * P + p) << 2));
      store<f32>(logits + (<usize> (p * states + s) << 2), logit);
    }
  }
}
