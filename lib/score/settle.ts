import { sum } from "../numbers.ts";
import { countBefore } from "../search.ts";
import { beatsOf } from "./metre.ts";
import { type ScoreBar, type ScoreNote, UNITS } from "./notes.ts";
import { type Tuplet, tupletsOf } from "./tuplets.ts";

/** Parts of a beat for a voice with boundaries in several divisions, simplest first. */
const PARTS = [4, 3, 8, 6, 5, 7, 12, 16, 24];

/** Length of the shortest part: a triplet 64th. */
const LEAST = UNITS / 24;

/** Cost of two merged boundaries, in parts of a beat. */
const TOGETHER = 1;

/** Notes of one voice, and the tuplets of each bar in which they can be written. */
interface Settled {
  readonly notes: readonly ScoreNote[];
  readonly tuplets: readonly (readonly Tuplet[])[];
}

/**
 * Finds the tuplets of each bar of a voice. Where one voice has notes of divisions that no tuplet
 * combines, they are moved to the nearest places of one that keeps them apart.
 */
export function settle(notes: readonly ScoreNote[], bars: readonly ScoreBar[]): Settled {
  const own = [...notes];
  const touching = inBars(notes, bars);
  const tuplets = bars.map((bar, at) => {
    const end = bar.start + bar.length;
    const inside = () => touching[at]!.map((note) => own[note]!);
    const found = tupletsOf(inside(), bar);
    if (found) return found;
    const places = placesOf(
      inside().flatMap((note) => [note.start, note.end])
        .filter((line) => line > bar.start && line < end),
      bar,
    );
    const moved = (line: number) => places.get(line) ?? line;
    for (const index of touching[at]!) {
      const note = own[index]!;
      own[index] = { ...note, start: moved(note.start), end: moved(note.end) };
    }
    return tupletsOf(inside(), bar) ?? [];
  });
  return { notes: own.filter((note) => note.end > note.start), tuplets };
}

/** Indices of the notes that sound in each bar. */
export function inBars(
  notes: readonly Pick<ScoreNote, "start" | "end">[],
  bars: readonly ScoreBar[],
): number[][] {
  const inside = bars.map((): number[] => []);
  for (const [index, { start, end }] of notes.entries()) {
    let bar = countBefore(bars.length, (i) => bars[i]!.start + bars[i]!.length <= start);
    for (; bar < bars.length && bars[bar]!.start < end; bar++) inside[bar]!.push(index);
  }
  return inside;
}

/** New positions of the boundaries inside a bar, beat by beat. */
function placesOf(lines: readonly number[], bar: ScoreBar): Map<number, number> {
  const places = new Map<number, number>();
  let start = bar.start - bar.missing;
  for (const length of beatsOf(bar)) {
    const from = start;
    const own = [...new Set(lines)].filter((line) => line > from && line < from + length)
      .sort((a, b) => a - b);
    const options = PARTS.filter((parts) => parts === 4 || length / parts >= LEAST).map(
      (parts, at) => {
        const to = own.map((line) =>
          from + length * Math.round((line - from) / length * parts) / parts
        );
        const merged = to.filter((line, i) => i > 0 && line === to[i - 1]).length;
        const moved = sum(own.map((line, i) => Math.abs(line - to[i]!))) / length;
        return { to, cost: TOGETHER * merged + moved + 0.01 * at };
      },
    );
    const best = options.reduce((a, b) => b.cost < a.cost ? b : a);
    own.forEach((line, i) => places.set(line, best.to[i]!));
    start += length;
  }
  return places;
}
