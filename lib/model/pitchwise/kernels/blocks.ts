// Accessors of the blocks in fields.ts.
import * as F from "./fields";

export function word(block: usize, index: i32): i32 {
  return load<i32>(block + (<usize> index << 2));
}

export function real(block: usize, index: i32): f32 {
  return load<f32>(block + (<usize> index << 2));
}

/** Address of a frame's features besides its notes. */
export function informationOf(music: usize, frame: i32): usize {
  return <usize> word(music, F.INFORMATION) + <usize> frame * (F.FRAME_WORDS << 2);
}

/** Address of a frame's first code. */
export function firstCode(music: usize, frame: i32): usize {
  const id = load<i32>(<usize> word(music, F.IDS) + (<usize> frame << 2));
  return <usize> word(music, F.CODES) +
    load<i32>(<usize> word(music, F.STARTS) + (<usize> id << 2));
}

/** End address of a frame's codes. */
export function endOfCodes(music: usize, frame: i32): usize {
  const id = load<i32>(<usize> word(music, F.IDS) + (<usize> frame << 2));
  return <usize> word(music, F.CODES) +
    load<i32>(<usize> word(music, F.STARTS) + (<usize> id << 2), 4);
}

/** Address of target `i`'s record. */
export function targetOf(music: usize, i: i32): usize {
  return <usize> word(music, F.TARGETS) + <usize> (i * F.TARGET_WORDS << 2);
}

/**
 * First item of a thread's share of `total` items: the share ends where the next thread's begins.
 */
export function shareStart(total: i32, thread: i32, threads: i32): i32 {
  return <i32> (<i64> total * thread / threads);
}
