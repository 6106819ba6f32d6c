import { begins, pitchOf } from "../tokens/frame.ts";
import type { Piece } from "../tokens/piece.ts";

/** Length of the onset n-grams that are compared, in any key. */
const ROW = 4;

/** Share of a piece's n-grams that another must have for the two to be near duplicates. */
const NEARLY = 0.5;

/** Fewest n-grams of a piece that can be judged. */
const LEAST_ROWS = 8;

/**
 * Finds near duplicates: pieces that share at least half of their passages, in any key, with one of
 * some other pieces, such as takes, transpositions and arrangements of the same music.
 * @param attacks whether frames distinguish struck notes from held ones
 * @returns each with the name of the piece that it is most similar to
 */
export function nearDuplicates(
  pieces: readonly Piece[],
  others: readonly Piece[],
  attacks: boolean,
): { readonly name: string; readonly like: string }[] {
  const having = new Map<string, number[]>(); // n-gram → other pieces
  const sizes = others.map((other, index) => {
    const rows = rowsOf(other, attacks);
    for (const row of rows) {
      const there = having.get(row);
      if (there) there.push(index);
      else having.set(row, [index]);
    }
    return rows.size;
  });
  return pieces.flatMap((piece) => {
    const rows = rowsOf(piece, attacks), common = new Map<number, number>();
    for (const row of rows) {
      for (const other of having.get(row) ?? []) common.set(other, (common.get(other) ?? 0) + 1);
    }
    const shares = [...common].map(([other, count]) => {
      const fewer = Math.min(rows.size, sizes[other]!);
      return { other, share: fewer < LEAST_ROWS ? 0 : count / fewer };
    }).sort((a, b) => b.share - a.share);
    const [most] = shares;
    return most && most.share >= NEARLY
      ? [{ name: piece.name, like: others[most.other]!.name }]
      : [];
  });
}

/** Onset n-grams: pitches relative to the first, and steps between onsets. */
function rowsOf({ frames }: Piece, attacks: boolean): Set<string> {
  const rows = new Set<string>(), last: { at: number; pitches: number[] }[] = [];
  frames.forEach((frame, at) => {
    const pitches = frame.filter((code) => begins(code, frames[at - 1], attacks)).map(pitchOf);
    if (pitches.length === 0) return;
    last.push({ at, pitches });
    if (last.length > ROW) last.shift();
    if (last.length < ROW) return;
    const [{ at: from, pitches: [lowest = 0] }] = last as [typeof last[number]];
    rows.add(
      last.map(({ at, pitches }) =>
        `${at - from}:${pitches.map((pitch) => pitch - lowest).join(",")}`
      ).join(" "),
    );
  });
  return rows;
}
