import type { MetreSpan } from "../midi/bar_lines.ts";
import { barLength, isCompound, unitOf } from "./metre.ts";
import { type ScoreBar, UNITS } from "./notes.ts";

/** A bar and its position in the file. */
export interface BarSpan {
  readonly bar: ScoreBar;
  /** Beats (quarter notes) from the beginning of the file. */
  readonly from: number;
  readonly to: number;
}

/** Beats before a bar line within which a note belongs to it. */
const EARLY = 1 / 24;

/** Unit of the lengths of bars cut short by a metre, a 32nd, so that they can be filled. */
const SHORTEST = UNITS / 8;

/**
 * Bar lines from the first bar with a note to the last. A first bar that is silent for half its
 * length or more also counts as an upbeat.
 * @param first beat of the first note
 * @param end beat at which the last note ends
 */
export function barLines(
  metres: readonly MetreSpan[],
  ticksPerBeat: number,
  first: number,
  end: number,
): BarSpan[] {
  const spans: BarSpan[] = [];
  let unit = 0;
  for (const [index, { from, line, signature: [numerator, denominator] }] of metres.entries()) {
    const metre = { numerator, denominator }, full = barLength(metre) / UNITS;
    const until = (metres[index + 1]?.from ?? Infinity) / ticksPerBeat, start = from / ticksPerBeat;
    for (let at = line / ticksPerBeat; at < Math.min(until, end - 1e-6); at += full) {
      const to = Math.min(at + full, until);
      if (to <= first + EARLY || to <= start) continue;
      const isUpbeat = at < start - 1e-6;
      spans.push(spanOf(metre, Math.max(at, start), to, unit, first, isUpbeat, spans.length === 0));
      unit = spans.at(-1)!.bar.start + spans.at(-1)!.bar.length;
    }
  }
  return spans;
}

function spanOf(
  metre: Pick<ScoreBar, "numerator" | "denominator">,
  from: number,
  to: number,
  unit: number,
  first: number,
  isUpbeat: boolean,
  isFirst: boolean,
): BarSpan {
  const full = barLength(metre), beat = unitOf(metre);
  const whole = Math.abs((to - from) * UNITS - full) < 1
    ? full
    : Math.max(SHORTEST, SHORTEST * Math.round((to - from) * UNITS / SHORTEST));
  const { numerator, denominator } = metre;
  const bar = (missing: number): ScoreBar => ({
    start: unit + missing,
    length: (isUpbeat ? full : whole) - missing,
    numerator,
    denominator,
    missing,
  });
  if (isUpbeat) return { bar: bar(full - whole), from, to };
  const silent = isFirst ? Math.floor((first - from + EARLY) * UNITS / beat) * beat : 0;
  const missing = silent >= full / 2 && silent < whole ? silent : 0;
  return { bar: bar(missing), from: from + missing / UNITS, to };
}

/** Length of the beat that is divided as a unit: a quarter note, dotted in compound metres. */
export function cellOf(bar: ScoreBar): number {
  const unit = unitOf(bar);
  if (isCompound(bar)) return 3 * unit;
  return bar.denominator <= 4 ? UNITS : 2 * unit;
}
