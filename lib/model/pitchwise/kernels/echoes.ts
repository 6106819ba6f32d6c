// Copy features: the two earlier moments that suggest a continuation, called echoes: the one with
// the longest identical context (of several, the most recent), and the one whose last frames share
// most notes with the current ones.
import { endOfCodes, firstCode, informationOf, word } from "./blocks";
import * as F from "./fields";

/** Maximum similarity of two frames. */
const ALIKE: i32 = 8;

/** Jaccard index of the notes of two frames, scaled to 0 to ALIKE and rounded. */
function likeness(music: usize, a: i32, b: i32): i32 {
  const masks = <usize> word(music, F.MASKS), ids = <usize> word(music, F.IDS);
  const idA = load<i32>(ids + (<usize> a << 2)), idB = load<i32>(ids + (<usize> b << 2));
  if (idA == idB) return ALIKE;
  const common = v128.and(
    v128.load(masks + (<usize> idA << 4)),
    v128.load(masks + (<usize> idB << 4)),
  );
  const sums = i32x4.extadd_pairwise_i16x8_u(
    i16x8.extadd_pairwise_i8x16_u(i8x16.popcnt(common)),
  );
  const both = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
  if (both == 0) return 0;
  const either = <i32> (endOfCodes(music, a) - firstCode(music, a)) +
    <i32> (endOfCodes(music, b) - firstCode(music, b)) - both;
  return (2 * ALIKE * both + either) / (2 * either);
}

function equal(music: usize, a: i32, b: i32): bool {
  const ids = <usize> word(music, F.IDS);
  return load<i32>(ids + (<usize> a << 2)) == load<i32>(ids + (<usize> b << 2));
}

/** Class of the length of an identical context: 1, 2, 3–4, 5–8, … frames. */
function equalKind(frames: i32): i32 {
  return frames < 2 ? 0 : min(F.ECHO_KINDS - 1, 32 - clz(frames - 1));
}

/** Writes a match into the frame's information; a lag of 0 means none. */
function report(
  music: usize,
  frame: i32,
  run: i32,
  runLag: i32,
  sum: i32,
  sumLag: i32,
): void {
  const out = informationOf(music, frame);
  store<i32>(out + (F.ECHO_FRAME << 2), runLag ? frame - runLag : -1);
  store<i32>(out + (F.ECHO_FRAME << 2), sumLag ? frame - sumLag : -1, 4);
  store<i32>(out + (F.ECHO_KIND << 2), equalKind(run));
  const eighths = sum * F.ECHO_KINDS / (F.ECHO_SPAN * ALIKE);
  store<i32>(out + (F.ECHO_KIND << 2), min(F.ECHO_KINDS - 1, eighths), 4);
}

/** Finds the echoes of every frame of a piece. `scratch`: ECHO_SCRATCH_BYTES bytes. */
export function findEchoes(music: usize, offset: i32, length: i32, scratch: usize): void {
  // Per lag: identical frames so far, similarity summed over the last ECHO_SPAN frames, and one by
  // one.
  const rows = F.ECHO_WINDOW + 1;
  const runs = scratch, sums = runs + (rows << 2), recent = sums + (rows << 2);
  memory.fill(scratch, 0, F.ECHO_SCRATCH_BYTES);
  for (let t = 0; t < length; t++) {
    const frame = offset + t, slot = recent + <usize> (t % F.ECHO_SPAN * rows);
    const lags = min(F.ECHO_WINDOW, t - 1);
    let run = 0, runLag = 0, sum = 0, sumLag = 0;
    for (let lag = 1; lag <= lags; lag++) {
      const at = <usize> lag << 2;
      const longer = equal(music, frame - 1, frame - 1 - lag)
        ? min(F.ECHO_LONGEST, load<i32>(runs + at) + 1)
        : 0;
      store<i32>(runs + at, longer);
      if (longer > run) {
        run = longer;
        runLag = lag;
      }
      const alike = likeness(music, frame - 1, frame - 1 - lag);
      const more = load<i32>(sums + at) + alike - <i32> load<u8>(slot + lag);
      store<i32>(sums + at, more);
      store<u8>(slot + lag, <u8> alike);
      if (more > sum) {
        sum = more;
        sumLag = lag;
      }
    }
    report(music, frame, run, runLag, sum, sumLag);
  }
}

/** Finds the echoes of a piece's last frame only. */
export function findLastEchoes(music: usize, offset: i32, length: i32): void {
  const frame = offset + length - 1;
  let run = 0, runLag = 0, sum = 0, sumLag = 0;
  for (let lag = 1; lag <= min(F.ECHO_WINDOW, length - 2); lag++) {
    let longer = 0, more = 0;
    for (let i = frame - 1; i - lag >= offset && longer < F.ECHO_LONGEST; i--) {
      if (!equal(music, i, i - lag)) break;
      longer++;
    }
    const first = max(frame - F.ECHO_SPAN, offset + lag);
    for (let i = frame - 1; i >= first; i--) {
      if (more + ALIKE * (i - first + 1) <= sum) break; // can no longer be the most alike
      more += likeness(music, i, i - lag);
    }
    if (longer > run) {
      run = longer;
      runLag = lag;
    }
    if (more > sum) {
      sum = more;
      sumLag = lag;
    }
  }
  report(music, frame, run, runLag, sum, sumLag);
}
