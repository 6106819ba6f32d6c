import type { ScoreNote } from "./notes.ts";
import { type BeamState, cheapestPath } from "./beam_search.ts";

/** A stretch of one voice with constant sounding notes. */
export interface Segment {
  /** Units from the beginning. */
  readonly start: number;
  /** Above `start`. */
  readonly end: number;
  /** Pitches in ascending order; empty for a rest. */
  readonly notes: readonly SegmentNote[];
}

/** A note of a {@linkcode Segment}. */
export interface SegmentNote {
  readonly pitch: number;
  /** Whether it continues from the preceding segment. */
  readonly tiedFrom: boolean;
  /** Whether it continues into the next segment. */
  readonly tiedTo: boolean;
  /** Pitches of the grace notes before it, in order. */
  readonly graces: readonly number[];
  /** Whether it belongs to a rolled chord. */
  readonly isRolled: boolean;
  /** Whether it has a staccato dot. */
  readonly isStaccato: boolean;
}

/** Costs of assigning notes to a voice, which are added. */
const COSTS = {
  /** Preceding notes of the voice still sound, and must be tied. */
  busy: 3,
  /** Notes of one chord have different ends. */
  uneven: 2,
  /** A chord with a common end is divided. */
  divided: 1.2,
  /** The lower voice plays alone. */
  lowerAlone: 1.5,
  /** The voices cross; more for each semitone. */
  crossing: 2,
  crossingSemitone: 0.2,
  /** The division of a beat changes within it, as in three against four. */
  otherDivision: 4,
  /** Per semitone of a voice's motion, up to an octave. */
  motion: 0.03,
} as const;

const OCTAVE = 12;

/** Beam width: states kept at each onset. */
const BEAM_WIDTH = 24;

interface Voice {
  readonly end: number;
  readonly pitch: number;
  /** Part of the beat that was last divided, and its division. */
  readonly divided: ScoreNote["divided"];
  readonly division: number;
}

/** Beam state with the number of the upper voice's notes. */
interface VoicesState extends BeamState<VoicesState> {
  readonly voices: readonly [upper: Voice, lower: Voice];
}

/**
 * Separates the notes of one hand into one voice or, where notes of different lengths overlap, two:
 * the upper and the lower. Chords stay together. The best separation of the piece is found by a
 * beam search (after the voice separation of Kilian and Hoos 2002).
 * @param notes of one hand, by start, then pitch
 */
export function separateVoices(
  notes: readonly ScoreNote[],
): [upper: ScoreNote[], lower: ScoreNote[]] {
  const silent: Voice = { end: -Infinity, pitch: NaN, divided: [0, 0], division: 1 };
  const start: VoicesState = { cost: 0, count: 0, before: undefined, voices: [silent, silent] };
  const voices: [ScoreNote[], ScoreNote[]] = [[], []];
  for (const { struck, count } of cheapestPath(notes, start, BEAM_WIDTH, extend)) {
    const from = struck.length - count;
    struck.forEach((note, index) => voices[index >= from ? 0 : 1].push(note));
  }
  return voices;
}

function extend(state: VoicesState, struck: readonly ScoreNote[], upper: number): VoicesState {
  const from = struck.length - upper, now = struck[0]!.start;
  const sides = [struck.slice(from), struck.slice(0, from)] as const;
  let cost = state.cost;
  const voices = sides.map((own, index): Voice => {
    const before = state.voices[index]!, other = state.voices[1 - index]!;
    if (own.length === 0) return before;
    if (before.end > now) cost += COSTS.busy;
    if (own.some(({ end }) => end !== own[0]!.end)) cost += COSTS.uneven;
    const pitch = index === 0 ? own[0]!.pitch : own.at(-1)!.pitch; // the one next to the other voice
    const beyond = index === 0 ? other.pitch - pitch : pitch - other.pitch;
    if (other.end > now && beyond >= 0) cost += COSTS.crossing + COSTS.crossingSemitone * beyond;
    if (before.end > -Infinity) {
      cost += COSTS.motion * Math.min(OCTAVE, Math.abs(pitch - before.pitch));
    }
    const { division, divided: [from, to] } = own[0]!, isDivided = division > 1;
    const isSame = from < before.divided[1] && before.divided[0] < to;
    if (isDivided && isSame && !isAmong(division, before.division)) {
      cost += COSTS.otherDivision;
    }
    return {
      end: own.reduce((last, { end }) => Math.max(last, end), before.end),
      pitch,
      divided: isDivided ? [from, to] : before.divided,
      division: isDivided ? division : before.division,
    };
  });
  if (upper === 0 && state.voices[0].end <= now) cost += COSTS.lowerAlone;
  if (upper > 0 && from > 0 && sides[0][0]!.end === sides[1][0]!.end) cost += COSTS.divided;
  return { cost, count: upper, before: state, voices: [voices[0]!, voices[1]!] };
}

/** Whether the positions of one division include those of the other. */
function isAmong(a: number, b: number): boolean {
  return a % b === 0 || b % a === 0;
}

/** The notes of one voice as contiguous segments, from unit `from` to `end`. */
export function segmentsOf(notes: readonly ScoreNote[], from: number, end: number): Segment[] {
  const lines = [...new Set([from, end, ...notes.flatMap((note) => [note.start, note.end])])]
    .filter((line) => line >= from && line <= end).sort((a, b) => a - b);
  let sounding: ScoreNote[] = [], next = 0;
  return lines.slice(1).map((line, i) => {
    const start = lines[i]!;
    sounding = sounding.filter((note) => note.end > start);
    while (next < notes.length && notes[next]!.start < line) sounding.push(notes[next++]!);
    return {
      start,
      end: line,
      notes: sounding.toSorted((a, b) => a.pitch - b.pitch).map((note) => ({
        pitch: note.pitch,
        tiedFrom: note.start < start,
        tiedTo: note.end > line,
        graces: note.start < start ? [] : note.graces,
        isRolled: note.start === start && note.isRolled === true,
        isStaccato: note.start === start && note.isStaccato === true,
      })),
    };
  });
}
