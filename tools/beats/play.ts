import type { PlayedNote } from "../../lib/midi/music.ts";
import { gaussian, type Random } from "../../lib/random.ts";
import { type Manner, mannerOf, uniform } from "./manner.ts";
import type { Score, ScoreBeat, ScoreNote } from "./score.ts";
import { transcribed } from "./transcribe.ts";

/** A simulated performance of a score. */
export interface Performance {
  /** Sorted by start. */
  readonly notes: readonly PlayedNote[];
  /** The score's beats, each with its time in seconds. */
  readonly beats: readonly (ScoreBeat & { readonly time: number })[];
}

/** Transpositions of whole pieces in semitones, besides up to half an octave either way. */
const OCTAVES = [0, 0, 0, 0, 0, 0, 12, -12];

/**
 * Performs a score with random parameters: tempo curve, swing, arpeggiated chords, lead of the
 * melody and the like.
 */
export function play(score: Score, random: Random): Performance {
  const manner = mannerOf(score, random);
  const clock = clockOf(score, manner, random);
  const key = random.below(13) - 6 + OCTAVES[random.below(OCTAVES.length)]!;
  const played: PlayedNote[] = [], struck = new Map<number, number>();
  const lastOfAll = score.notes.reduce((last, { end }) => Math.max(last, end), 0);
  for (let from = 0, to: number; from < score.notes.length; from = to) {
    const at = score.notes[from]!.start;
    for (to = from + 1; to < score.notes.length && score.notes[to]!.start - at < 1e-3;) to++;
    const chord = score.notes.slice(from, to);
    const jitter = gaussian(random) * manner.eventJitter;
    const time = clock(at) + jitter;
    struck.set(Math.round(at * 960), time);
    const shifts = shiftsOf(chord, manner, random);
    chord.forEach((note, i) => {
      const start = time + shifts[i]!;
      const length = heldFor(note, clock, manner, random);
      const pitch = Math.min(127, Math.max(0, note.pitch + key));
      const velocity = velocityOf(note, chord, at / lastOfAll, score, manner, random);
      played.push({ start, end: start + Math.max(0.03, length), pitch, velocity });
    });
  }
  const notes = transcribed(played, manner, random);
  const first = Math.min(0, notes[0]?.start ?? 0);
  return {
    notes: notes.map((note) => ({ ...note, start: note.start - first, end: note.end - first })),
    beats: score.beats.map((beat) => ({
      ...beat,
      time: (struck.get(Math.round(beat.at * 960)) ?? clock(beat.at)) - first,
    })),
  };
}

/**
 * Time in seconds of a position in quarter notes, from the tempo curve and the swing within beats.
 */
function clockOf(score: Score, manner: Manner, random: Random): (quarters: number) => number {
  const { beats } = score, periods = tempoCurve(score, manner, random);
  const times = new Float64Array(beats.length + 1);
  const lengthOf = (i: number) =>
    (beats[i + 1]?.at ?? beats[i]!.at + (beats[i]!.at - beats[i - 1]!.at)) - beats[i]!.at;
  beats.forEach((_, i) =>
    times[i + 1] = times[i]! + lengthOf(i) / manner.speed * Math.exp(periods[i]!)
  );
  let last = 0;
  return (at) => {
    if (at < beats[last]!.at) last = 0;
    while (last + 1 < beats.length && beats[last + 1]!.at <= at) last++;
    const beat = beats[last]!, share = (at - beat.at) / lengthOf(last);
    const warped = beat.parts === 2 && share > 0 && share < 1
      ? share < 0.5
        ? share * 2 * manner.swing
        : manner.swing + (share - 0.5) * 2 * (1 - manner.swing)
      : share;
    return times[last]! + warped * (times[last + 1]! - times[last]!);
  };
}

/** Logarithm of each beat's length relative to the mean tempo. */
function tempoCurve({ beats }: Score, manner: Manner, random: Random): Float64Array {
  const curve = new Float64Array(beats.length), { freedom } = manner;
  const byPlace = Array.from({ length: 16 }, () => gaussian(random) * manner.agogic);
  const phase = random.next() * 6.3, slow = uniform(random, 40, 160);
  let walk = 0, section = 0, from = 0;
  while (from < beats.length) {
    const bars = [2, 4, 4, 4, 8][random.below(5)]!;
    let to = from, lines = 0;
    for (; to < beats.length; to++) {
      if (to > from && beats[to]!.place === 0 && ++lines === bars) break;
    }
    const depth = manner.arch * uniform(random, 0.3, 1.7);
    const late = random.next() < 0.6 ? manner.ritard * random.next() ** 2 : 0;
    if (random.next() < manner.sections) section = gaussian(random) * 0.15;
    for (let i = from; i < to; i++) {
      const x = (i - from) / Math.max(1, to - from - 1);
      walk = 0.6 * walk + gaussian(random) * manner.walk;
      const arch = depth * ((2 * x - 1) ** 2 - 1 / 3);
      const end = to - i <= 3 ? late / (to - i) : 0;
      curve[i] = freedom *
        (arch + end + walk + section + byPlace[beats[i]!.place % 16]! +
          0.05 * Math.sin(phase + i / slow * 6.3));
    }
    if (random.next() < manner.pauses) curve[to - 1]! += uniform(random, 0.2, 1.1);
    from = to;
  }
  const final = 3 + random.below(6), most = manner.ritard * freedom * uniform(random, 0.5, 2);
  for (let k = 1; k <= Math.min(final, beats.length); k++) {
    curve[beats.length - k]! += most * ((final - k + 1) / final) ** 2;
  }
  return curve.map((value) => Math.max(-0.9, Math.min(1.4, value)));
}

/** Delay of each note of a chord in seconds. @param chord by pitch */
function shiftsOf(chord: readonly ScoreNote[], manner: Manner, random: Random): number[] {
  const shifts = chord.map(({ part }) =>
    gaussian(random) * manner.noteJitter + (part % 2 === 1 ? manner.lag : 0)
  );
  if (chord.length < 2) return shifts;
  shifts[chord.length - 1]! -= manner.lead * uniform(random, 0, 2);
  const wide = chord.at(-1)!.pitch - chord[0]!.pitch > 12;
  if (chord.length > 2 && random.next() < manner.rolls * (wide ? 2 : 1)) {
    const step = uniform(random, 0.01, 0.05), all = step * (chord.length - 1);
    chord.forEach((_, i) => shifts[i]! += i * step - all * manner.anchor);
  }
  return shifts;
}

/** Time that a key is held down, in seconds. */
function heldFor(
  { start, end, part }: ScoreNote,
  clock: (quarters: number) => number,
  manner: Manner,
  random: Random,
): number {
  const written = clock(end) - clock(start);
  const region = Math.floor(Math.max(0, start) / 8) * 2 + part % 2;
  const kind = manner.articulation[region % manner.articulation.length]!;
  const held = written * kind * Math.exp(gaussian(random) * 0.15);
  if (random.next() >= manner.pedal) return Math.min(held, written + 0.3);
  const lift = manner.lifts; // quarters after which the pedal comes up
  return Math.max(held, clock((Math.floor(start / lift + 1e-6) + 1) * lift) - clock(start));
}

function velocityOf(
  { start, pitch, velocity }: ScoreNote,
  chord: readonly ScoreNote[],
  share: number,
  { beats }: Score,
  manner: Manner,
  random: Random,
): number {
  if (manner.flat) return 80;
  let low = 0, high = beats.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (beats[middle]!.at <= start + 1e-3) low = middle;
    else high = middle - 1;
  }
  const beat = beats[low]!, onBeat = Math.abs(beat.at - start) < 1e-3;
  const accent = onBeat ? manner.accent * (beat.place === 0 ? 1 : 0.45) : 0;
  const top = pitch === chord.at(-1)!.pitch ? manner.melody : 0;
  const bass = chord.length > 1 && pitch === chord[0]!.pitch ? manner.melody * 0.3 : 0;
  const swell = manner.swell * Math.sin(manner.swellPhase + share * manner.swells * 6.3);
  const loud = manner.loud + accent + top + bass + swell + 0.3 * (velocity - 80) +
    gaussian(random) * manner.uneven;
  return Math.round(Math.min(127, Math.max(8, loud)));
}
