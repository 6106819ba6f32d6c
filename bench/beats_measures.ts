import { quantise } from "../lib/beats/divide.ts";
import { eventsOf } from "../lib/beats/events.ts";
import type { PlayedNote } from "../lib/midi/music.ts";
import type { TrackedBeats } from "../lib/beats/track.ts";

/**
 * Agreement of found beats with annotated ones: F1 within ±70 ms, at the same metrical level or at
 * another.
 */

/** Tolerance for a matching beat, in seconds. */
const WINDOW = 0.07;

/** F1 of one-to-one matches within ±70 ms, as `mir_eval` counts them; 0 to 1. */
export function beatF1(reference: readonly number[], found: readonly number[]): number {
  let i = 0, j = 0, hits = 0;
  while (i < reference.length && j < found.length) {
    const off = found[j]! - reference[i]!;
    if (Math.abs(off) <= WINDOW) hits++, i++, j++;
    else if (off < 0) j++;
    else i++;
  }
  const total = reference.length + found.length;
  return total > 0 ? 2 * hits / total : 0;
}

/** Found beats within the annotated span, since annotations sometimes stop early. */
export function withinSpan(found: readonly number[], reference: readonly number[]): number[] {
  const first = reference[0]! - WINDOW, last = reference.at(-1)! + WINDOW;
  return found.filter((time) => time >= first && time <= last);
}

/**
 * Metrical level of found beats: the level derived from the annotated beats with which they agree
 * best.
 */
export function bestLevel(
  reference: readonly number[],
  found: readonly number[],
): { level: string; f1: number } {
  const every = (beats: readonly number[], k: number) =>
    Array.from(
      { length: k },
      (_, from) => beats.filter((_, i) => i >= from && (i - from) % k === 0),
    );
  const two = split(reference, 2), three = split(reference, 3);
  const levels: Record<string, number[][]> = {
    ...{ same: [[...reference]], "off-beat": [every(two, 2)[1]!], double: [two] },
    ...{ quadruple: [split(reference, 4)], triple: [three], half: every(reference, 2) },
    ...{ third: every(reference, 3), quarter: every(reference, 4) },
    ...{ "3/2": every(three, 2), "2/3": every(two, 3) },
  };
  let best = { level: "none", f1: 0 };
  for (const [level, all] of Object.entries(levels)) {
    for (const beats of all) {
      const f1 = beatF1(beats, found);
      if (f1 > best.f1) best = { level, f1 };
    }
  }
  return best;
}

/** Beats with each interval divided into `parts`. */
function split(beats: readonly number[], parts: number): number[] {
  const cut = beats.slice(1).flatMap((next, i) =>
    Array.from({ length: parts }, (_, k) => beats[i]! + (next - beats[i]!) * k / parts)
  );
  return [...cut, beats.at(-1)!];
}

/** Most frequent number of beats per bar; 0 if there are no bars. */
export function usualBar(downbeat: readonly boolean[]): number {
  const lines = downbeat.flatMap((is, i) => is ? [i] : []), counts = new Map<number, number>();
  for (let i = 1; i < lines.length; i++) {
    const beats = lines[i]! - lines[i - 1]!;
    counts.set(beats, (counts.get(beats) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

/** Onset of a note in seconds, and its pitch. */
interface Struck {
  readonly start: number;
  readonly pitch: number;
}

/** Maximum distance in beats of a played note from the same pitch in the score. */
const SAME_NOTE = 0.4;

/**
 * Share of played notes that the found beats place on the same step as the score. Notes without a
 * counterpart in the score, and notes between wrong beats, do not count.
 * @param beats of the performance and of the score: the same beats
 * @param places where found beats put each played note, in beats
 * @param steps in a beat
 */
export function onScoreStep(
  played: { readonly notes: readonly Struck[]; readonly beats: readonly number[] },
  score: { readonly notes: readonly Struck[]; readonly beats: readonly number[] },
  found: readonly number[],
  places: readonly number[],
  steps: number,
): number {
  const own = clockOf(played.beats), written = clockOf(score.beats), heard = clockOf(found);
  const byPitch = Map.groupBy(
    score.notes.map(({ start, pitch }) => ({ pitch, beat: written(start) })),
    ({ pitch }) => pitch,
  );
  let all = 0, right = 0;
  const isNear = (a: number | undefined, b: number | undefined) =>
    a !== undefined && b !== undefined && Math.abs(a - b) <= WINDOW;
  for (const [index, { start, pitch }] of played.notes.entries()) {
    const at = own(start);
    const beat = (byPitch.get(pitch) ?? []).reduce(
      (best, one) => Math.abs(one.beat - at) < Math.abs(best - at) ? one.beat : best,
      Infinity,
    );
    if (Math.abs(beat - at) >= SAME_NOTE) continue;
    all++;
    const place = heard(start), i = Math.floor(place + 0.08), j = Math.round(own(found[i] ?? -9));
    if (!isNear(found[i], played.beats[j])) continue;
    const [next, after] = [found[i + 1], played.beats[j + 1]];
    if (next !== undefined && after !== undefined && !isNear(next, after)) continue;
    if (Math.round((places[index]! - i) * steps) === Math.round((beat - j) * steps)) right++;
  }
  return all > 0 ? right / all : NaN;
}

/**
 * Positions of notes in beats, written on the found beats.
 * @param notes by start
 * @param perQuarter steps in a quarter note
 */
export function writtenPlaces(
  notes: readonly PlayedNote[],
  { times, unit }: Pick<TrackedBeats, "times" | "unit">,
  perQuarter: number,
): number[] {
  const { time, count } = eventsOf(notes), clock = clockOf(times), isCompound = unit.parts === 3;
  const steps = isCompound ? 3 * perQuarter / 2 : perQuarter;
  const secondsAt = (beat: number) => {
    const i = Math.min(times.length - 2, Math.max(0, Math.floor(beat)));
    return times[i]! + (beat - i) * (times[i + 1]! - times[i]!);
  };
  const onsets = Array.from(time, clock);
  return quantise(onsets, secondsAt, steps, isCompound)
    .flatMap((step, i) => new Array<number>(count[i]!).fill(step / steps));
}

/**
 * Position in beats at a time, with fractions; extrapolated at both ends from the outermost beats.
 */
export function clockOf(times: readonly number[]): (seconds: number) => number {
  return (at) => {
    let low = 0, high = times.length - 1;
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if (times[middle]! <= at) low = middle;
      else high = middle;
    }
    return low + (at - times[low]!) / (times[low + 1]! - times[low]!);
  };
}
