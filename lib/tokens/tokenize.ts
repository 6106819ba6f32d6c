import type { Music, Part, TimeSignature } from "../midi/music.ts";
import { choosePiano, whyNoNotes } from "../midi/piano.ts";
import { createTempoMap } from "../midi/tempo.ts";
import { musicOf, type ToneMidi } from "../midi/tone.ts";
import { mean } from "../numbers.ts";
import { countBefore } from "../search.ts";
import type { Frame } from "./frame.ts";
import { decodeFrames, encodeFrames, type GridNote, keepMelody } from "./grid.ts";
import { sustain } from "./pedal.ts";
import type { Grid, Metre, Piece } from "./piece.ts";

/** Everything that decides which frames a MIDI file becomes; part of a corpus and of its models. */
export interface TokenizeSettings {
  /** How time is cut into frames. */
  readonly grid: Grid;
  /** Which parts are read: the piano, the first part that has notes, or all but drums. */
  readonly tracks: "piano" | "first" | "all";
  /** Whether only the highest sounding note of each step is kept. */
  readonly melody: boolean;
  /** Whether the sustain pedal lengthens notes. */
  readonly pedal: boolean;
}

/** A MIDI file on the grid, and what that cost. */
export interface Tokenized {
  /** One frame per step, without leading and trailing silence. */
  readonly frames: readonly Frame[];
  /** See {@linkcode Piece.metres}. */
  readonly metres: Piece["metres"];
  /** Which parts were read and why. */
  readonly choice: string;
  /** Notes of those parts. */
  readonly notes: number;
  /** What the grid lost of them. */
  readonly loss: {
    /** Notes that melted into another one of their pitch. */
    readonly merged: number;
    /** Notes shorter than half a step, which were given a whole one. */
    readonly lengthened: number;
    /** Mean distance from a note's onset to its step, 0 to 0.5, in steps. */
    readonly meanShift: number;
  };
  /** Steps of silence that were cut: leading and trailing ones not counted. */
  readonly cutSteps: number;
  /** Beats per minute, the mean over the piece's time. */
  readonly beatsPerMinute: number;
  /** Numerator and denominator of the metre that most of the piece is in. */
  readonly timeSignature: readonly [numerator: number, denominator: number];
  /** Mean velocity of the notes, 1 to 127. */
  readonly meanVelocity: number;
}

/** Silences between notes are cut to this many bars. */
const LONGEST_SILENCE_BARS = 4;

/** Frames that one file may become: an hour at 200 a second, a day of slow beats at 4 a beat. */
export const MOST_FRAMES = 1_000_000;

/** Sounding pitches of all frames of one file together: eight on average in the longest. */
const MOST_CODES = 8_000_000;

/**
 * Puts a MIDI file's piano notes on the grid: onsets and ends to the nearest step, every note at
 * least one step long.
 * @param given what `readMidi` read, or a `Midi` object of `@tonejs/midi`
 * @throws {Error} if there are no notes to be read; the message is a reason fit for a report
 * @example
 * ```ts
 * import { readMidi, tokenize } from "../../mod.ts";
 * const music = readMidi(await Deno.readFile("data/generated/mine.mid"));
 * const grid = { unit: "beat", steps: 4, attacks: true } as const;
 * const { frames } = tokenize(music, { grid, tracks: "piano", melody: false, pedal: false });
 * console.log(frames.length);
 * ```
 */
export function tokenize(given: Music | ToneMidi, settings: TokenizeSettings): Tokenized {
  const music = musicOf(given), { grid } = settings;
  const { parts, reason: choice } = choosePiano(music, settings.tracks);
  const notes = parts.flatMap((part: Part) =>
    settings.pedal ? sustain(part, music.ticksPerBeat) : part.notes
  );
  if (notes.length === 0) throw new Error(whyNoNotes(music, choice));

  const { secondsAt } = createTempoMap(music);
  const position = grid.unit === "beat"
    ? (ticks: number) => ticks / music.ticksPerBeat * grid.steps
    : (ticks: number) => secondsAt(ticks) * grid.steps;
  let shift = 0, lengthened = 0;
  const gridNotes = notes.map(({ pitch, startTicks, endTicks }): GridNote => {
    const exact = position(startTicks);
    const start = Math.round(exact);
    const end = Math.round(position(endTicks));
    shift += Math.abs(exact - start);
    if (end <= start) lengthened++;
    return { pitch, start, end: Math.max(end, start + 1) };
  }).sort((a, b) => a.start - b.start);

  const bars = barsInSteps(music, grid, (ticks) => Math.round(position(ticks)));
  const stepsOfSilence = (step: number) => {
    const { stepsPerBar } = bars[indexAt(bars, step)]!;
    const perSecond = music.ticksPerBeat / secondsAt(music.ticksPerBeat); // of ticks, at the start
    const steps = grid.unit === "beat" ? stepsPerBar : stepsPerBar * music.ticksPerBeat / perSecond; // a bar's beats × seconds per beat × frames per second
    return Math.max(1, Math.round(LONGEST_SILENCE_BARS * steps));
  };
  const { kept, moves, cutSteps } = cutSilences(gridNotes, stepsOfSilence);
  limitSize(kept);

  const frames = encodeFrames(kept, grid.attacks);
  const seconds = secondsAt(notes.reduce((end, note) => Math.max(end, note.endTicks), 0));
  const beats = notes.reduce((end, note) => Math.max(end, note.endTicks), 0) / music.ticksPerBeat;
  return {
    frames: settings.melody ? keepMelody(frames) : frames,
    metres: grid.unit === "beat" ? metresAfter(bars, moves) : [],
    choice,
    notes: notes.length,
    loss: {
      merged: notes.length - decodeFrames(frames, grid.attacks).length,
      lengthened,
      meanShift: shift / notes.length,
    },
    cutSteps,
    beatsPerMinute: seconds > 0 ? beats / seconds * 60 : 120,
    timeSignature: mostOfTheTime(barsOfBeats(music), notes.at(-1)!.endTicks),
    meanVelocity: mean(notes.map(({ velocity }) => velocity)),
  };
}

/** From `step` on, counted before anything was cut, bars have this many steps. */
interface Bars {
  readonly step: number;
  readonly stepsPerBar: number;
}

/** From step `from` of the file on, a step's frame is the step minus `from` plus `to`. */
interface Move {
  readonly from: number;
  readonly to: number;
}

/** Index of the bars in force at a step; 0 before all of them. */
function indexAt(bars: readonly Bars[], step: number): number {
  return Math.max(0, countBefore(bars.length, (i) => bars[i]!.step <= step) - 1);
}

/** Refuses what would fill the memory, before any frame is made. @throws {Error} */
function limitSize(notes: readonly GridNote[]): void {
  const ends = new Float64Array(128); // per pitch
  let frames = 0, codes = 0;
  for (const { pitch, start, end } of notes) { // by start
    codes += Math.max(0, end - Math.max(start, ends[pitch]!));
    ends[pitch] = Math.max(ends[pitch]!, end);
    frames = Math.max(frames, end);
  }
  const refuse = (limit: number, what: string) => {
    throw new Error(
      `it has more than ${limit.toLocaleString("en-US")} ${what} on this grid, the limit; ` +
        `take a coarser one`,
    );
  };
  if (frames > MOST_FRAMES) refuse(MOST_FRAMES, "frames");
  if (codes > MOST_CODES) refuse(MOST_CODES, "sounding pitches in its frames");
}

/** Moves the first note to step 0 and shortens long silences. */
function cutSilences(
  notes: readonly GridNote[],
  longest: (step: number) => number,
): { kept: GridNote[]; moves: Move[]; cutSteps: number } {
  let offset = notes[0]!.start, end = offset, cutSteps = 0;
  const moves: Move[] = [{ from: offset, to: 0 }];
  const kept = notes.map(({ pitch, start, end: noteEnd }) => {
    const surplus = start - end - longest(end);
    if (surplus > 0) {
      offset += surplus;
      cutSteps += surplus;
      moves.push({ from: start, to: start - offset });
    }
    end = Math.max(end, noteEnd);
    return { pitch, start: start - offset, end: noteEnd - offset };
  });
  return { kept, moves, cutSteps };
}

/** The metres of the frames: one entry where the metre changes, and one where a cut shifts the bars. */
function metresAfter(bars: readonly Bars[], moves: readonly Move[]): Metre[] {
  const metres: Metre[] = [];
  for (const [index, move] of moves.entries()) {
    const until = moves[index + 1]?.from ?? Infinity;
    const inForce = indexAt(bars, move.from);
    for (let at = inForce; at < bars.length; at++) {
      const bar = bars[at]!;
      if (at > inForce && bar.step >= until) break;
      const step = Math.max(bar.step, move.from);
      const since = step - bar.step;
      metres.push({
        frame: step - move.from + move.to,
        stepsPerBar: bar.stepsPerBar,
        phase: since - Math.floor(since / bar.stepsPerBar) * bar.stepsPerBar,
      });
    }
  }
  return metres;
}

/** Bars of one beat that follow each other so often are only beats, as transcribing programs write them. */
const BEATS_NOT_BARS = 4;

/**
 * From which step on bars have how many steps: those of a file's time signatures in which time passes.
 * @param stepAt the step of a tick
 */
export function barsInSteps(music: Music, grid: Grid, stepAt: (ticks: number) => number): Bars[] {
  return barsOfBeats(music).map(({ ticks, numerator, denominator }) => ({
    step: stepAt(ticks),
    stepsPerBar: numerator * 4 / denominator * grid.steps,
  })).filter(({ step }, index, all) => step !== all[index + 1]?.step);
}

/** The time signatures, with bars of four beats where a file has many of one. */
function barsOfBeats({ timeSignatures, ticksPerBeat }: Music): readonly TimeSignature[] {
  return timeSignatures.map((signature, index) => {
    const { ticks, numerator, denominator } = signature;
    const lasts = (timeSignatures[index + 1]?.ticks ?? Infinity) - ticks;
    const areBeats = numerator === 1 && lasts >= BEATS_NOT_BARS * ticksPerBeat * 4 / denominator;
    return areBeats ? { ...signature, numerator: 4 } : signature;
  });
}

function mostOfTheTime(
  timeSignatures: readonly TimeSignature[],
  endTicks: number,
): readonly [number, number] {
  const ticks = new Map<string, number>();
  for (const [index, signature] of timeSignatures.entries()) {
    const until = Math.min(endTicks, timeSignatures[index + 1]?.ticks ?? Infinity);
    const key = `${signature.numerator}/${signature.denominator}`;
    ticks.set(key, (ticks.get(key) ?? 0) + Math.max(0, until - signature.ticks));
  }
  const [most = "4/4"] = [...ticks].sort((a, b) => b[1] - a[1])[0] ?? [];
  const [numerator, denominator] = most.split("/").map(Number);
  return [numerator!, denominator!];
}
