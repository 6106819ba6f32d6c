import { sum } from "../numbers.ts";
import { barsOf, beatStarts, endOfBar } from "../tokens/bars.ts";
import { type Chord, chordOf, chordTones, qualityWith, sameChord } from "../tokens/chord.ts";
import { decodeFrames } from "../tokens/grid.ts";
import { keyFits } from "../tokens/key.ts";
import type { Framed, Grid } from "../tokens/piece.ts";
import { BAR, type ChordBeat, type Heard, heardIn } from "./evidence.ts";
import type { TimedNote } from "../midi/music.ts";
import { likeliestStates, NO_CHORD } from "./likeliest.ts";
import { FOUND_CHORDS } from "./priors.ts";

/** A chord with its time span. */
export interface ChordSpan {
  readonly start: number;
  /** End, above `start`. */
  readonly end: number;
  /** Chord, or null where there is none. */
  readonly chord: Chord | null;
}

/**
 * Finds the chords of a piece, in frames, from its first frame to its last and without gaps; they
 * change on beats.
 */
export function findChords({ frames, metres }: Framed, grid: Grid): ChordSpan[] {
  return chordsIn(decodeFrames(frames, grid.attacks), beatsIn({ frames, metres }, grid));
}

/** Beats of a piece, in frames, each with its metrical weight. */
export function beatsIn({ frames, metres }: Framed, grid: Grid): ChordBeat[] {
  return barsOf(metres, frames.length, grid).flatMap((bar) => {
    const beats: ChordBeat[] = [], starts = beatStarts(bar, grid);
    const line = bar.start - bar.phase, end = endOfBar(bar);
    let start = bar.start;
    for (const [at, inBar] of starts.entries()) {
      const next = Math.min(end, Math.round(line + (starts[at + 1] ?? bar.steps)));
      if (next <= start) continue; // before an upbeat, or shorter than a step
      const weight = inBar === 0 ? 3 : Math.abs(inBar - bar.steps / 2) < 1e-9 ? 2 : 1;
      beats.push({ start, end: next, weight });
      start = next;
    }
    return beats;
  });
}

/**
 * Finds the chords of music: the likeliest path through all chords, beat by beat, given the
 * sounding notes, the bass, the metrical position of changes, the root motion and the local key:
 * the Viterbi algorithm on a hidden Markov model (Sheh and Ellis 2003; with a metrical weight as in
 * Temperley 2001) whose probabilities are set by hand.
 * @param notes by start
 * @param beats in order, each beginning where the one before ends
 */
export function chordsIn(notes: readonly TimedNote[], beats: readonly ChordBeat[]): ChordSpan[] {
  const heard = heardIn(notes, beats);
  const weights = beats.map(({ weight }) => weight);
  const states = likeliestStates(heard, weights, keysAround(heard));
  const bassAt = (at: number) => (heard[at]?.bass ?? NaN) % 12;
  const isInverted = (at: number) =>
    // The chord is held from this bar on over a different bass.
    beats[at]!.weight === BAR && bassAt(at) === bassAt(at + 1) && bassAt(at) !== bassAt(at - 1);
  const spans: { start: number; end: number; chord: Chord | null }[] = [];
  for (let at = 0; at < beats.length;) {
    let next = at + 1;
    while (next < beats.length && states[next] === states[at] && !isInverted(next)) next++;
    const state = states[at]!;
    spans.push({
      start: beats[at]!.start,
      end: beats[next - 1]!.end,
      chord: state === NO_CHORD ? null : withBass(FOUND_CHORDS[state]!, heard.slice(at, next)),
    });
    at = next;
  }
  return joinSpans(spans.map((span, at) => ({
    ...span,
    chord: leadingTo(span.chord, spans[at + 1]?.chord ?? null),
  })));
}

/** Joins neighbouring spans with the same chord. */
export function joinSpans(spans: readonly ChordSpan[]): ChordSpan[] {
  const joined: ChordSpan[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last && last.end === span.start && sameChord(last.chord, span.chord)) {
      joined[joined.length - 1] = { ...last, end: span.end };
    } else joined.push(span);
  }
  return joined;
}

/** Number of beats on either side used to find the local key. */
const KEY_BEATS = 24;

/** Index among `KEYS` of the local key at each beat. */
function keysAround(heard: readonly Heard[]): number[] {
  const counts = new Array<number>(12).fill(0);
  const add = (at: number, sign: 1 | -1) => {
    heard[at]?.classes.forEach((value, one) => counts[one]! += sign * value);
  };
  for (let at = 0; at < KEY_BEATS; at++) add(at, 1);
  return heard.map((_, at) => {
    add(at + KEY_BEATS, 1);
    add(at - KEY_BEATS - 1, -1);
    const fits = keyFits(counts);
    return fits.indexOf(Math.max(...fits));
  });
}

/** Weight of a chord's first beat in finding its bass. */
const FIRST_BEAT = 2;

/**
 * Adds the bass to a chord, the pitch class that is lowest most of the time; one outside the chord
 * counts only where it is lowest throughout, and is the root where it forms a chord with the tones:
 * F over D is Dm7.
 */
function withBass(chord: Chord, heard: readonly Heard[]): Chord {
  const counts = new Array<number>(12).fill(0);
  heard.forEach(({ bass }, at) => {
    if (bass !== undefined) counts[bass % 12]! += at === 0 ? FIRST_BEAT : 1;
  });
  const most = Math.max(...counts);
  if (counts[chord.root] === most) return chord;
  const bass = counts.indexOf(most), tones = chordTones(chord);
  const overBass = chordOf(chord.root, chord.quality, bass);
  if (tones.includes(bass)) return overBass;
  if (most < sum(counts)) return chord;
  const quality = qualityWith(bass, new Set([...tones, bass]));
  return quality ? chordOf(bass, quality) : overBass;
}

/**
 * Names a diminished seventh chord, which is the same on four roots, by the root that leads to the
 * next chord.
 */
function leadingTo(chord: Chord | null, next: Chord | null): Chord | null {
  if (chord?.quality !== "dim7" || !next) return chord;
  const leading = (next.root + 11) % 12;
  if (!chordTones(chord).includes(leading)) return chord;
  return chordOf(leading, "dim7", chord.bass ?? chord.root);
}
