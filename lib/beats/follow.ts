import { type BeatFit, fitBeats } from "../midi/beat_fit.ts";
import type { Music, Part, PlayedNote } from "../midi/music.ts";
import { createTempoMap } from "../midi/tempo.ts";
import { withBeats } from "./rewrite.ts";
import { type BeatHints, trackBeats, type TrackedBeats } from "./track.ts";

/** Source of beats: the file if its notes follow them (`auto`), always the file, or the notes. */
type BeatsFrom = "auto" | "file" | "track";

/** Summary of the beats found in a performance. */
export interface BeatsFound {
  /** Confidence: log-likelihood ratio per beat. From 1.2 on the beats are mostly right. */
  readonly sureness: number;
  /** Number of beats. */
  readonly beats: number;
  /** Average beats per minute. */
  readonly perMinute: number;
  /** Most common metre of the bars, such as 3/4. */
  readonly bar: string;
  /** Quarter notes in a beat: 1.5 in compound metres such as 6/8. */
  readonly quarters: number;
  /** Position in the beat of the second of two swung eighths; undefined if they are even. */
  readonly swing?: number;
}

/** Confidence from which found beats are mostly right. */
export const SURE = 1.2;

/** Confidence from which found beats are more often right than not. */
const FAIR = 0.8;

/** Confidence of found beats in words. */
export function surenessWord(sureness: number): "sure" | "fairly sure" | "unsure" {
  return sureness >= SURE ? "sure" : sureness >= FAIR ? "fairly sure" : "unsure";
}

/** Beats found, in words: `found 84 a minute in bars of 3/4 (sure)`. */
export function beatsText({ perMinute, bar, sureness, swing }: BeatsFound): string {
  return `found ${perMinute.toFixed(0)} a minute in bars of ${bar} (${surenessWord(sureness)})` +
    (swing === undefined ? "" : ", with swung eighths, read as even ones");
}

/** The notes of some parts in seconds, by start. */
export function timedNotes(
  music: Pick<Music, "ticksPerBeat" | "tempos">,
  parts: readonly Part[],
): PlayedNote[] {
  const { secondsAt } = createTempoMap(music);
  return parts.flatMap(({ notes }) => notes)
    .toSorted((a, b) => a.startTicks - b.startTicks || a.pitch - b.pitch)
    .map(({ startTicks, endTicks, pitch, velocity }) => ({
      start: secondsAt(startTicks),
      end: secondsAt(endTicks),
      ...{ pitch, velocity },
    }));
}

/**
 * Music on beats that its notes follow: unchanged where they follow the file's, otherwise with
 * beats found from the playing, at the same seconds.
 * @param parts those whose notes decide
 * @param hints what is known of beats to be found
 * @returns also the agreement of the notes with the file's beats, and the beats found, if any
 */
export function followBeats(
  music: Music,
  parts: readonly Part[],
  from: BeatsFrom,
  hints?: BeatHints,
): { music: Music; fit: BeatFit; found?: BeatsFound } {
  const fit = fitBeats(music, parts.flatMap(({ notes }) => notes));
  const keeps = from === "file" || from === "auto" && fit.verdict !== "none";
  const tracked = keeps ? undefined : trackBeats(timedNotes(music, parts), hints);
  if (!tracked) return { music, fit };
  const { times, sureness, swing } = tracked;
  const perMinute = 60 * (times.length - 1) / (times.at(-1)! - times[0]!);
  const { parts: thirds, denominator } = tracked.unit, quarters = 4 * thirds / denominator;
  const found = {
    ...{ sureness, beats: times.length, perMinute, bar: barOf(tracked), quarters },
    ...(swing !== undefined && { swing }),
  };
  return { music: withBeats(music, tracked), fit: { ...fit, shift: 0 }, found };
}

/** Most common metre of the bars, such as 6/8. */
function barOf({ downbeat, unit: { denominator, parts } }: TrackedBeats): string {
  const lines = downbeat.flatMap((is, i) => is ? [i] : []), counts = new Map<number, number>();
  for (let i = 1; i < lines.length; i++) {
    const beats = lines[i]! - lines[i - 1]!;
    counts.set(beats, (counts.get(beats) ?? 0) + 1);
  }
  const [[beats] = [4]] = [...counts].sort((a, b) => b[1] - a[1]);
  return `${beats * parts}/${denominator}`;
}
