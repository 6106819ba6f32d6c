// Sampling from scores: one thread's blocks of classes.
import { DRAW_BLOCK } from "./sizes";
import { exponential, loadSome, storeSome } from "../../../wasm/kernels/exp";

/** Classes per block, for which the maximum score and the sum of weights are stored. */
const drawBlock: i32 = DRAW_BLOCK;

/**
 * Maximum score of each block of 1,024 classes. One thread's blocks, `first` to `last` (excluded).
 * @param scores [rows][classes]
 * @param peaks [rows][blocks]
 */
export function scorePeaks(
  scores: usize,
  peaks: usize,
  rows: i32,
  classes: i32,
  first: i32,
  last: i32,
  one: f32,
): void {
  const blocks = (classes + drawBlock - 1) / drawBlock;
  for (let row = 0; row < rows; row++) {
    for (let part = first; part < last; part++) {
      let at = scores + (<usize> (row * classes + part * drawBlock) << 2);
      const columns = min(drawBlock, classes - part * drawBlock);
      let four = f32x4.splat(-f32.MAX_VALUE * one * 2);
      const end = at + (<usize> (columns & ~3) << 2);
      for (; at < end; at += 16) four = f32x4.max(four, v128.load(at));
      let most = max(
        max(f32x4.extract_lane(four, 0), f32x4.extract_lane(four, 1)),
        max(f32x4.extract_lane(four, 2), f32x4.extract_lane(four, 3)),
      );
      for (let rest = columns & 3; rest > 0; rest--) {
        most = max(most, load<f32>(at));
        at += 4;
      }
      store<f32>(peaks + (<usize> (row * blocks + part) << 2), most);
    }
  }
}

/**
 * Replaces scores by e^((score − the row's maximum) / temperature), and sums them for each block of
 * 1,024 classes. One thread's blocks, `first` to `last` (excluded).
 * @param tops [rows]: the maximum score of each row
 * @param sums [rows][blocks], 64-bit floats
 */
export function drawingWeights(
  scores: usize,
  tops: usize,
  sums: usize,
  rows: i32,
  classes: i32,
  first: i32,
  last: i32,
  inverseTemperature: f32,
): void {
  const blocks = (classes + drawBlock - 1) / drawBlock;
  const scale = f32x4.splat(inverseTemperature);
  for (let row = 0; row < rows; row++) {
    const top = v128.load32_splat(tops + (<usize> row << 2));
    for (let part = first; part < last; part++) {
      let at = scores + (<usize> (row * classes + part * drawBlock) << 2);
      let columns = min(drawBlock, classes - part * drawBlock);
      let sum = f32x4.splat(0);
      for (; columns > 0; columns -= 4) {
        const x = columns >= 4 ? v128.load(at) : loadSome(at, columns);
        const scaled = f32x4.mul(f32x4.sub(x, top), scale);
        const y = exponential(scaled);
        if (columns >= 4) {
          v128.store(at, y);
          sum = f32x4.add(sum, y);
        } else {
          storeSome(at, y, columns);
          sum = f32x4.add(sum, loadSome(at, columns));
        }
        at += 16;
      }
      store<f64>(
        sums + (<usize> (row * blocks + part) << 3),
        (<f64> f32x4.extract_lane(sum, 0) + <f64> f32x4.extract_lane(sum, 1)) +
          (<f64> f32x4.extract_lane(sum, 2) + <f64> f32x4.extract_lane(sum, 3)),
      );
    }
  }
}
