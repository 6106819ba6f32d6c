import { median } from "../../numbers.ts";
import { chordOf } from "../../tokens/chord.ts";
import { type Frame, pitchOf } from "../../tokens/frame.ts";
import { decodeFrames } from "../../tokens/grid.ts";
import { type Key, nearestMove } from "../../tokens/key.ts";
import { envelopeLeap } from "../../tokens/distance.ts";
import type { Plan } from "../../tokens/plan.ts";
import type { BarContent } from "../../tokens/qualities.ts";
import { transposeContent } from "./content.ts";

/** Number of criteria for an open ending, equally weighted. */
const LACKS = 2;

/**
 * Lack of a cadence, 0 (closed) to 1, at the end of a piece whose last bar has this content: its
 * last chord lacks the tonic, or its lowest voice is not on it.
 */
export function lackOfCadence({ classes = [], bottom = [] }: BarContent, { tonic }: Key): number {
  const chord = classes.findLast((half) => half.length > 0),
    bass = bottom.findLast((low) => low !== null);
  const lacksTonic = chord !== undefined && !chord.includes(tonic);
  // pitch envelopes are rounded to three semitones
  const bassElsewhere = bass != null && Math.abs(nearestMove(bass % 12, tonic)) > 1;
  return (Number(lacksTonic) + Number(bassElsewhere)) / LACKS;
}

/**
 * Content of a last bar with a close: an open ending is changed to the tonic triad with the tonic
 * in the lowest voice.
 */
export function closing(content: BarContent, key: Key): BarContent {
  if (lackOfCadence(content, key) === 0) return content;
  const { tonic, mode } = key, { classes, bottom, chords } = content;
  const last = classes?.findLastIndex((half) => half.length > 0) ?? -1;
  const triad = [0, mode === "minor" ? 3 : 4, 7].map((degree) => (tonic + degree) % 12);
  const chord = chords?.findLastIndex(({ chord }) => chord) ?? -1;
  const low = bottom?.findLastIndex((pitch) => pitch !== null) ?? -1, bass = bottom?.[low] ?? 0;
  return {
    ...content,
    ...(last < 0 ? {} : { classes: classes!.with(last, triad.sort((a, b) => a - b)) }),
    ...(chord < 0 ? {} : {
      chords: chords!.with(chord, {
        ...chords![chord]!,
        chord: chordOf(tonic, mode === "minor" ? "min" : "maj"),
      }),
    }),
    ...(low < 0 ? {} : { bottom: bottom!.with(low, bass + nearestMove(bass % 12, tonic)) }),
  };
}

/** A plan whose last bar closes in a key. */
export function closingPlan(plan: Plan, key: Key): Plan {
  const last = plan.bars.length - 1, bar = plan.bars[last]!;
  return { ...plan, bars: plan.bars.with(last, { ...bar, ...closing(bar, key) }) };
}

/**
 * Octave shift in semitones that brings an ending, a phrase or its last bar, closer to the bar
 * before it, which may be of another passage or repeat an earlier bar; 0 if no octave is saved.
 */
export function octavesToEnd(content: BarContent, before: BarContent | undefined): number {
  const leaps = (octaves: number) => {
    const { top, bottom } = transposeContent(content, octaves);
    return envelopeLeap(before?.top, top) + envelopeLeap(before?.bottom, bottom);
  };
  const nearest = [-24, -12, 12, 24].reduce((a, b) => leaps(b) < leaps(a) ? b : a);
  return leaps(nearest) + 12 <= leaps(0) ? nearest : 0;
}

/**
 * Lack of a cadence at the end of music, 0 (closed) to 1: the last sounding note is not on
 * the tonic, or is no longer than the piece's median note.
 */
export function lackOfCadenceIn(
  frames: readonly Frame[],
  attacks: boolean,
  { tonic }: Key,
): number {
  const end = frames.findLastIndex((frame) => frame.length > 0) + 1;
  if (end === 0) return 0;
  const notes = decodeFrames(frames, attacks);
  const usual = median(notes.map(({ start, end }) => end - start))!;
  const last = notes.filter((note) => note.end === end).map(({ start }) => end - start);
  const isShort = Math.max(...last) <= usual;
  return (Number(pitchOf(frames[end - 1]![0]!) % 12 !== tonic) + Number(isShort)) / LACKS;
}
