/**
 * Divisions of a beat used in typed music, and the number of distinct positions in them together.
 */
const TYPED_PARTS = [32, 24, 9, 10, 14], TYPED_PLACES = 70;

/** Tolerance in beats of a typed onset, unless the resolution of the file's ticks is coarser. */
const TYPED_OFF = 0.002;

/** Distance in beats within which onsets count as one stroke, and the most of such in typed music. */
const STROKE = 1 / 20, MOST_STROKES = 0.12;

/**
 * Whether music is typed, not played: most of its onsets lie on divisions of a beat to the tick,
 * many more than would by chance, and few follow another by less than a note value. Played music
 * can also have onsets on a 32nd part of a beat to the tick, by a lag of one hand.
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
