import type { PedalChange } from "../midi/music.ts";
import type { GridNote } from "../tokens/grid.ts";
import type { Beat } from "./beats.ts";
import type { Places } from "./places.ts";
import type { TouchSettings } from "./settings.ts";
import { type Stretch, stretches } from "./stretches.ts";

/** Delay of the pedal after a change of harmony, in seconds: the dampers stop the old harmony. */
const LATE_SECONDS = 0.08;

/** Least duration of a pedal in seconds, and least performance strength at which it is used. */
const LEAST_SECONDS = 0.3, LEAST_STRENGTH = 0.25;

/** Beats of a piece, with the share of each during which the pedal is to be down. */
interface LearnedPedal {
  readonly beats: readonly Beat[];
  readonly shares: Float64Array;
}

/**
 * Sustain pedal changes: the pedal joins the notes of one harmony, half a bar or a beat long, and
 * changes just after the next begins, as pianists learn it (syncopated pedalling). Where
 * neighbouring notes would blur, or rests are written, it stays up.
 * @param notes by start
 */
export function pedalOf(
  notes: readonly GridNote[],
  places: Places,
  { ticksAt, ticksPerBeat, beatsPerMinute, strength }: TouchSettings,
  learned?: LearnedPedal,
): PedalChange[] {
  if (strength < LEAST_STRENGTH) return [];
  const perSecond = ticksPerBeat * beatsPerMinute / 60;
  const late = Math.round(LATE_SECONDS * perSecond);
  const pedal: PedalChange[] = [];
  const end = ticksAt(places.length);
  const byRules = stretches(notes, places);
  const used = learned ? stretchesAsPlayed(byRules, learned) : byRules;
  for (const [from, to] of used) {
    const down = ticksAt(from) + late, up = Math.min(end, ticksAt(to) + Math.round(late / 4));
    if (up - down < LEAST_SECONDS * perSecond) continue;
    pedal.push({ ticks: down, down: true }, { ticks: up, down: false });
  }
  return pedal;
}

/**
 * Stretches of beats on which a player is likely to have the pedal down: it changes where the rules
 * change it, and at every beat that they leave without it.
 */
function stretchesAsPlayed(
  byRules: readonly Stretch[],
  { beats, shares }: LearnedPedal,
): Stretch[] {
  const found: Stretch[] = [];
  let rule = 0, last: Stretch | undefined; // the rules' stretch of the beat before
  for (const [i, { start, end }] of beats.entries()) {
    while (rule < byRules.length && byRules[rule]![1] <= start) rule++;
    const own = byRules[rule] && byRules[rule]![0] <= start ? byRules[rule] : undefined;
    if (shares[i]! > 0.5) {
      const goesOn = own !== undefined && own === last && found.at(-1)?.[1] === start;
      found.push([goesOn ? found.pop()![0] : start, end]);
    }
    last = own;
  }
  return found;
}
