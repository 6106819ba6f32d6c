import type { Music } from "../midi/music.ts";
import { median } from "../numbers.ts";
import type { BarSpan } from "./bar_lines.ts";

/** Ratio of the tempos of bars that are audibly different. */
const OTHER = 1.12;

/** Bars that a tempo must last to be written, and beats within which it may still settle. */
const LASTS_BARS = 2;

/**
 * Lasting tempos: the predominant one, from the first bar on, and each one from which two bars or
 * more differ by an eighth. Shorter accelerations and ritardandos are expression.
 */
export function lastingTempos(
  { ticksPerBeat, tempos }: Pick<Music, "ticksPerBeat" | "tempos">,
  spans: readonly BarSpan[],
  shift: number,
): { bar: number; beatsPerMinute: number }[] {
  const own = spans.map(({ from, to }) => {
    const [start, end] = [from + shift, to + shift].map((beat) => beat * ticksPerBeat);
    let seconds = 0, longest = 0, longestTempo = 0;
    for (const [i, { ticks, microsecondsPerBeat }] of tempos.entries()) {
      const until = Math.min(end!, tempos[i + 1]?.ticks ?? Infinity);
      const length = Math.max(0, until - Math.max(start!, ticks));
      seconds += length * microsecondsPerBeat;
      if (length > longest) [longest, longestTempo] = [length, 60e6 / microsecondsPerBeat];
    }
    if (2 * longest >= end! - start!) return longestTempo; // no mean of two that nobody plays
    return (end! - start!) * 60e6 / Math.max(1e-9, seconds);
  });
  const lasting: { bar: number; tempos: number[] }[] = [];
  for (let bar = 0; bar < own.length; bar++) {
    const last = lasting.at(-1);
    const reference = last && median(last.tempos);
    if (reference !== undefined && isLike(own[bar]!, reference)) last!.tempos.push(own[bar]!);
    else if (
      reference === undefined ||
      own.slice(bar, bar + LASTS_BARS).filter((tempo) => isLike(tempo, own[bar]!)).length ===
        LASTS_BARS
    ) lasting.push({ bar, tempos: [own[bar]!] });
  }
  if (lasting.length > 1 && lasting[0]!.tempos.length < LASTS_BARS && lasting[1]!.bar <= 2) {
    lasting.shift(); // the tempo settles only then
    lasting[0] = { ...lasting[0]!, bar: 0 };
  }
  return lasting.map(({ bar, tempos }) => ({ bar, beatsPerMinute: median(tempos)! }));
}

function isLike(a: number, b: number): boolean {
  return Math.max(a, b) / Math.min(a, b) < OTHER;
}
