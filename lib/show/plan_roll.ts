import { barsOf, firstBarNumber } from "../tokens/bars.ts";
import { isHeld } from "../tokens/frame.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import type { Plan } from "../tokens/plan.ts";
import { pianoRoll } from "./piano_roll.ts";
import { planStrip } from "./plan_strip.ts";
import { type Plot, plot } from "./plot.ts";

/** Generated music with its plan. */
interface PlannedMusic {
  /** The music: the plan's last frames. */
  readonly piece: Piece;
  /** Number of primer frames at the start. */
  readonly primerFrames: number;
  /** Plan of its bars; null if generation was unplanned. */
  readonly plan: Plan | null;
  /** Duration in seconds. */
  readonly seconds: number;
}

/** Drawing options of {@linkcode planRoll}. */
interface PlanRollOptions {
  /** Title. Default: the piece's name. */
  readonly title?: string;
  /** Approximate maximum number of frames drawn, in whole bars. Default 192. */
  readonly frames?: number;
  /** Number of the highlighted bar, as the music's bars are counted. */
  readonly bar?: number;
}

/** Plan drawn above the piano roll, bar above bar; without a plan, the piano roll alone. */
export function planRoll(
  { piece, primerFrames, plan, seconds }: PlannedMusic,
  { title, frames: most = 192, bar }: PlanRollOptions = {},
): Plot {
  const grid: Grid = {
    unit: piece.metres.length > 0 ? "beat" : "second",
    steps: Math.max(1, Math.round(piece.frames.length / Math.max(seconds, 1e-3))),
    attacks: piece.frames.some((frame) => frame.some(isHeld)),
  };
  const options = {
    grid,
    primerFrames,
    isGenerated: true,
    ...(title === undefined ? {} : { title }),
  };
  const bars = plan ? barsWithin(plan, piece.frames.length, most) : [];
  const last = bars.at(-1);
  if (!plan || !last) return pianoRoll(piece, { ...options, frames: most });
  const roll = pianoRoll(piece, { ...options, frames: last.end, height: 150 });
  const first = firstBarNumber(barsOf(piece.metres, piece.frames.length, grid));
  const strip = planStrip(plan, {
    title: "The plan, and below it the music",
    from: bars[0]!.index,
    bars: bars.length,
    height: 60,
    ...(bar === undefined ? {} : { marked: bars[0]!.index + bar - first }),
  });
  const spec = {
    vconcat: [unitOf(strip), unitOf(roll)],
    bounds: "flush",
    spacing: 70,
    resolve: { scale: { color: "independent" } },
  };
  return plot(spec, `${strip.text}. ${roll.text}`);
}

/** Bars of a plan within the first `most` of its last `frames` frames. */
function barsWithin(
  { bars }: Plan,
  frames: number,
  most: number,
): { readonly index: number; readonly end: number }[] {
  let end = frames - bars.reduce((sum, bar) => sum + bar.frames, 0);
  return bars.map((bar, index) => {
    const start = end;
    return { index, start, end: end += bar.frames };
  }).filter(({ start, end }) => start >= 0 && end <= Math.min(most, frames));
}

/** Specification of a plot as a part of another one. */
function unitOf({ spec: { $schema: _, config: __, description: ___, ...unit } }: Plot): object {
  return unit;
}
