import type { Music, Note, PlayedNote } from "../../lib/midi/music.ts";
import { gaussian, Random } from "../../lib/random.ts";

/** How a made-up performance is played. */
interface Manner {
  /** Beats in a bar, bars, and seconds of a beat on average. */
  readonly inBar: number;
  readonly bars: number;
  readonly period: number;
  /** Depth of the phrases' tempo arches and deviation of onsets in seconds. */
  readonly freedom: number;
  readonly jitter: number;
  readonly seed: number;
}

/** A performance whose beats are known. */
export interface Played {
  readonly notes: readonly PlayedNote[];
  /** Seconds of each beat. */
  readonly beats: readonly number[];
  /** Beats in a bar; bars begin with the first beat. */
  readonly inBar: number;
}

/** Chords of a bar each, by the semitones of their roots above C and whether they are minor. */
const HARMONY = [[0, 0], [5, 0], [7, 0], [0, 0], [9, 1], [2, 1], [7, 0], [0, 0]] as const;

/** A piece of bass, chords and a melody in eighths, played with a tempo that bends and onsets that stray. */
export function playedPiece(manner: Manner): Played {
  const { inBar, bars, period, freedom, jitter, seed } = manner, random = new Random(seed);
  const count = inBar * bars, beats: number[] = [0.4];
  for (let i = 0; i < count; i++) {
    const place = i % (4 * inBar) / (4 * inBar);
    const arch = freedom * ((2 * place - 1) ** 2 - 1 / 3),
      wander = 0.2 * freedom * gaussian(random);
    beats.push(beats[i]! + period * Math.exp(arch + wander));
  }
  const notes: PlayedNote[] = [];
  const at = (beat: number) => {
    const i = Math.min(count - 1, Math.floor(beat));
    return beats[i]! + (beat - i) * (beats[i + 1]! - beats[i]!);
  };
  const strike = (beat: number, length: number, pitch: number, velocity: number) => {
    const start = Math.max(0, at(beat) + jitter * gaussian(random));
    const end = start + 0.85 * (at(Math.min(count, beat + length)) - at(beat));
    notes.push({ start, end, pitch, velocity: velocity + random.below(9) });
  };
  for (let bar = 0; bar < bars; bar++) {
    const [root, minor] = HARMONY[bar % HARMONY.length]!, line = bar * inBar;
    const third = minor ? 3 : 4;
    strike(line, inBar, 36 + root, 70);
    for (let k = 1; k < inBar; k++) {
      for (const tone of [0, third, 7]) strike(line + k, 0.9, 52 + root % 7 + tone, 50);
    }
    const scale = [0, 2, third, 5, 7, 9, 11, 12];
    for (let k = 0; k < inBar; k++) {
      const eighths = k > 0 && random.next() < 0.6 ? 2 : 1;
      for (let e = 0; e < eighths; e++) {
        const tone = k === 0 ? 12 : scale[random.below(scale.length)]!;
        strike(line + k + e / 2, 1 / eighths, 60 + root + tone, k === 0 ? 85 : 70);
      }
    }
  }
  notes.sort((a, b) => a.start - b.start || a.pitch - b.pitch);
  return { notes, beats: beats.slice(0, count), inBar };
}

/** Notes in seconds as a MIDI file has them that means nothing by its beats: 480 ticks, 120 a minute. */
export function recordingOf(notes: readonly PlayedNote[]): Music {
  const ticks = (seconds: number) => Math.round(seconds * 960), next = new Map<number, number>();
  const kept = notes.toReversed().flatMap(({ start, end, pitch, velocity }): Note[] => {
    const startTicks = ticks(start), again = next.get(pitch) ?? Infinity;
    const endTicks = Math.min(again, Math.max(startTicks + 1, ticks(end)));
    if (endTicks <= startTicks) return [];
    next.set(pitch, startTicks);
    return [{ pitch, velocity, startTicks, endTicks }];
  }).reverse();
  const part = { track: 0, channel: 0, program: 0, programSet: true, name: "", drum: false };
  return {
    ticksPerBeat: 480,
    tempos: [{ ticks: 0, microsecondsPerBeat: 500_000 }],
    timeSignatures: [{ ticks: 0, numerator: 4, denominator: 4 }],
    keySignatures: [],
    parts: [{ ...part, notes: kept, pedal: [] }],
    repairs: [],
  };
}

/** Share of beats that were found within 70 ms, and of found ones that are beats: their harmonic mean. */
export function agreement(reference: readonly number[], found: readonly number[]): number {
  const near = (of: readonly number[], at: number) => of.some((t) => Math.abs(t - at) <= 0.07);
  const hits = reference.filter((at) => near(found, at)).length;
  const right = found.filter((at) => near(reference, at)).length;
  return 2 / (reference.length / Math.max(1, hits) + found.length / Math.max(1, right));
}
