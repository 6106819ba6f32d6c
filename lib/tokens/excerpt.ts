import type { Framed, Metre } from "./piece.ts";

/** The last `length` frames of some music, with their metres. */
export function endOf<Music extends Framed>(music: Music, length: number): Music {
  const { frames, metres } = music;
  const from = Math.max(0, frames.length - length);
  const inForce = metres.findLast((metre) => metre.frame <= from);
  const moved = metres.filter((metre) => metre.frame > from)
    .map((metre) => ({ ...metre, frame: metre.frame - from }));
  const first = inForce && { ...inForce, frame: 0, phase: phaseAt([inForce], from) };
  return { ...music, frames: frames.slice(from), metres: first ? [first, ...moved] : moved };
}

/** Steps since the last bar line at `frame`, 0 (included) to the bar's steps (excluded). */
export function phaseAt(metres: readonly Metre[], frame: number): number {
  const metre = metres.findLast((metre) => metre.frame <= frame);
  if (!metre) return 0;
  const steps = metre.phase + frame - metre.frame;
  return steps - Math.floor(steps / metre.stepsPerBar + 1e-9) * metre.stepsPerBar;
}
