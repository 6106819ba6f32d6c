import { phaseAt } from "../tokens/excerpt.ts";
import type { Grid } from "../tokens/piece.ts";
import { secondsPerFrame } from "./output.ts";
import type { Primer } from "./primer.ts";

/** Requested length of new music; at most one of the three is set. */
export interface Length {
  readonly frames?: number;
  readonly bars?: number;
  readonly seconds?: number;
}

/** Longest piece in frames. */
const MOST_FRAMES = 1_000_000;

/**
 * Number of new frames for the requested length, up to its last bar line or second.
 * @param otherwise frames to make where no length is requested
 * @param beatsPerMinute tempo of the written music
 * @throws {RangeError} if a length is not above 0 or too long
 */
export function framesToMake(
  { frames, bars, seconds }: Length,
  otherwise: number,
  grid: Grid,
  beatsPerMinute: number,
  start: Primer,
): number {
  const check = (asked: string, isRight: boolean, needed: number) => {
    if (isRight && needed <= MOST_FRAMES) return Math.max(1, Math.round(needed));
    throw new RangeError(
      `Cannot make ${asked}: needed more than 0 and at most ${MOST_FRAMES} frames in all`,
    );
  };
  if (bars !== undefined) {
    if (grid.unit === "second") {
      throw new RangeError("Cannot count bars: the model's grid is in seconds; give --seconds");
    }
    const { stepsPerBar } = start.metres.at(-1)!;
    const phase = start.written > 0 ? phaseAt(start.metres, start.frames.length) : 0;
    const startedBar = start.frames.length <= phase; // the primer is in the first new bar
    const rest = phase === 0 ? 0 : startedBar ? -phase : stepsPerBar - phase;
    return check(`${bars} bars`, Number.isInteger(bars) && bars > 0, bars * stepsPerBar + rest);
  }
  if (seconds !== undefined) {
    return check(
      `${seconds} seconds`,
      seconds > 0,
      seconds / secondsPerFrame(grid, beatsPerMinute),
    );
  }
  const number = frames ?? otherwise;
  return check(`${number} frames`, Number.isInteger(number) && number > 0, number);
}
