import { barsOf, firstBarNumber } from "../tokens/bars.ts";
import { isHeld } from "../tokens/frame.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import type { Plan } from "../tokens/plan.ts";
import { pianoRoll } from "./piano_roll.ts";
import { planStrip } from "./plan_strip.ts";
import { type Plot, plot } from "./plot.ts";

/** Music that was made, and the plan that it was made to. */
interface PlannedMusic {
  /** The music: the plan's last frames. */
  readonly piece: Piece;
  /** How many of its first frames the music started from. */
  readonly primerFrames: number;
  /** What its bars were to be like; null: the model was free. */
  readonly plan: Plan | null;
  /** How long it sounds. */
  readonly seconds: number;
}

/** How {@linkcode planRoll} draws. */
interface PlanRollOptions {
  /** Above the picture. Default: the piece's name. */
  readonly title?: string;
  /** Whole bars of about so many frames are drawn at most. Default 192. */
  readonly frames?: number;
  /** A bar that is marked, as the music's bars are counted. */
  readonly bar?: number;
}

/** A plan above the music that was made to it, bar above bar; without a plan the music alone. */
export function planRoll(
  { piece, primerFrames, plan, seconds }: PlannedMusic,
  { title, frames: most = 192, bar }: PlanRollOptions = {},
): Plot {
  const grid: Grid = {
    unit: piece.metres.length > 0 ? "beat" : "second",
    steps: Math.max(1, Math.round(piece.frames.length / Math.max(seconds, 1e-3))),
    attacks: piece.frames.some((frame) => frame.some(isHeld)),
  };
  const options = { grid, primerFrames, ...(title === undefined ? {} : { title }) };
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

/** The bars of a plan that lie within the first `most` frames of its last `frames` ones. */
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

/** A plot's specification as a part of another one. */
function unitOf({ spec: { $schema: _, config: __, description: ___, ...unit } }: Plot): object {
  return unit;
}
