import { quartersIn, type Signature } from "./metre.ts";
import type { Music, TimeSignature } from "./music.ts";
import { isPianoKey } from "./piano.ts";
import { CLEARLY, placeStrengths } from "./upbeat.ts";

/** A span of a piece in which every bar has the same metre. */
export interface MetreSpan {
  /** First tick of the span; 0 for the first span. */
  readonly from: number;
  /** Tick of a bar line: `from`, or earlier where music begins in mid-bar. May be below 0. */
  readonly line: number;
  /** Time signature of the bars. */
  readonly signature: Signature;
  /** Whether the first bar is an upbeat that the file writes as a short bar. */
  readonly upbeat: boolean;
}

/**
 * Number of successive one-beat bars from which they count as mere beats, as written by
 * transcription programs.
 */
const BEATS_NOT_BARS = 4;

/**
 * Bars of one metre that must follow a short first bar for it to count as an upbeat, as far as the
 * music lasts.
 */
const SETTLED_BARS = 3;

/** Music of which bar lines are found. */
type Barred = Pick<Music, "timeSignatures" | "isMetreAssumed" | "ticksPerBeat" | "parts">;

/** A stretch of a file under one time signature. */
interface Stretch {
  readonly from: number;
  readonly end: number;
  readonly signature: Signature;
  /** Ticks of one bar. */
  readonly bar: number;
}

/**
 * Finds the metres of a file's bars as they would be notated. A MIDI file can state that a bar is
 * short only by giving it a signature of its own, so these cases are corrected:
 * - a first bar that is shorter than those that follow it is their upbeat;
 * - short bars that add up to one bar of the metre before and after them are one bar, split by a
 *   repeat;
 * - a short last bar, where there is an upbeat, is what the upbeat took from it;
 * - bars of one beat, at least four in a row, are beats (see {@linkcode BEATS_NOT_BARS}).
 */
export function metreSpans(music: Barred): MetreSpan[] {
  if (music.isMetreAssumed) return [assumedSpan(music)];
  const { timeSignatures, ticksPerBeat, parts } = music, first = firstOnset(music);
  let end = 0;
  for (const { notes } of parts) for (const { endTicks } of notes) end = Math.max(end, endTicks);
  const all = inOneBar(stretchesOf(timeSignatures, ticksPerBeat, end));
  const at = all.findLastIndex(({ from }) => from <= first);
  const short = all[at], full = all[at + 1], last = all.at(-1)!;
  const lastFull = all.at(-2); // before a last bar that is short by what the upbeat took
  const isComplement = short !== undefined && lastFull !== undefined && all.length > at + 2 &&
    isWhole(lastFull) && end <= last.from + last.bar &&
    Math.abs(short.bar + last.bar - lastFull.bar) < 0.5;
  const isSettled = full === last || full === lastFull && isComplement ||
    full !== undefined && lasts(full) >= SETTLED_BARS * full.bar;
  const upbeat = short !== undefined && full !== undefined && isSettled && isShort(short) &&
    short.bar < full.bar;
  const spans = all.map(({ from, signature }, index): MetreSpan => {
    if (!upbeat || index !== at) return { from, line: from, signature, upbeat: false };
    return { from, line: full.from - full.bar, signature: full.signature, upbeat: true };
  });
  if (upbeat && isComplement) spans.pop();
  return spans.filter((span, index) => {
    const past = spans[index - 1];
    return past === undefined || !isSame(past, span, ticksPerBeat);
  });
}

/**
 * Bars of four beats where a file states no metre. They begin with the music if that begins on a
 * beat, unless onsets are clearly strongest where bars from tick 0 begin: then it is an upbeat.
 * Silent parts and key switches do not count.
 */
function assumedSpan({ timeSignatures, ticksPerBeat, parts }: Barred): MetreSpan {
  const { numerator, denominator } = timeSignatures[0]!;
  const notes = parts.flatMap((part) => part.silent ? [] : part.notes.filter(isPianoKey));
  const first = notes.reduce((least, note) => Math.min(least, note.startTicks), Infinity);
  const end = notes.reduce((most, { endTicks }) => Math.max(most, endTicks), 0);
  const beat = Math.round(first / ticksPerBeat), at = beat % numerator;
  const most = ON_BEAT * ticksPerBeat, isOnBeat = Math.abs(first - beat * ticksPerBeat) <= most;
  const sums = placeStrengths(notes, ticksPerBeat, ticksPerBeat, numerator, most);
  const bars = (end - first) / (numerator * ticksPerBeat);
  const begins = at > 0 && isOnBeat && sums[0]! < sums[at]! + CLEARLY * bars;
  const line = begins ? (at - numerator) * ticksPerBeat : 0;
  return { from: 0, line, signature: [numerator, denominator], upbeat: false };
}

/**
 * Metres in ticks of a delayed grid, whose tick 0 is the file's tick `delay`. Time signatures after
 * the first that are as late as the notes are moved with the grid; the others keep their ticks.
 */
export function metresOnGrid(
  spans: readonly MetreSpan[],
  delay: number,
  ticksPerBeat: number,
): MetreSpan[] {
  const part = ticksPerBeat / 4;
  const off = (ticks: number) => Math.abs(ticks / part - Math.round(ticks / part));
  return spans.map((span, index) => {
    const { from, line } = span;
    if (index === 0 || off(line - delay) >= off(line)) return span;
    return { ...span, from: from - delay, line: line - delay };
  });
}

/** Distance in beats within which a note is on a beat, even if all are early or late. */
const ON_BEAT = 1 / 4;

/** Onset of the first note in ticks if empty bars precede the music; otherwise 0. */
export function musicBegins(music: Barred): number {
  const first = firstOnset(music), span = metreSpans(music).findLast(({ from }) => from <= first);
  if (!span || first === Infinity) return 0;
  const bar = quartersIn(span.signature) * music.ticksPerBeat;
  const early = EARLY_BEATS * music.ticksPerBeat; // a downbeat struck early belongs to its bar
  const line = span.line + Math.floor((first + early - span.line) / bar) * bar;
  return Math.max(line, span.from) > early ? first : 0;
}

/** Onset of the first note in ticks; infinite where there is none. */
function firstOnset({ parts }: Barred): number {
  return parts.reduce(
    (least, { notes: [note] }) => Math.min(least, note?.startTicks ?? Infinity),
    Infinity,
  );
}

/** Most beats by which a note may be struck ahead of its beat. */
export const EARLY_BEATS = 1 / 8;

function stretchesOf(
  signatures: readonly TimeSignature[],
  ticksPerBeat: number,
  endOfNotes: number,
): Stretch[] {
  return signatures.map(({ ticks, numerator, denominator }, index): Stretch => {
    const next = signatures[index + 1]?.ticks;
    const one = ticksPerBeat * 4 / denominator;
    const areBeats = numerator === 1 && denominator > 1 &&
      (next ?? Infinity) - ticks >= BEATS_NOT_BARS * one;
    const signature: Signature = [areBeats ? BEATS_NOT_BARS : numerator, denominator];
    const bar = ticksPerBeat * quartersIn(signature);
    return { from: ticks, end: next ?? Math.max(ticks + bar, endOfNotes), signature, bar };
  });
}

function lasts({ from, end }: Stretch): number {
  return end - from;
}

/** Whether a stretch is exactly one bar of its metre. */
function isShort(stretch: Stretch): boolean {
  return Math.abs(lasts(stretch) - stretch.bar) < 0.5;
}

/** Whether a stretch consists of whole bars. */
function isWhole(stretch: Stretch): boolean {
  const bars = lasts(stretch) / stretch.bar;
  return Math.abs(bars - Math.round(bars)) * stretch.bar < 0.5;
}

/** Stretches after joining short ones that make up one bar of the metre around them. */
function inOneBar(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  for (let at = 0; at < stretches.length; at++) {
    const around = joined.at(-1), back = around ? afterParted(stretches, at, around) : -1;
    if (back > at) {
      joined[joined.length - 1] = { ...around!, end: stretches[back]!.end };
      at = back;
    } else joined.push(stretches[at]!);
  }
  return joined;
}

/**
 * Index of the stretch that resumes `around` after short bars that make up one bar of it, or -1.
 */
function afterParted(stretches: readonly Stretch[], at: number, around: Stretch): number {
  if (!isWhole(around)) return -1;
  for (let i = at; i < stretches.length; i++) {
    const one = stretches[i]!, gone = one.from - around.end;
    if (gone > around.bar + 0.5) return -1;
    if (i > at && gone > around.bar - 0.5 && `${one.signature}` === `${around.signature}`) return i;
    if (one.bar >= around.bar || !isWhole(one)) return -1;
  }
  return -1;
}

/** Whether a span continues the one before it: same metre, and a bar line where it begins. */
function isSame(past: MetreSpan, { line, signature }: MetreSpan, ticksPerBeat: number): boolean {
  if (`${past.signature}` !== `${signature}`) return false;
  const bars = (line - past.line) / (quartersIn(signature) * ticksPerBeat);
  return Math.abs(bars - Math.round(bars)) < 1e-6;
}
