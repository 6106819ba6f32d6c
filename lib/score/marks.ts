import type { Part } from "../midi/music.ts";
import { countBefore } from "../search.ts";
import { fewestChanges } from "../viterbi.ts";
import type { Clef } from "./clefs.ts";
import { type ScoreBar, type ScoreMusic, type ScoreNote, UNITS } from "./notes.ts";

/** A dynamic marking, in force from a bar on. */
export type Dynamic = "pp" | "p" | "mp" | "mf" | "f" | "ff";

/** Central velocity of each dynamic: 16 apart, as in notation programs. */
const LEVELS: readonly (readonly [Dynamic, number])[] = [
  ["pp", 33],
  ["p", 49],
  ["mp", 65],
  ["mf", 81],
  ["f", 97],
  ["ff", 113],
];

/** Cost of a change of dynamic, in levels of deviation in a bar: no marking for a bar or two. */
const DYNAMIC_CHANGE = 2;

/** Least number of velocities in played music; music with fewer was typed and has no dynamics. */
const LEAST_VELOCITIES = 4;

/**
 * The dynamic of each bar: as close to the mean velocity of its notes as possible with few changes.
 * Undefined where the piece was typed with one velocity, or few.
 */
export function dynamicsOf(
  { bars, unitAt }: Pick<ScoreMusic, "bars" | "unitAt">,
  parts: readonly Pick<Part, "notes">[],
): readonly (Dynamic | undefined)[] {
  const notes = parts.flatMap((part) => part.notes);
  const none = bars.map(() => undefined);
  if (new Set(notes.map(({ velocity }) => velocity)).size < LEAST_VELOCITIES) return none;
  const sums = bars.map(() => 0), counts = bars.map(() => 0);
  for (const { startTicks, velocity } of notes) {
    const bar = barAt(bars, unitAt(startTicks));
    sums[bar]! += velocity;
    counts[bar]!++;
  }
  const scores = bars.map((_, bar) =>
    LEVELS.map(([, velocity]) =>
      counts[bar] === 0 ? 0 : -Math.abs(sums[bar]! / counts[bar]! - velocity) / 16
    )
  );
  return fewestChanges(scores, () => DYNAMIC_CHANGE).map((level) => LEVELS[level]![0]);
}

/** A mark of the sustain pedal. */
export interface PedalMark {
  /** Units from the beginning of the piece. */
  readonly at: number;
  readonly type: "start" | "stop";
}

/**
 * Step of pedal marks, a sixteenth, and the share of it by which a pedal press can follow its
 * notes.
 */
const PEDAL_STEP = UNITS / 4, LATE = 0.8;

/** Most pedal changes per bar, on average, for which marks are written. */
const MOST_CHANGES = 2;

/** Sustain pedal marks in order; none where the pedal changes too often to be legible. */
export function pedalMarks(
  { bars, unitAt }: Pick<ScoreMusic, "bars" | "unitAt">,
  parts: readonly Pick<Part, "pedal">[],
): PedalMark[] {
  const last = bars.at(-1)!, end = last.start + last.length;
  const changes = (parts.find(({ pedal }) => pedal.length > 0)?.pedal ?? [])
    .map(({ ticks, down }) => {
      const steps = unitAt(ticks) / PEDAL_STEP;
      return { at: Math.min(end, PEDAL_STEP * Math.floor(steps + (down ? 1 - LATE : 0.5))), down };
    })
    .filter(({ at }) => at >= bars[0]!.start);
  const marks: PedalMark[] = [];
  let isDown = false;
  for (const { at, down } of changes) {
    if (down === isDown) continue;
    isDown = down;
    if (!down) {
      if (marks.at(-1)?.at === at) marks.pop(); // pressed for no time
      else marks.push({ at, type: "stop" });
    } else if (at < end) marks.push({ at, type: "start" });
    else isDown = false;
  }
  if (isDown) marks.push({ at: end, type: "stop" });
  const tooMany = marks.length > 2 * MOST_CHANGES * bars.length;
  return tooMany ? [] : marks;
}

/** Octaves by which a staff is written below (1) or above (-1) its sounding pitch. */
export type OctaveShift = -1 | 0 | 1;

/** Pitches from which a bar is written an octave nearer, and the limit for its other notes. */
const SHIFTED = {
  treble: { strong: 91, least: 76, shift: 1 },
  bass: { strong: 29, least: 45, shift: -1 },
} as const;

/**
 * Octave signs of a staff: for bars with notes four ledger lines off and none within the staff, and
 * for bars between such; never for a single bar.
 * @param notes of the staff
 */
export function octavesOf(
  notes: readonly ScoreNote[],
  bars: readonly ScoreBar[],
  clefs: readonly Clef[],
): OctaveShift[] {
  const pitches = bars.map(({ start, length }) =>
    notes.filter((note) => note.start < start + length && note.end > start)
      .map(({ pitch }) => pitch)
  );
  const shifts = bars.map((): OctaveShift => 0);
  let from = -1; // the first bar of a run
  bars.forEach((_, bar) => {
    const { strong, least, shift } = SHIFTED[clefs[bar]!];
    const beyond = (pitch: number, line: number) => shift * (pitch - line) >= 0;
    const fits = pitches[bar]!.every((pitch) => beyond(pitch, least));
    if (!fits || clefs[bar] !== clefs[bar - 1]) from = -1;
    if (!fits || !pitches[bar]!.some((pitch) => beyond(pitch, strong))) return;
    if (from < 0) from = bar;
    shifts.fill(shift, from, bar + 1);
  });
  return shifts.map((shift, bar) =>
    shift === shifts[bar - 1] || shift === shifts[bar + 1] ? shift : 0
  );
}

function barAt(bars: readonly ScoreBar[], unit: number): number {
  const before = countBefore(
    bars.length,
    (i) => unit >= bars[i]!.start + bars[i]!.length - UNITS / 16,
  );
  return Math.min(before, bars.length - 1);
}
