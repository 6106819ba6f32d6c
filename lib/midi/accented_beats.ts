import type { MetreSpan } from "./bar_lines.ts";
import type { Music, Note } from "./music.ts";

/** Pitch below which a note counts twice: bass notes tend to fall on beats. */
const BASS_BELOW = 55;

/** Longest note length that still adds weight, in beats. */
const LONGEST_WEIGHED = 2;

/**
 * Thresholds for moving the beats: how clearly the notes must avoid the file's beats and favour
 * others; and by how much they must favour others where they are shifted triplets.
 */
const SHUNNED = -0.2, SOUGHT = 0.6, SOUGHT_MORE = 0.5;

/**
 * Offset from the file's beats to those on which long and low notes begin, in beats, where the
 * notes avoid the file's own: a multiple of a part, at most half a beat.
 * @param parts parts of a beat to which the notes keep
 */
export function accentedBeats(
  { ticksPerBeat }: Pick<Music, "ticksPerBeat">,
  notes: readonly Pick<Note, "pitch" | "startTicks" | "endTicks">[],
  spans: readonly MetreSpan[],
  shift: number,
  parts: number,
): number {
  const sought = new Array<number>(parts).fill(0);
  let all = 0, at = 0;
  for (
    const { pitch, startTicks, endTicks } of notes.toSorted((a, b) => a.startTicks - b.startTicks)
  ) {
    while (at + 1 < spans.length && spans[at + 1]!.from <= startTicks) at++;
    const beat = (startTicks - spans[at]!.line) / ticksPerBeat - shift;
    const length = Math.min(LONGEST_WEIGHED, (endTicks - startTicks) / ticksPerBeat);
    const weight = length * (pitch < BASS_BELOW ? 2 : 1);
    all += weight;
    for (let part = 0; part < parts; part++) {
      const angle = 2 * Math.PI * (beat - part / parts);
      sought[part]! += weight * (Math.cos(angle) + Math.cos(2 * angle)); // beats, and halves of them
    }
  }
  const best = sought.indexOf(Math.max(...sought));
  const isSought = parts === 4
    ? sought[0]! <= SHUNNED * all && sought[best]! >= SOUGHT * all
    : sought[best]! - sought[0]! >= SOUGHT_MORE * all;
  return isSought ? (2 * best > parts ? best - parts : best) / parts : 0;
}
