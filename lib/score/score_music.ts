import { metresOnGrid, metreSpans } from "../midi/bar_lines.ts";
import { fitBeats } from "../midi/beat_fit.ts";
import type { Music, Part } from "../midi/music.ts";
import { createTempoMap } from "../midi/tempo.ts";
import { isLilyPondGrace, isTyped, typedPassages } from "../midi/typed.ts";
import { median } from "../numbers.ts";
import { countBefore } from "../search.ts";
import { barLines, type BarSpan, cellOf } from "./bar_lines.ts";
import { type Beat, divisionOf, placeIn } from "./divisions.ts";
import { type PlayedNote, takeGraces } from "./graces.ts";
import { inChords, withoutArpeggios } from "./chords.ts";
import type { Hand } from "./hands.ts";
import { withAccents } from "./accents.ts";
import { isCompound } from "./metre.ts";
import { type ScoreMusic, type ScoreNote, UNITS } from "./notes.ts";
import { handsOf } from "./part_hands.ts";
import { findSwing, isSwung } from "./timing.ts";
import { lastingTempos } from "./tempos.ts";

/** Beats before a beat within which a note belongs to it. */
const EARLY = 1 / 24;

/** Seconds and beats between separate onsets of a hand: a rolled chord is quicker. */
const APART_SECONDS = 0.035, APART = 1 / 20;

/** Tolerance in beats for exactly written notes, beside the resolution of the file's ticks. */
const EXACT = 0.008;

/** Tolerance in ticks for the end of an exactly written note: some programs end notes a tick early. */
const END_TICKS = 1.5;

/**
 * Quantises notes to a grid of note values, with bar lines. In each hand, each beat is divided
 * according to its onsets into two, three, four, five … equal parts, by the simplest division that
 * fits.
 * @param parts parts to be written
 * @param stepsPerBeat fixed number of divisions of every beat, 1 to 48
 * @throws {RangeError} if there are no notes
 */
export function scoreMusic(
  music: Music,
  parts: readonly Part[],
  stepsPerBeat?: number,
): ScoreMusic {
  const { ticksPerBeat, keySignatures } = music;
  const exactly = parts.flatMap(({ notes }, part) =>
    notes.map(({ pitch, startTicks, endTicks }): PlayedNote => ({
      pitch,
      start: startTicks / ticksPerBeat,
      end: endTicks / ticksPerBeat,
      part,
      graces: [],
    }))
  ).sort((a, b) => a.start - b.start || a.pitch - b.pitch);
  if (exactly.length === 0) throw new RangeError("it has no notes");
  const stated = metreSpans(music),
    fit = fitBeats(music, parts.flatMap(({ notes }) => notes), stated);
  const shift = fit.shift && exactShift(exactly.map(({ start }) => start), fit.shift);
  const metres = metresOnGrid(stated, shift * ticksPerBeat, ticksPerBeat);
  const { secondsAt } = createTempoMap(music);
  const lasts = exactly.reduce((last, note) => Math.max(last, note.end), 0);
  const secondsPerBeat = Math.max(1e-9, secondsAt(lasts * ticksPerBeat)) / lasts;
  const onBeats = exactly.map(({ start, end, ...note }) => (
    { ...note, start: start - shift, end: end - shift }
  ));
  const onsets = onBeats.map(({ start }) => start), typed = isTyped(onsets, ticksPerBeat);
  const stroke = typed ? 0 : APART_SECONDS / secondsPerBeat; // typed chords are never rolled
  const played = takeGraces(
    inChords(typed ? withoutArpeggios(onBeats) : onBeats, stroke, secondsPerBeat),
    typed,
  );
  const end = played.reduce((last, note) => Math.max(last, note.end), 0);
  const spans = barLines(metres, ticksPerBeat, played[0]!.start, end);
  const grid = {
    spans,
    exact: Math.max(EXACT, 0.6 / ticksPerBeat),
    resolution: 0.5 / ticksPerBeat,
    secondsAt: (beat: number) => secondsAt((beat + shift) * ticksPerBeat),
    isTyped: typed,
    isTypedAt: typed ? typedPassages(onsets, ticksPerBeat) : () => false,
    swing: findSwing(onsets),
    apart: Math.max(APART, APART_SECONDS / secondsPerBeat),
    stepsPerBeat,
  };
  const hands = handsOf(played, parts);
  const ornamented: PlayedBy[] = (["left", "right"] as const).flatMap((hand) =>
    takeGraces(played.flatMap((note, i) => hands[i] === hand ? [{ ...note, hand }] : []), typed)
  );
  const { notes, off } = place(ornamented, grid);
  const bars = withAccents(spans.map(({ bar }) => bar), notes);
  return {
    notes: oneKeyAtATime(notes),
    bars,
    tempos: lastingTempos(music, spans, shift),
    signatures: keySignatures.map(({ ticks, fifths, mode }) => ({
      start: startIn(spans, ticks / ticksPerBeat),
      fifths,
      mode,
    })),
    unitAt: (ticks) => startIn(spans, ticks / ticksPerBeat - shift),
    offGrid: off / played.length,
    isTyped: typed,
    followsBeats: fit.verdict !== "none",
  };
}

/** Shift of onsets; exact to the tick where a LilyPond file begins with a grace note. */
function exactShift(onsets: readonly number[], shift: number): number {
  const off = onsets.map((onset) => onset - shift - Math.round(4 * (onset - shift)) / 4);
  const usual = shift + median(off)!;
  return isLilyPondGrace(usual) ? usual : shift;
}

/** A note, and the hand that plays it. */
type PlayedBy = PlayedNote & { readonly hand: Hand };

interface ScoreGrid extends Omit<Beat, "length" | "isDotted" | "isPlayed" | "seconds"> {
  readonly spans: readonly BarSpan[];
  /** Seconds at a beat of the piece. */
  readonly secondsAt: (beat: number) => number;
  /** Whether the notes around a beat of the piece are typed. */
  readonly isTypedAt: (beat: number) => boolean;
  readonly stepsPerBeat: number | undefined;
}

type Place = ReturnType<typeof locate>;

/** Position of a time: its bar, its beat, and the beats after the beginning of that beat. */
function locate(spans: readonly BarSpan[], at: number) {
  const before = countBefore(spans.length, (i) => at >= spans[i]!.to - EARLY);
  const bar = Math.min(before, spans.length - 1);
  const span = spans[bar]!, cell = cellOf(span.bar) / UNITS;
  const since = at - span.from + span.bar.missing / UNITS;
  const index = Math.max(0, Math.floor((since + EARLY) / cell));
  return { bar, span, cell, index, within: since - index * cell, key: `${bar} ${index}` };
}

function place(
  played: readonly PlayedBy[],
  grid: ScoreGrid,
): { notes: ScoreNote[]; off: number } {
  const divisions = new Map<string, readonly number[]>();
  const keyed = played.map((note) => ({ note, at: locate(grid.spans, note.start) }));
  const groups = Map.groupBy(keyed, ({ note, at }) => `${note.hand} ${at.key}`);
  for (const [key, group] of groups) {
    const { note: { start }, at: { span, cell } } = group[0]!;
    const seconds = grid.secondsAt(start + cell) - grid.secondsAt(start);
    const isDotted = isCompound(span.bar), isPlayed = !grid.isTypedAt(start);
    const beat: Beat = { ...grid, length: cell, isDotted, isPlayed, seconds };
    const steps = grid.stepsPerBeat;
    divisions.set(
      key,
      steps === undefined
        ? divisionOf(group.map(({ at }) => at.within), beat)
        : [Math.max(1, Math.round(steps * cell))],
    );
  }
  let off = 0;
  const unitAt = ({ span, cell, index, within }: Place, own: readonly number[]) => {
    const { place, division } = placeIn(within / cell, own);
    const { start, length, missing } = span.bar;
    const unit = start - missing + Math.round((index + place) * cell * UNITS);
    return { unit: Math.min(Math.max(unit, start), start + length), division };
  };
  const notes = keyed.map(({ note, at }): ScoreNote => {
    const { pitch, part, hand, graces, isRolled } = note;
    const { unit: start, division } = unitAt(at, divisions.get(`${hand} ${at.key}`)!);
    const { cell, within } = at;
    const { bar } = at.span, written = (start - bar.start + bar.missing) / UNITS;
    const isOff = Math.abs(at.index * cell + within - written) > 1 / 16;
    if (isOff && !(grid.swing && isSwung(within / cell, grid.swing))) off++;
    const last = locate(grid.spans, note.end);
    const { unit: end } = unitAt(
      last,
      endDivision(last, divisions.get(`${hand} ${last.key}`), grid),
    );
    const own = Math.max(...divisions.get(`${hand} ${at.key}`)!);
    const least = Math.round(cell * UNITS / (own < 3 ? 4 : own));
    return {
      ...{ pitch, part, hand, division, graces },
      isRolled: isRolled === true,
      divided: dividedAt(at, division),
      start,
      end: end > start ? end : start + least,
    };
  }).sort((a, b) => a.start - b.start || a.pitch - b.pitch);
  return { notes, off };
}

/** The beat at a position, or the half or third of it that its division divides evenly. */
function dividedAt({ span, cell, index, within }: Place, division: number): [number, number] {
  const parts = isCompound(span.bar) ? 3 : 2, length = cell * UNITS;
  const { start, missing } = span.bar, beat = start - missing + index * length;
  if (division % parts !== 0) return [beat, beat + length];
  const part = Math.min(parts - 1, Math.max(0, Math.floor(within / cell * parts + 1e-6)));
  return [beat + part * length / parts, beat + (part + 1) * length / parts];
}

/**
 * Division on which a note ends: that of the beat's onsets if they are in a tuplet, otherwise the
 * one that matches exactly.
 */
function endDivision(
  { within, cell, span }: Place,
  onsets: readonly number[] | undefined,
  grid: ScoreGrid,
): readonly number[] {
  const isDotted = isCompound(span.bar), finest = Math.max(...onsets ?? [1]);
  const isPlain = (steps: number) => Number.isInteger(Math.log2(isDotted ? steps / 3 : steps));
  if (onsets && finest > 2 && !onsets.every(isPlain)) return onsets.map((steps) => 2 * steps);
  const quarters = [Math.max(finest, isDotted ? 6 : 4)];
  if (!grid.isTyped) return quarters; // players do not time releases to the 32nd
  const beat = { ...grid, length: cell, isDotted, isPlayed: true, seconds: Infinity };
  const own = divisionOf([within], beat);
  const usual = isDotted ? [1, 3, 6, 12, 2, 4] : [1, 2, 4, 8, ...finest === 1 ? [3, 6] : []];
  const off = cell * Math.abs(placeIn(within / cell, own).place - within / cell);
  const isExact = off <= 2 * END_TICKS * grid.resolution;
  if (isExact && own.length === 1 && [...usual, finest].includes(own[0]!)) return own;
  return quarters;
}

/** Unit of a beat, moved to a bar line if near one. */
function startIn(spans: readonly BarSpan[], at: number): number {
  const { span, index, within, cell } = locate(spans, at);
  const { start, missing } = span.bar;
  return Math.max(start, start - missing + Math.round((index * cell + within) * UNITS));
}

/**
 * Removes overlaps of a pitch: the later note ends the earlier one; of two simultaneous ones, one
 * is kept.
 */
function oneKeyAtATime(notes: readonly ScoreNote[]): ScoreNote[] {
  const kept: ScoreNote[] = [];
  const last = new Map<number, number>(); // per pitch, the index of its last note in `kept`
  for (const note of notes) {
    const at = last.get(note.pitch), before = at === undefined ? undefined : kept[at]!;
    if (before && before.end > note.start) {
      if (before.start === note.start) {
        kept[at!] = { ...before, end: Math.max(before.end, note.end) };
        continue;
      }
      kept[at!] = { ...before, end: note.start };
    }
    last.set(note.pitch, kept.length);
    kept.push(note);
  }
  return kept;
}
