import { begins, type Frame, pitchOf } from "../tokens/frame.ts";

/** Length of the onset n-grams of a piece. */
const ROW = 3;

/** Share of a piece's n-grams that another must have to be the same piece. */
const SAME = 0.5;

/** Fewest n-grams of a piece that can be judged. */
const LEAST_MARKS = 8;

/**
 * Finds the same piece in another format: a written score and the MIDI file that a notation program
 * made of it. They differ in ornaments and in whether repeats are played, so the comparison uses
 * every n-gram of three onsets: their pitches and the steps between them.
 */
export class Twins {
  readonly #attacks: boolean;
  readonly #names = new Map<string, { readonly isScore: boolean; readonly marks: number }>();
  readonly #having = new Map<string, string[]>(); // n-gram → pieces

  /** @param attacks whether frames distinguish struck notes from held ones */
  constructor(attacks: boolean) {
    this.#attacks = attacks;
  }

  /** Adds a piece, unless it is present in the other format; that one's name is then returned. */
  add(name: string, isScore: boolean, frames: readonly Frame[]): string | undefined {
    const marks = marksOf(frames, this.#attacks);
    const common = new Map<string, number>();
    for (const mark of marks) {
      for (const other of this.#having.get(mark) ?? []) {
        if (this.#names.get(other)!.isScore !== isScore) {
          common.set(other, (common.get(other) ?? 0) + 1);
        }
      }
    }
    for (const [other, count] of common) {
      const fewer = Math.min(marks.size, this.#names.get(other)!.marks);
      if (fewer >= LEAST_MARKS && count >= SAME * fewer) return other;
    }
    this.#names.set(name, { isScore, marks: marks.size });
    for (const mark of marks) {
      const having = this.#having.get(mark);
      if (having) having.push(name);
      else this.#having.set(mark, [name]);
    }
    return undefined;
  }
}

function marksOf(frames: readonly Frame[], attacks: boolean): Set<string> {
  const marks = new Set<string>();
  const row: { at: number; pitches: string }[] = [];
  frames.forEach((frame, at) => {
    const struck = frame.filter((code) => begins(code, frames[at - 1], attacks));
    if (struck.length === 0) return;
    row.push({ at, pitches: struck.map(pitchOf).join(",") });
    if (row.length > ROW) row.shift();
    if (row.length === ROW) {
      marks.add(row.map((one) => `${one.at - row[0]!.at}:${one.pitches}`).join(" "));
    }
  });
  return marks;
}
