/** Parts of a beat that typed music begins on, and the places of a beat that they are together. */
const TYPED_PARTS = [32, 24, 9, 10, 14], TYPED_PLACES = 70;

/** Beats by which a typed onset may be off, where a file's ticks do not say less. */
const TYPED_OFF = 0.002;

/** Beats below which neighbouring onsets are one stroke of a player, and their largest share in typed music. */
const STROKE = 1 / 20, MOST_STROKES = 0.12;

/**
 * Whether music is typed, not played: most of its onsets lie on parts of a beat to the tick, many more
 * than would by chance, and few follow another by less than a note value. A lag of one hand may fall
 * on a 32nd part of a beat to the tick and is played all the same.
 * @param onsets in beats, ascending
 */
export function isTyped(onsets: readonly number[], ticksPerBeat: number): boolean {
  const most = Math.max(TYPED_OFF, 0.6 / ticksPerBeat);
  const chance = Math.min(1, TYPED_PLACES * 2 * most);
  const exact = onsets.filter((onset) =>
    TYPED_PARTS.some((parts) => Math.abs(onset - Math.round(onset * parts) / parts) <= most)
  );
  const strokes = onsets.filter((onset, i) => {
    const gap = onset - (onsets[i - 1] ?? -Infinity);
    return gap > most && gap < STROKE;
  });
  return exact.length >= (1 + chance) / 2 * onsets.length &&
    strokes.length <= MOST_STROKES * onsets.length;
}

/** How swung notes of a piece are played, and so which note values are meant. */
export interface Swing {
  /** Swung pairs in a beat: 1 of eighths, 2 of sixteenths. */
  readonly pairs: 1 | 2;
  /** Share of a pair's time that its first note has, {@linkcode LEAST_SWING} to {@linkcode MOST_SWING}. */
  readonly share: number;
}

/** Shares of a pair's first note that are swing: less is even, more a triplet or dotted. */
const LEAST_SWING = 0.53, MOST_SWING = 0.65;

/** Onsets between these shares of a pair are its second note, even, swung or a triplet's. */
const SECOND_FROM = 0.45, SECOND_TO = 0.72;

/** So many second notes at least, of which so many lie so near to the same place. */
const LEAST_SECONDS = 8, ALIKE = 0.8, NEAR = 0.02;

/** From this share on swung notes are written as triplets, below as even: it is as far from both. */
const TRIPLETS_FROM = 7 / 12;

/**
 * Finds the swing of typed music: that most second notes of pairs stand at one place that is neither
 * the half nor the third of a beat, as sequencers set it (such as 58 % or 3 : 2).
 * @param onsets in beats
 */
export function findSwing(onsets: readonly number[]): Swing | undefined {
  for (const pairs of [1, 2] as const) {
    const shares = onsets.map((onset) => onset * pairs - Math.floor(onset * pairs))
      .filter((share) => share > SECOND_FROM && share < SECOND_TO).sort((a, b) => a - b);
    const share = shares[shares.length >> 1] ?? 0;
    const alike = shares.filter((one) => Math.abs(one - share) <= NEAR).length;
    const isSwing = share >= LEAST_SWING && share <= MOST_SWING && shares.length >= LEAST_SECONDS &&
      alike >= ALIKE * shares.length;
    if (isSwing) return { pairs, share };
  }
  return undefined;
}

/**
 * Equal parts of a beat in which its swung notes are written, the even or triplet pairs that are meant;
 * undefined where not all of its onsets are swung, or on the beat.
 * @param places of its onsets, 0 to 1
 */
export function swungDivision(
  places: readonly number[],
  { pairs, share }: Swing,
): number | undefined {
  const shares = places.map((place) => place * pairs).map((at) => at - Math.floor(at + NEAR));
  const second = shares.filter((one) => one > NEAR);
  if (second.length === 0 || second.some((one) => Math.abs(one - share) > NEAR)) return undefined;
  return pairs * (share < TRIPLETS_FROM ? 2 : 3);
}
