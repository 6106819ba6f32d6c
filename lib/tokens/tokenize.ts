import { followBeats } from "../beats/follow.ts";
import { hintsOf } from "../beats/hints.ts";
import { type MetreSpan, metreSpans } from "../midi/bar_lines.ts";
import type { Signature } from "../midi/metre.ts";
import type { Music, Part } from "../midi/music.ts";
import { choosePiano, whyNoNotes } from "../midi/piano.ts";
import { createTempoMap, heardTempo } from "../midi/tempo.ts";
import { musicOf, type ToneMidi } from "../midi/tone.ts";
import { mean } from "../numbers.ts";
import type { Frame } from "./frame.ts";
import {
  decodeFrames,
  doubledNotes,
  encodeFrames,
  type GridNote,
  keepMelody,
  struckOnce,
} from "./grid.ts";
import { createGridMap, createSecondsMap } from "./grid_map.ts";
import { pedalOfPiano, sustain } from "./pedal.ts";
import type { Grid, Piece } from "./piece.ts";
import { placeNotes } from "./place.ts";
import {
  cutSilences,
  indexAt,
  LONGEST_SILENCE_BARS,
  metresAfter,
  stepsOfFrames,
} from "./silence.ts";
import { asWritten, beatOnGrid } from "./written.ts";

/**
 * Settings of tokenization, which determine the frames of a MIDI file; part of a corpus and of its
 * models.
 */
export interface TokenizeSettings {
  /** Time grid of the frames. */
  readonly grid: Grid;
  /** Selection of parts: the piano, the first part that has notes, or all but drums. */
  readonly tracks: "piano" | "first" | "all";
  /** Whether only the highest sounding note of each step is kept. */
  readonly melody: boolean;
  /** Whether the sustain pedal lengthens notes. */
  readonly pedal: boolean;
  /**
   * Source of beats on a grid of beats: the file, or tracking from the playing. Default `auto`: the
   * file's where the notes follow them.
   */
  readonly beats?: "auto" | "file" | "track";
  /** Metre of found beats, such as `6/8`. Default: as detected. */
  readonly bar?: string;
}

/** A tokenized MIDI file, with the losses of quantisation. */
export interface Tokenized {
  /** One frame per step, without leading and trailing silence. */
  readonly frames: readonly Frame[];
  /** See {@linkcode Piece.metres}. */
  readonly metres: Piece["metres"];
  /**
   * Played notes on the same steps, by start, then pitch; of those of a pitch in one step, the
   * loudest.
   */
  readonly played: readonly {
    /** 0 to 127. */
    readonly pitch: number;
    /** Onset frame. */
    readonly start: number;
    /** The first frame in which it no longer sounds. */
    readonly end: number;
    /** Velocity, 1 to 127. */
    readonly velocity: number;
    /** Onset and release in the file, in seconds from its beginning. */
    readonly seconds: number;
    readonly endSeconds: number;
  }[];
  /** Time of each frame and of the end of the last, in seconds from the beginning of the file. */
  readonly stepSeconds: Float64Array;
  /** Sustain pedal changes, by time in seconds; none where the pedal lengthens notes. */
  readonly pedal: readonly { readonly seconds: number; readonly down: boolean }[];
  /** Selected parts and the reason. */
  readonly choice: string;
  /** Number of notes in those parts. */
  readonly notes: number;
  /** Losses of quantisation. */
  readonly loss: {
    /** Notes that merge with another one of their pitch, which a finer grid would keep. */
    readonly merged: number;
    /** Notes struck at the same time as another one of their pitch: no loss of the grid. */
    readonly doubled: number;
    /** Notes shorter than half a step, lengthened to a whole one. */
    readonly lengthened: number;
    /** Mean distance from onset to step, 0 to 0.5, in steps. */
    readonly meanShift: number;
  };
  /** Agreement of the notes with the file's beats, and their delay. */
  readonly beats: {
    /** `grid`: they do; `none`: they do not; `few`: too few notes to say. */
    readonly verdict: "grid" | "none" | "few";
    /** Agreement on positions of the beat, 0 to 1. */
    readonly agreement: number;
    /** Delay of the notes' beats after the file's, in beats; the grid is shifted by as much. */
    readonly shift: number;
    /** Beats found from the playing, where the grid follows them. */
    readonly found?: {
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
      /** Position in the beat of the second of two swung eighths, which are read as even ones. */
      readonly swing?: number;
    };
  };
  /** Steps of silence that were cut, apart from leading and trailing silence. */
  readonly cutSteps: number;
  /** Beats per minute, the median over the time from the first note to the last. */
  readonly beatsPerMinute: number;
  /** Time signature of most of the piece: numerator and denominator. */
  readonly timeSignature: readonly [numerator: number, denominator: number];
  /** Mean velocity of the notes, 1 to 127. */
  readonly meanVelocity: number;
}

/** Most frames of one file: an hour at 200 a second, a day of slow beats at 4 a beat. */
export const MOST_FRAMES = 1_000_000;

/** Most codes in one file, summed over its frames: eight per frame on average in the longest. */
const MOST_CODES = 8_000_000;

/**
 * Tokenizes the piano notes of a MIDI file: onsets and ends move to the nearest step, every note is
 * at least one step long.
 * @param given result of `readMidi`, or a `Midi` object of `@tonejs/midi`
 * @throws {Error} if there are no notes to read; the message is a reason fit for a report
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
  const { grid } = settings, { music, beats: fit } = onBeats(musicOf(given), settings);
  const { parts, reason: choice } = choosePiano(music, settings.tracks);
  const notes = parts.flatMap((part: Part) =>
    settings.pedal ? sustain(part, music.ticksPerBeat) : part.notes
  );
  if (notes.length === 0) throw new Error(whyNoNotes(music, choice));

  const spans = metreSpans(music);
  const map = grid.unit === "beat"
    ? createGridMap(music, spans, grid, notes, fit.shift)
    : createSecondsMap(music, spans, grid);
  const { secondsAt } = createTempoMap(music), onSteps = placeNotes(notes, map);
  const placed = fit.found ? asWritten(onSteps, beatOnGrid(music, fit.found, grid.steps)) : onSteps;

  const stepsOfSilence = (step: number) => {
    const { stepsPerBar } = map.metres[indexAt(map.metres, step)]!;
    return Math.max(1, Math.round(LONGEST_SILENCE_BARS * stepsPerBar));
  };
  const { kept, moves, cutSteps } = cutSilences(placed, stepsOfSilence);
  limitSize(kept);

  const frames = encodeFrames(kept, grid.attacks);
  const doubled = doubledNotes(notes, music.ticksPerBeat);
  const endTicks = notes.reduce((end, note) => Math.max(end, note.endTicks), 0);
  const firstTicks = notes.reduce((first, note) => Math.min(first, note.startTicks), Infinity);
  return {
    frames: settings.melody ? keepMelody(frames) : frames,
    metres: grid.unit === "beat" ? metresAfter(map.metres, moves) : [],
    played: struckOnce(kept).map(({ note, pitch, velocity, start, end }) => ({
      ...{ pitch, start, end, velocity },
      ...{ seconds: secondsAt(note.startTicks), endSeconds: secondsAt(note.endTicks) },
    })),
    stepSeconds: Float64Array.from(
      stepsOfFrames(frames.length + 1, moves),
      (step) => secondsAt(map.ticksAt(step)),
    ),
    pedal: settings.pedal ? [] : pedalOfPiano(parts)
      .map(({ ticks, down }) => ({ seconds: secondsAt(ticks), down })),
    choice,
    notes: notes.length,
    loss: {
      doubled,
      merged: Math.max(0, notes.length - doubled - decodeFrames(frames, grid.attacks).length),
      lengthened:
        placed.filter(({ note, exact }) =>
          Math.round(map.stepAt(note.endTicks)) <= Math.round(exact)
        ).length,
      meanShift: mean(placed.map(({ exact }) => Math.abs(exact - Math.round(exact)))),
    },
    beats: fit,
    cutSteps,
    beatsPerMinute: heardTempo(music, firstTicks, endTicks),
    timeSignature: mostOfTheTime(spans, endTicks),
    meanVelocity: mean(notes.map(({ velocity }) => velocity)),
  };
}

/** Music on the beats that the grid follows, with the report on them. */
function onBeats(
  music: Music,
  { grid, tracks, beats = "auto", bar }: TokenizeSettings,
): { music: Music; beats: Tokenized["beats"] } {
  const { parts } = choosePiano(music, tracks), from = grid.unit === "second" ? "file" : beats;
  const { fit, found, music: followed } = followBeats(music, parts, from, hintsOf(bar));
  return { music: followed, beats: { ...fit, ...(found && { found }) } };
}

/** Refuses music that would exhaust memory, before any frame is made. @throws {Error} */
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

/** Time signature in force for most of a piece's ticks. */
function mostOfTheTime(spans: readonly MetreSpan[], endTicks: number): Signature {
  const ticks = new Map<string, number>();
  for (const [index, { from, signature }] of spans.entries()) {
    const until = Math.min(endTicks, spans[index + 1]?.from ?? Infinity);
    const key = signature.join("/");
    ticks.set(key, (ticks.get(key) ?? 0) + Math.max(0, until - from));
  }
  const [most] = [...ticks].sort((a, b) => b[1] - a[1])[0]!;
  return spans.find(({ signature }) => signature.join("/") === most)!.signature;
}
