import type { Random } from "../random.ts";
import { decodeCombination } from "../tokens/combination.ts";
import { endOf } from "../tokens/excerpt.ts";
import { type Frame, pitchOf } from "../tokens/frame.ts";
import { semitonesAboveC } from "../tokens/key.ts";
import type { Grid, Metre, Piece } from "../tokens/piece.ts";
import type { Vocabulary } from "../tokens/vocabulary.ts";

/** The primer: the music that generation starts from. */
export interface Primer {
  /** Frames that the model sees before it samples its first one. */
  readonly frames: readonly Frame[];
  /** Metres of these frames and of the continuation. */
  readonly metres: readonly Metre[];
  /** Number of the last frames that may be written before the new ones. */
  readonly written: number;
  /** Tempo of the primer, where it has one. */
  readonly beatsPerMinute?: number;
  /** Remark for the user, if any. */
  readonly remark?: string;
}

/**
 * Parses the notes of a frame, such as `C4` (60), `F#3`, `Bb5`, or MIDI pitches, joined by commas.
 * @throws {Error} if a part is neither, or out of range
 */
export function parseNotes(text: string): Frame {
  const pitches = text.split(",").map((part) => {
    const pitch = parsePitch(part);
    if (pitch === undefined) {
      throw new Error(
        `Cannot start from "${text}": "${part}" is neither a note such as C4, F#3 or Bb5, nor a ` +
          `pitch from 0 to 127`,
      );
    }
    return pitch;
  });
  return [...new Set(pitches)].sort((a, b) => a - b);
}

/** Parses a MIDI pitch: `C4` (60), `F#3`, `Bb5`, `60`; undefined if it is none. */
export function parsePitch(text: string): number | undefined {
  const [, letter, accidental, octave] = /^([A-Ga-g])([#b]?)(-?\d)$/.exec(text.trim()) ?? [];
  const pitch = letter === undefined
    ? (/^\d+$/.test(text.trim()) ? Number(text) : NaN)
    : semitonesAboveC(letter, accidental!) + 12 * (Number(octave) + 1);
  return pitch >= 0 && pitch <= 127 ? pitch : undefined;
}

/** Primer of silence and these notes, or the nearest combination in the vocabulary. */
export function primerFromNotes(
  text: string,
  vocabulary: Vocabulary,
  metre: readonly Metre[],
): Primer {
  const asked = parseNotes(text);
  const found = vocabulary.frame(vocabulary.nearest(asked));
  const frame = found.map(pitchOf); // nothing sounded before, so nothing can be held
  const remark = frame.join() === asked.join()
    ? undefined
    : `${asked.join(",")} is not in the vocabulary; starting from the nearest, ${frame.join(",")}`;
  return { frames: [frame], metres: metre, written: 1, remark };
}

/**
 * Primer from the first bar (or second, where the grid has no beats) of a piece of the corpus.
 * @param openings openings of pieces, at least one
 */
export function primerFromOpening(
  openings: readonly { readonly frames: readonly string[]; readonly metres: readonly Metre[] }[],
  grid: Grid,
  random: Random,
): Primer {
  const { frames, metres } = openings[random.below(openings.length)]!;
  const [first] = metres;
  const steps = first ? first.stepsPerBar - first.phase : grid.steps;
  const length = Math.min(frames.length, PRIMER_FRAMES, Math.max(1, Math.round(steps)));
  return {
    frames: framesFromText(frames.slice(0, length)),
    metres: metres.filter(({ frame }) => frame <= length),
    written: length,
  };
}

/** Primer of randomly sampled combinations, as in the original program; they do not form music. */
export function primerAtRandom(
  vocabulary: Vocabulary,
  metres: readonly Metre[],
  random: Random,
): Primer {
  const frames = Array.from(
    { length: PRIMER_FRAMES },
    () => vocabulary.frame(vocabulary.size > 1 ? 1 + random.below(vocabulary.size - 1) : 0),
  );
  return { frames, metres, written: 0 };
}

/**
 * Maximum number of written frames of a primer, and number of combinations in a random one: the
 * original's window.
 */
export const PRIMER_FRAMES = 40;

/**
 * Primer from the end of a piece: the model sees the last `context` frames, the last few are
 * written.
 */
export function primerFromPiece(piece: Piece, context: number): Primer {
  const { frames, metres } = endOf(piece, context);
  return { frames, metres, written: Math.min(PRIMER_FRAMES, frames.length) };
}

/** Frames of combinations in the text form of recipes. @throws {Error} if one is malformed */
export function framesFromText(texts: readonly string[]): Frame[] {
  return texts.map(decodeCombination);
}
