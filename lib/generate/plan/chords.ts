import { ABOVE_BASS } from "../../harmony/evidence.ts";
import type { ChordBar } from "../../harmony/sheet.ts";
import { sum } from "../../numbers.ts";
import { stepsPerBeat } from "../../tokens/bars.ts";
import { bassOf, type Chord, chordTones, guideTones, sameChord } from "../../tokens/chord.ts";
import type { Grid } from "../../tokens/piece.ts";
import {
  type BarPlan,
  beatOf,
  ENVELOPE_STEP,
  type Plan,
  type PlannedChord,
} from "../../tokens/plan.ts";
import { possible } from "./resembling.ts";

/** Lowest pitch of a bass. */
export const LOWEST_BASS = 28;

/** Highest pitch of a bass, and its pitch where none is planned. */
const HIGHEST_BASS = 57, USUAL_BASS = 43;

/**
 * A plan with its bars fitted to chords: their pitch classes are the chords', notes begin with each
 * chord, the lowest of them its bass, and a bar resembles an earlier one only where its chords do.
 * @param chordsAt chords of each bar; undefined: it stays as it is
 */
export function withChords(
  plan: Plan,
  chordsAt: (bar: number) => ChordBar | undefined,
  beatsPerBar: number,
  grid: Grid,
): Plan {
  const bars = [...plan.bars];
  let bass = USUAL_BASS;
  for (const [index, bar] of bars.entries()) {
    const chords = chordsAt(index);
    if (!chords) continue;
    const held = heldTo(bar, plannedChords(chords, bar, beatsPerBar), grid, bass);
    bass = held.bass;
    bars[index] = { ...held.bar, like: possible(bar.like ?? null, held.bar, bars) };
  }
  return { ...plan, bars };
}

/**
 * A sheet's chords for each bar of a plan, from its first whole bar on and repeated where there are
 * fewer chords than bars.
 * @param first index of the bar at which the sheet begins
 */
export function chordsFrom(
  chords: readonly ChordBar[],
  first: number,
): (bar: number) => ChordBar | undefined {
  return (bar) => bar < first ? undefined : chords[(bar - first) % chords.length];
}

/** A bar of a plan fitted to other chords; it resembles no earlier bar any more. */
export function barWithChords(bar: BarPlan, sheet: ChordBar, beatsPerBar: number): BarPlan {
  const beat = bar.bottom ? Math.ceil(bar.frames / bar.bottom.length) : bar.frames;
  const grid = { unit: "beat", steps: beat, attacks: true } as const;
  const planned = plannedChords(sheet, bar, beatsPerBar);
  return { ...heldTo(bar, planned, grid, USUAL_BASS).bar, like: null };
}

function plannedChords(
  sheet: ChordBar,
  { frames, steps }: BarPlan,
  beatsPerBar: number,
): PlannedChord[] {
  const placed = sheet.map(({ beat, chord }) => ({
    step: Math.round(beat * steps / beatsPerBar),
    chord,
  }));
  return placed.filter(({ step, chord }, at) =>
    step < frames && step !== placed[at + 1]?.step &&
    (at === 0 || !sameChord(chord, placed[at - 1]!.chord))
  );
}

/** A bar fitted to its chords. @param before the preceding bar's bass */
function heldTo(
  bar: BarPlan,
  chords: readonly PlannedChord[],
  grid: Grid,
  before: number,
): { bar: BarPlan; bass: number } {
  const phase = Math.max(0, bar.steps - bar.frames), beat = stepsPerBeat(grid);
  const onsets = bar.onsets && [...bar.onsets], bottom = bar.bottom && [...bar.bottom];
  let bass = before;
  for (const [at, { step, chord }] of chords.entries()) {
    if (!chord) continue;
    const end = chords[at + 1]?.step ?? bar.frames;
    const first = beatOf(step, phase, beat), last = beatOf(end - 1, phase, beat);
    bass = bassAfter(at > 0 ? bass : undefined, bottom?.[first] ?? bass, chord);
    if (onsets) {
      const others = sum(onsets.slice(step + 1, end)), needed = 1 + guideTones(chord).length;
      onsets[step] = Math.max(onsets[step]!, needed, chordTones(chord).length - others);
    }
    if (bottom) {
      const lowest = ENVELOPE_STEP * Math.round(bass / ENVELOPE_STEP);
      for (let one = first; one <= last; one++) {
        bottom[one] = one === first ? lowest : Math.max(lowest, bottom[one] ?? lowest);
      }
    }
  }
  return {
    bass,
    bar: {
      ...bar,
      chords,
      ...(bar.classes ? { classes: classesWith(bar.classes, bar, chords) } : {}),
      ...(onsets ? { onsets } : {}),
      ...(bottom ? { bottom } : {}),
    },
  };
}

/** Pitch of a chord's bass nearest to another pitch, within the range of basses. */
function bassNear(pitch: number, chord: Chord): number {
  const within = Math.min(HIGHEST_BASS - 6, Math.max(LOWEST_BASS + 6, pitch));
  const away = ((bassOf(chord) - within) % 12 + 12) % 12;
  return within + (away > 6 ? away - 12 : away);
}

/**
 * Pitch of the bass of a bar's later chord: less than a fifth above the preceding bass, which would
 * otherwise still be perceived as the bass.
 * @param before bass of the chord before; undefined in a new bar
 */
export function bassAfter(before: number | undefined, pitch: number, chord: Chord): number {
  let bass = bassNear(pitch, chord);
  while (before !== undefined && bass >= before + ABOVE_BASS) bass -= 12;
  return bass;
}

/** Pitch classes of the chords in each half bar. */
function classesWith(
  classes: readonly (readonly number[])[],
  { frames, steps }: BarPlan,
  chords: readonly PlannedChord[],
): number[][] {
  const middle = Math.round(steps / 2 - Math.max(0, steps - frames));
  return classes.map((old, half) => {
    const [from, to] = half === 0 ? [0, middle] : [middle, frames];
    const own = new Set<number>();
    for (const [at, { step, chord }] of chords.entries()) {
      const end = chords[at + 1]?.step ?? frames;
      if (step < to && end > from) {
        for (const one of chord ? chordTones(chord) : old) own.add(one);
      }
    }
    return [...own].sort((a, b) => a - b);
  });
}
