import type { BeatHints, KnownMetre } from "./track.ts";

/**
 * Parses a metre written by a person, such as 4/4, 3/8 or 6/8.
 * @throws {RangeError} if beats cannot be found in it
 */
export function parseMetre(text: string): KnownMetre {
  const [, above, below] = /^(\d{1,2})\/(\d{1,2})$/.exec(text) ?? [];
  const numerator = Number(above), denominator = Number(below);
  const parts = numerator > 3 && numerator % 3 === 0 && denominator >= 8 ? 3 : 1;
  const beats = numerator / parts;
  if (beats >= 1 && beats <= 12 && [1, 2, 4, 8, 16].includes(denominator)) {
    return { beats, unit: { denominator, parts } };
  }
  throw new RangeError(
    `Cannot read "${text}" as a metre: needed the number of beats and their note value, such as 4/4, 3/4 or 6/8`,
  );
}

/** Range of tempos that can be requested, in beats per minute. */
export const TEMPO_RANGE = { least: 20, most: 400 } as const;

/** Half and twice a found tempo, as far as they can be requested. */
export function otherLevels(
  perMinute: number,
): { half: number | undefined; twice: number | undefined } {
  const within = (tempo: number) =>
    tempo >= TEMPO_RANGE.least && tempo <= TEMPO_RANGE.most ? tempo : undefined;
  return { half: within(Math.round(perMinute / 2)), twice: within(Math.round(2 * perMinute)) };
}

/**
 * Parses a person's hints about beats.
 * @param bar a metre such as 6/8
 * @param tempo about how many beats a minute
 * @throws {RangeError} as {@linkcode parseMetre}
 */
export function hintsOf(bar?: string, tempo?: number): BeatHints {
  return {
    ...(bar === undefined ? {} : { metre: parseMetre(bar) }),
    ...(tempo === undefined ? {} : { perMinute: tempo }),
  };
}
