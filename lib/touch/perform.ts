import type { Note, PedalChange, TempoChange } from "../midi/music.ts";
import type { GridNote } from "../tokens/grid.ts";
import { featuresOf, type FeatureTable } from "./features.ts";
import { loudness } from "./learn.ts";
import { pedalOf } from "./pedal.ts";
import { RULES } from "./rules.ts";
import type { TouchSettings } from "./settings.ts";
import {
  displacements,
  FURTHEST,
  lengthRatios,
  pedalShares,
  periods,
  type TimingTable,
  timingTable,
} from "./timing.ts";

/** A rendered performance. */
interface TouchedNotes {
  /** Notes by start on the grid, then pitch; no two of a pitch overlap. */
  readonly notes: readonly Note[];
  /** Sustain pedal changes, down and up in turn, by ticks. */
  readonly pedal: readonly PedalChange[];
  /** Tempo changes after the beginning, by ticks; none on grids without beats. */
  readonly tempos: readonly TempoChange[];
}

/**
 * Largest displacement of an onset by learned timing, in steps. Where most notes are early or late,
 * reading shifts the grid by as much, and ends must still be less than half a step from theirs.
 */
const FURTHEST_LEARNED = 0.14;

/**
 * Renders an expressive performance of notes on the grid: dynamics, timing, articulation, pedal and
 * a flexible tempo. Reading the result restores the same notes on the grid, and the same notes give
 * the same performance.
 * @param notes by start, then pitch; no two of a pitch overlap
 */
export function applyTouch(notes: readonly GridNote[], settings: TouchSettings): TouchedNotes {
  const { grid, metres, strength, ticksAt } = settings;
  if (strength === 0 || notes.length === 0) {
    const { velocity } = settings;
    return {
      notes: notes.map(({ pitch, start, end }) => ({
        pitch,
        velocity,
        startTicks: ticksAt(start),
        endTicks: ticksAt(end),
      })),
      pedal: [],
      tempos: [],
    };
  }
  const features = featuresOf(notes, metres, grid), table = timingTable(notes, features);
  const { beats } = table, timing = settings.style?.timing;
  const pedal = timing?.pedal && { beats, shares: pedalShares(table, timing) };
  return {
    notes: playedAt(notes, features, table, settings),
    pedal: settings.pedal ? pedalOf(notes, features.places, settings, pedal) : [],
    tempos: grid.unit === "beat" ? temposOf(table, settings) : [],
  };
}

function playedAt(
  notes: readonly GridNote[],
  features: FeatureTable,
  table: TimingTable,
  { strength, style, velocity, ticksAt, ticksPerBeat, beatsPerMinute }: TouchSettings,
): Note[] {
  const louder = loudness(features, style ?? { weights: RULES });
  const later = displacements(table, style?.timing), ratios = lengthRatios(table, style?.timing);
  const step = ticksAt(1) - ticksAt(0), ends = Math.floor(FURTHEST * step);
  const onsets = style?.timing?.onset ? Math.floor(FURTHEST_LEARNED * step) : ends;
  const bounded = (ticks: number, most: number) =>
    Math.max(-most, Math.min(most, Math.round(ticks)));
  const perSecond = ticksPerBeat * beatsPerMinute / 60;
  const endOfAll = ticksAt(features.places.length);
  const nextOfPitch = new Map<number, number>(); // per pitch, onset of its next note, in ticks
  const played: Note[] = [];
  for (let i = notes.length - 1; i >= 0; i--) {
    const { pitch, start, end } = notes[i]!;
    const late = bounded(later[i]! * strength * perSecond, onsets);
    const startTicks = Math.max(0, ticksAt(start) + late);
    const moved = (ratios[i]! - 1) * (end - start) * step;
    const letGo = ticksAt(end) + bounded(moved * strength, ends);
    const endTicks = Math.min(nextOfPitch.get(pitch) ?? Infinity, letGo, endOfAll);
    nextOfPitch.set(pitch, startTicks);
    played.push({
      pitch,
      velocity: velocityAt(velocity, strength * louder[i]!),
      startTicks,
      endTicks: Math.max(endTicks, startTicks + 1),
    });
  }
  return played.reverse();
}

/** Velocity relative to the mean, approaching the limits smoothly where it would exceed them. */
function velocityAt(mean: number, louder: number): number {
  const room = Math.max(1, louder > 0 ? 126 - mean : mean - 4);
  return Math.max(1, Math.min(127, Math.round(mean + room * Math.tanh(louder / room))));
}

/** Tempo of each beat. */
function temposOf(
  table: TimingTable,
  { ticksAt, beatsPerMinute, strength, style }: TouchSettings,
): TempoChange[] {
  const tempos: TempoChange[] = [], longer = periods(table, style?.timing);
  for (const [i, { start }] of table.beats.entries()) {
    const speed = beatsPerMinute * (1 + strength * (Math.exp(-longer[i]!) - 1));
    const ticks = ticksAt(start);
    const microsecondsPerBeat = Math.round(60e6 / Math.max(speed, beatsPerMinute / 3));
    if (ticks > 0 && microsecondsPerBeat !== tempos.at(-1)?.microsecondsPerBeat) {
      tempos.push({ ticks, microsecondsPerBeat: Math.min(0xffffff, microsecondsPerBeat) });
    }
  }
  return tempos;
}
