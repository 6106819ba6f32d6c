import type { Note, PedalChange, TempoChange } from "../midi/music.ts";
import type { GridNote } from "../tokens/grid.ts";
import { featuresOf, type FeatureTable, PHRASE_BARS } from "./features.ts";
import { loudness } from "./learn.ts";
import { pedalOf } from "./pedal.ts";
import type { Places } from "./places.ts";
import { RULES } from "./rules.ts";
import type { TouchSettings } from "./settings.ts";

/** Notes as they are played. */
export interface TouchedNotes {
  /** By start on the grid, then pitch; no two of a pitch overlap. */
  readonly notes: readonly Note[];
  /** Down and up in turn, by ticks. */
  readonly pedal: readonly PedalChange[];
  /** Changes after the beginning, by ticks; none on grids without beats. */
  readonly tempos: readonly TempoChange[];
}

/** No onset or end moves further than this, in steps, so that reading finds its step again. */
const FURTHEST = 0.35;

/** How far a performance goes at full strength. */
const FULL = {
  /** Seconds that the melody is ahead of what is struck with it (Goebl 2001: 20 to 30 ms). */
  lead: 0.02,
  /** Steps that a note's end moves: joined to the next; before the same key; a leap; a phrase's end. */
  legato: 0.1,
  repeated: -0.3,
  leap: -0.15,
  phraseEnd: -0.3,
  /** Tempo at the beginning and end of a phrase, against its middle (KTH phrase arch). */
  phraseTempo: 0.05,
  /** Speed at the end of the piece, against before (Friberg and Sundberg 1999). */
  finalTempo: 0.62,
} as const;

/** Curvature of the final ritardando: 3 is what listeners like best (Friberg and Sundberg 1999). */
const FINAL_CURVE = 3;

/** Beats that the final ritardando takes. */
const FINAL_BEATS = 6;

/**
 * Plays notes of the grid as a person would: how loud, a little before or after the beat, joined or
 * parted, with pedal and a flexible tempo. Reading what is written finds the same notes on the grid,
 * and the same notes give the same performance.
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
  const nextOfPitch = new Map<number, number>(); // per pitch, where its next note begins, in ticks
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

/** A velocity so much above the mean; what would be too loud or soft to write comes near the limit. */
function velocityAt(mean: number, louder: number): number {
  const room = Math.max(1, louder > 0 ? 126 - mean : mean - 4);
  return Math.max(1, Math.min(127, Math.round(mean + room * Math.tanh(louder / room))));
}

/** Tempo by the beat: an arch over each phrase, and slower at the end of the piece. */
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
