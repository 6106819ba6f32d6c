import { stepsPerBeat } from "../../tokens/bars.ts";
import { bassOf, type Chord, CHORD_QUALITIES, sameChord } from "../../tokens/chord.ts";
import type { Grid } from "../../tokens/piece.ts";
import type { Plan } from "../../tokens/plan.ts";
import { CHORD_TIMES } from "./layout.ts";

/** Input features of a plan's chords for one frame. */
export interface ChordWords {
  /** Rows of each table of `CHORD_TONES`; those of the next chord are missing where it is far. */
  readonly tones: readonly ChordTone[];
  /** Rows of the tables of `CHORD_TIMES`; −1 where unknown. */
  readonly times: readonly number[];
}

/** Twelve rows of a table by distance in pitch classes. */
interface ChordTone {
  /** First row. */
  readonly row: number;
  /** Pitch class that the first row belongs to. */
  readonly from: number;
}

/** Beats before a change within which the next chord is seen. */
const NEXT_BEATS = 4;

/** Limits in beats of the buckets of time; the first holds the change itself. */
const TIMES = [0, 0.25, 0.5, 1, 2] as const;

/** A chord of a plan, which may last over bar lines, and its first frame; null: free harmony. */
interface Begun {
  readonly start: number;
  readonly chord: Chord | null;
}

/**
 * Creates a lookup of a plan's chords by frame: each pitch sees its distance above the root and the
 * bass of the chord, and of the next one shortly before it begins, so that lines lead into it.
 * @returns a function that gives undefined where there is no chord
 */
export function chordReader(plan: Plan, grid: Grid): (frame: number) => ChordWords | undefined {
  const begun = chordsOf(plan), beat = stepsPerBeat(grid);
  let last = 0; // mostly sequential access
  return (frame) => {
    if (frame < (begun[last]?.start ?? 0)) last = 0;
    while (last + 1 < begun.length && frame >= begun[last + 1]!.start) last++;
    const now = begun[last];
    if (!now?.chord || frame < now.start) return undefined;
    const { start, chord: next } = begun[last + 1] ?? { start: Infinity, chord: null };
    const since = (frame - now.start) / beat, left = (start - frame) / beat;
    return {
      tones: [
        ...tonesOf(now.chord, since > 0),
        ...next && left <= NEXT_BEATS ? tonesOf(next, left > 1) : [],
      ],
      times: [bucket(since), next ? bucket(left) : -1],
    };
  };
}

/** Chords of a plan where they change. */
function chordsOf({ bars }: Plan): Begun[] {
  const begun: Begun[] = [];
  let start = 0;
  for (const { frames, chords = [{ step: 0, chord: null }] } of bars) {
    for (const { step, chord } of chords) {
      const last = begun.at(-1);
      if (!last || !sameChord(last.chord, chord)) begun.push({ start: start + step, chord });
    }
    start += frames;
  }
  return begun;
}

/**
 * Rows of a chord in its tables.
 * @param apart whether it does not begin at the frame or shortly after
 */
function tonesOf(chord: Chord, apart: boolean): ChordTone[] {
  const { root, quality } = chord;
  return [
    { row: 0, from: root },
    { row: 12 * CHORD_QUALITIES.indexOf(quality), from: root },
    { row: apart ? 12 : 0, from: bassOf(chord) },
  ];
}

function bucket(beats: number): number {
  const found = TIMES.findIndex((most) => beats <= most);
  return found < 0 ? CHORD_TIMES.chord_since - 1 : found;
}
