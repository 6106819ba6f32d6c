import type { PlayedNote } from "../midi/music.ts";
import { atMost, type ScoreLimits } from "./limits.ts";
import {
  type At,
  type ChordName,
  SAME_TIME,
  type WrittenBar,
  type WrittenKey,
  type WrittenMetre,
  type WrittenNote,
  type WrittenScore,
} from "./score.ts";

/** A played score: notes in performance order, with times in quarter notes from the beginning. */
export interface PlayedScore {
  /** Notes per staff, by start, then pitch; notes of a pitch do not overlap. */
  readonly staves: readonly (readonly PlayedNote[])[];
  /** Start of each bar. */
  readonly bars: readonly number[];
  readonly end: number;
  /** Metre changes, with one at 0 where the metre is known there. */
  readonly metres: readonly (At & WrittenMetre)[];
  readonly keys: readonly (At & WrittenKey)[];
  readonly tempos: readonly (At & { readonly beatsPerMinute: number })[];
  readonly chords: readonly (At & ChordName)[];
  readonly pedal: WrittenBar["pedal"];
  /** Number of grace notes before the first beat, for which there is no time. */
  readonly lostGraces: number;
}

/**
 * Length of a grace note in quarter notes, and the most for a group: a little over a 32nd, so that
 * on four steps a beat it has the step before its main note. It is played before the beat; its main
 * note keeps its time.
 */
const GRACE = 0.13, MOST_FOR_GRACES = 0.5;

/**
 * Time difference below which notes are simultaneous, in quarter notes: a few of the finest ticks.
 */
const MOMENT = 1 / 4096;

/** Largest gap between tied notes, in quarter notes: durations may be rounded. */
const TIE_GAP = 1 / 8;

/** Plays a score: writes out repeats, joins tied notes, and places grace notes before the beat. */
export function playScore(
  score: WrittenScore,
  limits: Pick<ScoreLimits, "notes" | "beats">,
): PlayedScore {
  const { order, bars } = score;
  const staves = score.staves.map((): Ringing[] => []);
  const open = new Map<number, Ringing[]>(); // per pitch, notes that await a tied one
  const starts: number[] = [], chords: (At & ChordName)[] = [];
  const pedal: WrittenBar["pedal"][number][] = [];
  let time = 0, count = 0, lostGraces = 0;
  for (const index of order) {
    const bar = bars[index]!, from = time;
    starts.push(from);
    for (const note of bar.notes.toSorted((a, b) => a.at - b.at)) {
      atMost(++count, limits.notes, "notes, repeats written out");
      atMost(from + note.at + note.duration, limits.beats, "beats, repeats written out");
      const ringing = ringingOf(note, from);
      if (ringing.start < 0) lostGraces++;
      else if (!joined(ringing, note, open)) staves[note.staff]!.push(ringing);
    }
    for (const chord of bar.chords) chords.push({ ...chord, at: from + chord.at });
    for (const change of bar.pedal) pedal.push({ ...change, at: from + change.at });
    time += bar.length;
    atMost(time, limits.beats, "beats, repeats written out");
  }
  return {
    staves: staves.map(oneKeyAtATime),
    bars: starts,
    end: time,
    metres: metresOf(score, starts),
    keys: changesOf(score, starts, ({ keys }) => keys),
    tempos: changesOf(score, starts, ({ tempos }) => tempos)
      .map(({ at, beatsPerMinute }) => ({ at, beatsPerMinute })),
    chords,
    pedal,
    lostGraces,
  };
}

/** A sounding note that a tied one may still extend. */
interface Ringing extends PlayedNote {
  end: number;
  readonly staff: number;
  readonly voice: string;
}

function ringingOf(note: WrittenNote, barStart: number): Ringing {
  const { pitch, velocity, staff, voice, duration, grace, tiedTo } = note, at = barStart + note.at;
  const each = grace ? Math.min(GRACE, MOST_FOR_GRACES / grace.group) : duration;
  const start = grace ? at - each * grace.before : at;
  return { pitch, velocity, staff, voice, start, end: grace && tiedTo ? at : start + each };
}

/** Extends a sounding note by a tied one: first of its voice, then of its staff, then of any. */
function joined(
  note: Ringing,
  { tiedFrom, tiedTo }: WrittenNote,
  open: Map<number, Ringing[]>,
): boolean {
  const waiting = (open.get(note.pitch) ?? [])
    .filter(({ end }) => end > note.start - TIE_GAP); // the tie of others is never completed
  const ends = waiting.filter(({ end }) => Math.abs(end - note.start) < TIE_GAP);
  const found = !tiedFrom
    ? undefined
    : ends.find((one) => one.staff === note.staff && one.voice === note.voice) ??
      ends.find(({ staff }) => staff === note.staff) ?? ends[0];
  if (found) found.end = note.end;
  const rest = waiting.filter((one) => one !== found);
  open.set(note.pitch, tiedTo ? [...rest, found ?? note] : rest);
  return found !== undefined;
}

/**
 * Resolves overlaps on one key of the piano: of notes of a pitch that begin together the longest is
 * kept, and a later one ends the one before and lasts as long as either.
 */
function oneKeyAtATime(notes: readonly Ringing[]): PlayedNote[] {
  const last = new Map<number, { start: number; end: number }>();
  const kept: (PlayedNote & { end: number })[] = [];
  const byStart = notes.toSorted((a, b) => a.start - b.start || a.pitch - b.pitch);
  for (const { pitch, velocity, start, end } of byStart) {
    const before = last.get(pitch);
    if (before && start - before.start < MOMENT) {
      before.end = Math.max(before.end, end);
      continue;
    }
    const note = { pitch, velocity, start, end: Math.max(end, before?.end ?? 0) };
    if (before && before.end > start) before.end = start;
    else note.end = end;
    last.set(pitch, note);
    kept.push(note);
  }
  return kept.filter(({ start, end }) => end - start > MOMENT);
}

/** Changes within bars, and those caused by jumps. */
function changesOf<Change extends At>(
  { bars, order }: WrittenScore,
  starts: readonly number[],
  of: (bar: WrittenBar) => readonly Change[],
): Change[] {
  const before: (Change | undefined)[] = []; // in force at each bar as it is written
  let inForce: Change | undefined;
  for (const bar of bars) {
    before.push(inForce);
    inForce = of(bar).at(-1) ?? inForce;
  }
  const changes: Change[] = [];
  let heard: Change | undefined;
  order.forEach((index, i) => {
    const written = before[index], own = of(bars[index]!);
    if (written && written !== heard && !own.some(({ at }) => at < SAME_TIME)) {
      changes.push({ ...written, at: starts[i]! });
    }
    for (const change of own) changes.push({ ...change, at: starts[i]! + change.at });
    heard = own.at(-1) ?? written ?? heard;
  });
  return changes.toSorted((a, b) => a.at - b.at);
}

/**
 * Metres that put every bar line in its place: a bar that is shorter or longer than its metre gets
 * one of its own, as notation programs write it into MIDI files.
 */
function metresOf({ bars, order }: WrittenScore, starts: readonly number[]): (At & WrittenMetre)[] {
  const metres: (At & WrittenMetre)[] = [];
  let odd = false; // whether the previous bar had a length that no metre has
  order.forEach((index, i) => {
    const { metre = USUAL, length } = bars[index]!;
    const fitting = fittingMetre(length, metre), last = metres.at(-1);
    const { numerator, denominator } = fitting ?? metre;
    if (odd || last?.numerator !== numerator || last.denominator !== denominator) {
      metres.push({ at: starts[i]!, numerator, denominator });
    }
    odd = fitting === undefined;
  });
  return metres;
}

const USUAL: WrittenMetre = { numerator: 4, denominator: 4 };

/** A metre whose bars have the given length in quarter notes, preferably that of the score. */
function fittingMetre(length: number, written: WrittenMetre): WrittenMetre | undefined {
  for (const denominator of [written.denominator, 4, 8, 16, 32, 64]) {
    const numerator = Math.round(length * denominator / 4);
    const fits = Math.abs(numerator * 4 / denominator - length) < SAME_TIME;
    if (fits && numerator >= 1 && numerator <= 255) return { numerator, denominator };
  }
  return undefined;
}
