import type { KeySignature, Music, Part } from "../midi/music.ts";

/**
 * Units in a quarter note, in which written music is counted: a 64th note has 3, a triplet eighth
 * 16, a triplet sixteenth 8.
 */
export const UNITS = 48;

/** A note that is to be written. */
export interface ScoreNote {
  /** MIDI pitch, 0 to 127. */
  readonly pitch: number;
  /** Units from the beginning. */
  readonly start: number;
  /** Units from the beginning, above `start`. */
  readonly end: number;
  /** Which of the file's parts it is from. */
  readonly part: number;
}

/** A bar that is to be written. */
export interface ScoreBar {
  /** Its first unit. */
  readonly start: number;
  /** Its units; fewer than the metre has in an upbeat and where the metre changes in mid-bar. */
  readonly length: number;
  readonly numerator: number;
  /** 1, 2, 4, 8, 16, 32 or 64. */
  readonly denominator: number;
  /** Units that its metre has before its first unit: above 0 only in an upbeat. */
  readonly missing: number;
}

/** Music on a grid of note values. */
export interface ScoreMusic {
  /** By `start`, then `pitch`; notes of a pitch do not overlap. */
  readonly notes: readonly ScoreNote[];
  /** From the first bar to the one in which the last note ends. */
  readonly bars: readonly ScoreBar[];
  /** Quarter notes per minute, with the unit from which they hold. */
  readonly tempos: readonly { readonly start: number; readonly beatsPerMinute: number }[];
  /** The file's key signatures, with the unit from which they hold. */
  readonly signatures: readonly (Pick<KeySignature, "fifths" | "mode"> & {
    readonly start: number;
  })[];
  /** Share of the notes that begin more than a sixteenth of a beat away from where they are written. */
  readonly offGrid: number;
}

/** Divisions of a beat in the order in which they are tried, and what each must gain, in beats. */
const DIVISIONS = [
  { steps: 4, cost: 0 },
  { steps: 3, cost: 0.02 },
  { steps: 8, cost: 0.03 },
  { steps: 6, cost: 0.04 },
] as const;

/** Whatever lies no further from a step than this, in beats, fits: about what a player is off. */
const FITS = 1 / 24;

/**
 * Puts notes on a grid of note values and bar lines around them. Each beat is divided as its onsets
 * ask for: in sixteenths, triplet eighths, thirty-seconds or triplet sixteenths, the simplest that
 * fits.
 * @param parts whose notes are written
 * @param stepsPerBeat divides all beats alike instead; 1 to 48
 * @throws {RangeError} if there are no notes
 */
export function scoreMusic(
  { ticksPerBeat, timeSignatures, keySignatures, tempos }: Music,
  parts: readonly Part[],
  stepsPerBeat?: number,
): ScoreMusic {
  const played = parts.flatMap(({ notes }, part) => notes.map((note) => ({ ...note, part })))
    .sort((a, b) => a.startTicks - b.startTicks || a.pitch - b.pitch);
  if (played.length === 0) throw new RangeError("it has no notes");
  const beats = (ticks: number) => ticks / ticksPerBeat;
  const divisions = new Map<number, number>();
  if (stepsPerBeat === undefined) {
    const onsets = Map.groupBy(
      played.map(({ startTicks }) => beats(startTicks)),
      (onset) => Math.floor(onset + FITS),
    );
    for (const [beat, inside] of onsets) {
      divisions.set(beat, divisionOf(inside.map((onset) => onset - beat)));
    }
  }
  const unitAt = (beat: number) => {
    const index = Math.floor(beat + FITS);
    const steps = stepsPerBeat ?? divisions.get(index) ?? 4;
    return Math.round(index * UNITS + Math.round((beat - index) * steps) * UNITS / steps);
  };
  let off = 0;
  const least = Math.round(UNITS / (stepsPerBeat ?? 8));
  const written = played.map(({ pitch, startTicks, endTicks, part }): ScoreNote => {
    const start = unitAt(beats(startTicks)), end = unitAt(beats(endTicks));
    if (Math.abs(beats(startTicks) * UNITS - start) > UNITS / 16) off++;
    return { pitch, start, end: end > start ? end : start + least, part };
  });
  const end = written.reduce((last, note) => Math.max(last, note.end), 0);
  const signatures = timeSignatures.map(({ ticks, numerator, denominator }) => ({
    start: Math.round(beats(ticks) * UNITS),
    numerator,
    denominator,
  }));
  return {
    notes: oneKeyAtATime(written),
    bars: barLines(signatures, written[0]!.start, end),
    tempos: tempos.map(({ ticks, microsecondsPerBeat }) => ({
      start: Math.round(beats(ticks) * UNITS),
      beatsPerMinute: 60e6 / microsecondsPerBeat,
    })),
    signatures: keySignatures.map(({ ticks, fifths, mode }) => ({
      start: Math.round(beats(ticks) * UNITS),
      fifths,
      mode,
    })),
    offGrid: off / played.length,
  };
}

/** How many equal parts a beat with these onsets (0 to 1, beats after its start) is written in. */
function divisionOf(onsets: readonly number[]): number {
  let best: number = DIVISIONS[0].steps, least = Infinity;
  for (const { steps, cost } of DIVISIONS) {
    const distances = onsets.map((onset) => Math.abs(onset - Math.round(onset * steps) / steps));
    if (Math.max(...distances) < FITS / 2) return steps;
    const error = cost + distances.reduce((sum, distance) => sum + distance, 0) / onsets.length;
    if (error < least) [best, least] = [steps, error];
  }
  return best;
}

/** Where notes of a pitch overlap, the later one ends the one before; of two at once, one is left. */
function oneKeyAtATime(notes: readonly ScoreNote[]): ScoreNote[] {
  const kept: ScoreNote[] = [];
  const last = new Map<number, number>(); // per pitch, where in `kept` its last note is
  for (const note of notes.toSorted((a, b) => a.start - b.start || a.pitch - b.pitch)) {
    const at = last.get(note.pitch), before = at === undefined ? undefined : kept[at]!;
    if (before && before.end > note.start) {
      const end = Math.max(before.end, note.end);
      if (before.start === note.start) {
        kept[at!] = { ...before, end };
        continue;
      }
      kept[at!] = { ...before, end: note.start };
    }
    last.set(note.pitch, kept.length);
    kept.push(note);
  }
  return kept;
}

type Signature = Pick<ScoreBar, "start" | "numerator" | "denominator">;

/** Bars up to `end`. Where the first bar is silent for half its length or more, it is an upbeat. */
function barLines(signatures: readonly Signature[], first: number, end: number): ScoreBar[] {
  const bars: ScoreBar[] = [];
  for (const [index, { start, numerator, denominator }] of signatures.entries()) {
    const until = Math.min(signatures[index + 1]?.start ?? Infinity, end);
    const full = numerator * 4 * UNITS / denominator;
    for (let at = start; at < until;) {
      const length = Math.min(full, (signatures[index + 1]?.start ?? Infinity) - at);
      const beat = UNITS * 4 / denominator;
      const silent = bars.length > 0 ? 0 : Math.floor(Math.min(first, length) / beat) * beat;
      const upbeat = silent >= full / 2 && silent < length;
      const missing = upbeat ? silent : 0;
      bars.push({ start: at + missing, length: length - missing, numerator, denominator, missing });
      at += length;
    }
  }
  return bars;
}
