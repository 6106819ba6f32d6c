import type { Note, PedalChange, TempoChange } from "../midi/music.ts";
import type { GridNote } from "../tokens/grid.ts";
import { featuresOf, type FeatureTable, PHRASE_BARS } from "./features.ts";
import { loudness } from "./learn.ts";
import { pedalOf } from "./pedal.ts";
import type { Places } from "./places.ts";
import { RULES } from "./rules.ts";
import type { TouchSettings } from "./settings.ts";

/** A rendered performance. */
export interface TouchedNotes {
  /** Notes by start on the grid, then pitch; no two of a pitch overlap. */
  readonly notes: readonly Note[];
  /** Sustain pedal changes, down and up in turn, by ticks. */
  readonly pedal: readonly PedalChange[];
  /** Tempo changes after the beginning, by ticks; none on grids without beats. */
  readonly tempos: readonly TempoChange[];
}

/** Largest displacement of an onset or end in steps, so that reading the file restores its step. */
const FURTHEST = 0.35;

/** Extent of each performance rule at full strength. */
const FULL = {
  /** Melody lead in seconds: onset ahead of simultaneous notes (Goebl 2001: 20 to 30 ms). */
  lead: 0.02,
  /**
   * Displacement of a note's end in steps: legato; before the same key; before a leap; at a
   * phrase's end.
   */
  legato: 0.1,
  repeated: -0.3,
  leap: -0.15,
  phraseEnd: -0.3,
  /** Tempo variation over a phrase, between its ends and its middle (KTH phrase arch). */
  phraseTempo: 0.05,
  /** Tempo at the end of the piece relative to before (Friberg and Sundberg 1999). */
  finalTempo: 0.62,
} as const;

/** Curvature of the final ritardando: 3 is what listeners prefer (Friberg and Sundberg 1999). */
const FINAL_CURVE = 3;

/** Length of the final ritardando in beats. */
const FINAL_BEATS = 6;

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
  const features = featuresOf(notes, metres, grid), { places } = features;
  return {
    notes: playedAt(notes, features, settings),
    pedal: settings.pedal ? pedalOf(notes, places, settings) : [],
    tempos: grid.unit === "beat" ? temposOf(places, settings) : [],
  };
}

function playedAt(
  notes: readonly GridNote[],
  features: FeatureTable,
  { strength, style, velocity, ticksAt, ticksPerBeat, beatsPerMinute }: TouchSettings,
): Note[] {
  const louder = loudness(features, style ?? { weights: RULES });
  const step = ticksAt(1) - ticksAt(0), furthest = Math.floor(FURTHEST * step);
  const bounded = (ticks: number) => Math.max(-furthest, Math.min(furthest, Math.round(ticks)));
  const lead = FULL.lead * strength * ticksPerBeat * beatsPerMinute / 60;
  const { moments, length } = features.places, endOfAll = ticksAt(length);
  let moment = moments.length - 1;
  const nextOfPitch = new Map<number, number>(); // per pitch, onset of its next note, in ticks
  const played: Note[] = [];
  for (let i = notes.length - 1; i >= 0; i--) {
    const { pitch, start, end } = notes[i]!;
    if (i < moments[moment]!.first) moment--;
    const { top } = moments[moment]!, afterTop = moments[moment + 1]?.top;
    const startTicks = ticksAt(start) + (pitch === top ? 0 : bounded(lead));
    const strikesAgain = nextOfPitch.get(pitch) ?? Infinity;
    const leaps = pitch === top && afterTop !== undefined && Math.abs(afterTop - pitch) > 7;
    const moved = strikesAgain < ticksAt(end) + step
      ? FULL.repeated
      : features.phrase[i]! > 1 - 1 / (4 * PHRASE_BARS)
      ? FULL.phraseEnd
      : leaps
      ? FULL.leap
      : FULL.legato;
    const letGo = ticksAt(end) + bounded(moved * strength * step);
    const endTicks = Math.min(strikesAgain, letGo, endOfAll);
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

/** Tempo of each beat: an arch over each phrase, and a ritardando at the end of the piece. */
function temposOf(
  { bars, length, beat }: Places,
  { ticksAt, beatsPerMinute, strength }: TouchSettings,
): TempoChange[] {
  const tempos: TempoChange[] = [];
  const final = Math.max(0, length - FINAL_BEATS * beat);
  bars.forEach(({ start, frames, steps, phase, pulses }, bar) => {
    const within = pulses.map((pulse) => Math.round(start - phase + pulse))
      .filter((at) => at > start && at < start + frames);
    for (const at of new Set([start, ...within])) {
      const place = ((bar % PHRASE_BARS) + Math.min(1, (at - start) / steps)) / PHRASE_BARS;
      const arch = FULL.phraseTempo * (1 - (2 * place - 1) ** 2 - 2 / 3);
      const late = Math.max(0, (at - final) / (length - final));
      const slower = (1 + (FULL.finalTempo ** FINAL_CURVE - 1) * late) ** (1 / FINAL_CURVE);
      const speed = beatsPerMinute * (1 + strength * (arch + slower - 1));
      const ticks = ticksAt(at);
      const microsecondsPerBeat = Math.round(60e6 / Math.max(speed, beatsPerMinute / 3));
      if (ticks > 0 && microsecondsPerBeat !== tempos.at(-1)?.microsecondsPerBeat) {
        tempos.push({ ticks, microsecondsPerBeat: Math.min(0xffffff, microsecondsPerBeat) });
      }
    }
  });
  return tempos;
}
