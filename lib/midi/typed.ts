import { countBefore } from "../search.ts";

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
  const exact = onsets.filter((onset) => isExact(onset, most));
  const strokes = onsets.filter((onset, i) => {
    const gap = onset - (onsets[i - 1] ?? -Infinity);
    return gap > most && gap < STROKE;
  });
  return exact.length >= (1 + chance) / 2 * onsets.length &&
    strokes.length <= MOST_STROKES * onsets.length;
}

function isExact(onset: number, most: number): boolean {
  return TYPED_PARTS.some((parts) => Math.abs(onset - Math.round(onset * parts) / parts) <= most);
}

/**
 * Lengths of a 32nd, a sixteenth and an eighth as grace notes in LilyPond's MIDI files, in beats,
 * and the tolerance of their ticks.
 */
const LILYPOND_GRACES = [9 / 320, 9 / 160, 9 / 80], LILYPOND_OFF = 0.0025;

/** Whether the time between two onsets is the length of a grace note in LilyPond's MIDI files. */
export function isLilyPondGrace(beats: number): boolean {
  return LILYPOND_GRACES.some((length) => Math.abs(beats - length) <= LILYPOND_OFF);
}

/** Beats before and after a beat whose onsets are looked at, and the share of them that is typed. */
const AROUND = 4, MOSTLY = 0.95;

/**
 * Distinguishes the typed passages of music, most of which is typed, from the played ones.
 * @param onsets in beats, ascending
 * @returns whether the music around a beat is typed
 */
export function typedPassages(
  onsets: readonly number[],
  ticksPerBeat: number,
): (beat: number) => boolean {
  const most = Math.max(TYPED_OFF, 0.6 / ticksPerBeat);
  const indexAt = (beat: number) => countBefore(onsets.length, (i) => onsets[i]! < beat);
  const exact = onsets.map((onset) => {
    const next = onsets[indexAt(onset + 1e-9)]!, before = onsets[indexAt(onset) - 1]!;
    return isExact(onset, most) || [next - onset, onset - before].some(isLilyPondGrace);
  });
  return (beat) => {
    const around = exact.slice(indexAt(beat - AROUND), indexAt(beat + AROUND));
    return around.filter(Boolean).length >= MOSTLY * around.length;
  };
}
