import type { Random } from "../random.ts";
import { barsOf, endOfBar } from "../tokens/bars.ts";
import { slice } from "../tokens/excerpt.ts";
import type { Grid, Piece } from "../tokens/piece.ts";

/** A piece, and its tempo where it is known. */
export type TimedPiece = Piece & { readonly beatsPerMinute?: number };

/** Some bars of a piece, to be heard without knowing whose they are. */
export interface BlindExcerpt {
  /** The bars as a piece, with the tempo of the whole. */
  readonly piece: TimedPiece;
  /** Index of its first bar in the piece, from 0. */
  readonly bar: number;
  /** Whether a model made it. */
  readonly isGenerated: boolean;
}

/** Bars of an excerpt, and notes that it has at least. */
export const BLIND_BARS = 8;
const LEAST_SOUNDING = 0.5;

/** How often bars are drawn for an excerpt that turns out to be nearly silent. */
const TRIES = 20;

/**
 * As many excerpts of people's pieces as of a model's, in random order, from as many pieces as there
 * are.
 * @param count in all
 * @throws {Error} if a side has no piece of so many bars
 */
export function blindExcerpts(
  real: readonly TimedPiece[],
  generated: readonly TimedPiece[],
  grid: Grid,
  count: number,
  random: Random,
): BlindExcerpt[] {
  const excerpts = [real, generated].flatMap((pieces, side) => {
    const isGenerated = side === 1;
    const long = random.shuffle(
      pieces.filter(({ metres, frames }) =>
        barsOf(metres, frames.length, grid).length >= BLIND_BARS
      ),
    );
    if (long.length === 0) {
      throw new Error(
        `Cannot make a blind test: no ${isGenerated ? "generated" : "other"} piece has ` +
          `${BLIND_BARS} bars; give more music with --${isGenerated ? "generated" : "midi"}`,
      );
    }
    const own = isGenerated ? Math.floor(count / 2) : Math.ceil(count / 2);
    const heard = new Set<string>();
    return Array.from(
      { length: own },
      (_, index) => ({
        ...excerptOf(long[index % long.length]!, grid, random, heard),
        isGenerated,
      }),
    );
  });
  return random.shuffle(excerpts);
}

/** Bars of a piece that are not heard yet, if it has others. @param heard where excerpts begin */
function excerptOf(
  piece: TimedPiece,
  grid: Grid,
  random: Random,
  heard: Set<string>,
): Omit<BlindExcerpt, "isGenerated"> {
  const bars = barsOf(piece.metres, piece.frames.length, grid);
  for (let tries = 1;; tries++) {
    const bar = random.below(bars.length - BLIND_BARS + 1);
    const { start } = bars[bar]!, end = endOfBar(bars[bar + BLIND_BARS - 1]!);
    const part = slice(piece, start, end);
    const sounding = part.frames.filter(({ length }) => length > 0).length / part.frames.length;
    const place = `${piece.name} ${bar}`;
    if (sounding >= LEAST_SOUNDING && !heard.has(place) || tries === TRIES) {
      heard.add(place);
      return { piece: part, bar };
    }
  }
}
