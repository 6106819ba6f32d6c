import type { ScoreBar } from "./notes.ts";
import { barLength, beatsOf } from "./metre.ts";
import type { Written } from "./values.ts";

/** Role of a note in one beam, in MusicXML's terms. */
export type Beam = "begin" | "continue" | "end" | "forward hook" | "backward hook";

/** Number of beams of a note value: an eighth has one. */
const beamsOf = (value: number) => Math.max(0, Math.log2(value) - 2);

/**
 * Beams of one voice in a bar, per note from the outer one inwards: notes of a beat are beamed
 * together, as are those of a longer tuplet, plain eighths by the half bar.
 */
export function beamsIn(written: readonly Written[], bar: ScoreBar): Beam[][] {
  const beams = written.map((): Beam[] => []);
  const groups = Map.groupBy(
    written.keys().filter((i) => written[i]!.notes.length > 0 && beamsOf(written[i]!.value) > 0),
    (i) => groupOf(written, bar, written[i]!),
  );
  for (const indexes of groups.values()) {
    for (const run of neighbours(indexes)) {
      if (run.length > 1) { for (const i of run) beams[i] = beamsAt(written, run, i); }
    }
  }
  return beams;
}

/** First unit of the beam group of a note. */
function groupOf(
  written: readonly Written[],
  bar: ScoreBar,
  { start, tuplet }: Written,
): number {
  const beats = groupsOf(bar);
  if (tuplet && tuplet.length > beats[0]!) return tuplet.start;
  const origin = bar.start - bar.missing;
  let from = origin, index = 0;
  while (index < beats.length - 1 && start >= from + beats[index]!) from += beats[index++]!;
  const { numerator, denominator } = bar;
  if (denominator !== 4 || numerator % 2 !== 0) return from;
  const half = index % 2 === 0 ? from : from - beats[0]!, until = half + 2 * beats[0]!;
  const inside = written.filter((each) => each.end > half && each.start < until);
  const eighths = inside.every(({ value, dots, tuplet, notes }) =>
    value === 8 && dots === 0 && !tuplet && notes.length > 0
  );
  return eighths ? half : from;
}

/** Lengths of beam groups: beats, or a whole bar of 3/8 or 3/16. */
function groupsOf(bar: ScoreBar): number[] {
  return bar.denominator >= 8 && bar.numerator <= 3 ? [barLength(bar)] : beatsOf(bar);
}

/** Runs of consecutive numbers. */
function neighbours(numbers: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const number of numbers) {
    if (runs.at(-1)?.at(-1) === number - 1) runs.at(-1)!.push(number);
    else runs.push([number]);
  }
  return runs;
}

function beamsAt(written: readonly Written[], run: readonly number[], i: number): Beam[] {
  const count = (index: number) => run.includes(index) ? beamsOf(written[index]!.value) : 0;
  return Array.from({ length: count(i) }, (_, level): Beam => {
    const before = count(i - 1) > level, after = count(i + 1) > level;
    if (before && after) return "continue";
    if (before || after) return before ? "end" : "begin";
    return i === run[0] ? "forward hook" : "backward hook";
  });
}
