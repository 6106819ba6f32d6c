import { countBefore } from "../search.ts";
import { beatsOf, isCompound } from "./metre.ts";
import { plainValue } from "./values.ts";
import { type ScoreBar, type ScoreMusic, type ScoreNote, UNITS } from "./notes.ts";

/** Context for notating short notes: bars, tempos, and whether the music is typed. */
export type Articulated = Pick<ScoreMusic, "bars" | "tempos" | "isTyped">;

/** Longest staccato note that every tempo allows, an eighth, and longest of all, a quarter. */
const SHORT = UNITS / 2, LONGEST = UNITS;

/** Seconds up to which the sound of a quarter can be staccato; a longer one is an eighth. */
const SHORT_SECONDS = 0.245;

/** Tempo of bars without one, in quarter notes per minute. */
const USUAL_TEMPO = 120;

/** Length of a staccatissimo eighth's sound: a third of it. */
const THIRD = UNITS / 6;

/**
 * Notes of one hand without articulation that does not affect note values: small rests before the
 * next note, and small overlaps with it, each less than a quarter of the distance to it; a rest
 * after a typed note of one value that only a tie could fill stays. Notes that sound for half of
 * their value, with a rest for the other half, are staccato where a note of that value may begin in
 * its beat: eighths and shorter notes in every tempo, quarters in quick ones. The last of a run of
 * such short notes is so only where the hand plays more staccato notes than such runs.
 * @param notes by start
 */
export function plainLengths(notes: readonly ScoreNote[], music: Articulated): ScoreNote[] {
  const ends = new Map<number, number>();
  for (const { start, end } of notes) ends.set(start, Math.max(end, ends.get(start) ?? 0));
  const onsets = [...ends.keys()];
  let at = 0;
  const found = notes.map((note) => {
    while (onsets[at]! <= note.start) at++;
    let next = at;
    while (onsets[next]! < note.end) next++;
    const after = onsets[next], within = next > at ? onsets[next - 1] : undefined;
    if (after === note.end) return { note };
    if (after === undefined) return { note, after: beatAfter(note.end, music.bars), within };
    const before = at > 1 ? onsets[at - 2]! : -Infinity, length = note.end - note.start;
    const lead = note.start - before;
    const endsRun = ends.get(before) === note.start &&
      (lead === length || 2 * length > SHORT && lead < length);
    return { note, after, within, end: staccatoEnd(note, after, music), endsRun };
  });
  const short = found.filter(({ note, end }) => end !== undefined && end - note.start <= SHORT);
  const runs = short.filter(({ endsRun }) => endsRun).length;
  const mostLength = 2 * runs <= short.length ? SHORT : 0; // of a staccato note after a run
  return found.map(({ note, after, within, end, endsRun }) => {
    if (within !== undefined && within < note.end) {
      const over = note.end - within;
      if (over * 4 < within - note.start && over <= UNITS / 4) return { ...note, end: within };
    }
    if (end !== undefined && !(endsRun && end - note.start > mostLength)) {
      return { ...note, end, isStaccato: true };
    }
    if (after === undefined) return note;
    const gap = after - note.end;
    const isSmall = gap * 4 < after - note.start && gap <= UNITS / 2;
    return isSmall && !(music.isTyped && isRest(note, after)) ? { ...note, end: after } : note;
  });
}

/** The first beat at or after the end of a hand's last note, or else the end of its bar. */
function beatAfter(end: number, bars: readonly ScoreBar[]): number {
  const bar = bars[Math.max(0, countBefore(bars.length, (i) => bars[i]!.start < end) - 1)]!;
  const line = bar.start - bar.missing;
  const beat = beatsOf(bar).reduce((at, length) => at < end ? at + length : at, line);
  return Math.min(bar.start + bar.length, beat);
}

/**
 * Whether the small gap after a typed note is a rest: the note has a length of one value, and would
 * have to be tied to fill the gap.
 */
function isRest({ start, end }: ScoreNote, after: number): boolean {
  return plainValue(end - start) !== undefined && plainValue(after - start) === undefined;
}

/** End of a staccato note as written; undefined for notes that are not staccato. */
function staccatoEnd(
  { start, end }: ScoreNote,
  after: number,
  { bars, tempos, isTyped }: Articulated,
): number | undefined {
  const index = countBefore(bars.length, (i) => bars[i]!.start <= start) - 1;
  const bar = bars[Math.max(0, index)]!;
  const beatsPerMinute = tempos.findLast((tempo) => tempo.bar <= index)?.beatsPerMinute ??
    USUAL_TEMPO;
  const isShort = (units: number) => units * 60 / beatsPerMinute / UNITS <= SHORT_SECONDS;
  let length = end - start;
  const most = Math.min(after, bar.start + bar.length) - start;
  if (length === THIRD && isTyped && most >= 3 * THIRD && isOnItsPlace(start, 3 * THIRD, bar)) {
    return start + 3 * THIRD;
  }
  let written: number | undefined;
  while (
    2 * length <= most && isOnItsPlace(start, 2 * length, bar) &&
    (2 * length <= SHORT || 2 * length <= LONGEST && isShort(length))
  ) {
    length *= 2;
    written = start + length;
    if (isTyped) break; // releases of players are shorter still
  }
  return written;
}

/** Whether a note of a length can begin at a unit without hiding the beats. */
function isOnItsPlace(start: number, length: number, bar: ScoreBar): boolean {
  const since = start - bar.start + bar.missing, beat = beatsOf(bar)[0]!;
  if (!isCompound(bar)) return since % length === 0;
  return since % (length / 2) === 0 && since % beat + length <= beat;
}
