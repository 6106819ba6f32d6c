import type { Framed, Metre } from "./piece.ts";

/** Slice of music from frame `from` to `end`, with its metres counted from there. */
export function slice<Music extends Framed>(music: Music, from: number, end?: number): Music {
  const frames = music.frames.slice(from, end);
  const inForce = music.metres.findLast((metre) => metre.frame <= from);
  const later = shiftMetres(
    music.metres.filter(({ frame }) => frame > from && frame < (end ?? Infinity)),
    -from,
  );
  if (!inForce) return { ...music, frames, metres: later };
  const { upbeat, ...metre } = inForce;
  const first = {
    ...metre,
    frame: 0,
    phase: phaseAt([inForce], from),
    ...(upbeat && from === 0 ? { upbeat } : {}), // a slice does not begin with an upbeat
  };
  return { ...music, frames, metres: [first, ...later] };
}

/** The last `length` frames of music, with their metres. */
export function endOf<Music extends Framed>(music: Music, length: number): Music {
  return slice(music, Math.max(0, music.frames.length - length));
}

/** Metres shifted later by `by` frames. */
export function shiftMetres(metres: readonly Metre[], by: number): Metre[] {
  return metres.map((metre) => ({ ...metre, frame: metre.frame + by }));
}

/** Steps since the last bar line at `frame`, 0 (included) to the bar's steps (excluded). */
export function phaseAt(metres: readonly Metre[], frame: number): number {
  const metre = metres.findLast((metre) => metre.frame <= frame);
  if (!metre) return 0;
  const steps = metre.phase + frame - metre.frame;
  return steps - Math.floor(steps / metre.stepsPerBar + 1e-9) * metre.stepsPerBar;
}
