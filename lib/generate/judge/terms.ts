import { chordDistance } from "../../harmony/fit.ts";
import { jaccard, mean } from "../../numbers.ts";
import { type Bar, barsOf, framesOf, stepsPerBeat } from "../../tokens/bars.ts";
import { slice } from "../../tokens/excerpt.ts";
import { type Frame, isHeld, pitchOf } from "../../tokens/frame.ts";
import { melodyOnset } from "../../tokens/measure.ts";
import type { Grid } from "../../tokens/piece.ts";
import type { BarPlan, Plan } from "../../tokens/plan.ts";
import { barPlansOf } from "../../tokens/plan_of.ts";
import { envelopeLeap } from "../../tokens/distance.ts";
import { distanceOfBars, qualityNames } from "../../tokens/qualities.ts";
import { lackOfCadenceIn } from "../plan/ending.ts";
import { outOfRange } from "./ranges.ts";
import type { Judged, Term } from "./term.ts";

/** Window before a bar in which copies are sought, in beats: in slow music a bar has few notes. */
const COPY_WINDOW = 24;

/** Consecutive unplanned repetitions of the preceding bar at which music is stuck. */
const STUCK_BARS = 4;

/** Similarity from which a plan asks for the same bar again. */
const SAME_BAR = 0.8;

/** Fewest bars for comparison with a corpus's excerpts; shorter music varies more than they do. */
const LEAST_BARS = 8;

/** Share of notes in common with the original from which a filling is not new. */
const AS_BEFORE = 0.7;

/** Largest melodic step, in semitones. */
const LARGEST_STEP = 2;

/** Whether a bar's plan specifies only its length and its chords. */
function isBare(bar: BarPlan): boolean {
  return qualityNames.every((name) => name === "chords" || bar[name] === undefined);
}

/** Terms by which bars, pieces and fillings are chosen. */
export const TERMS: readonly Term[] = [
  {
    name: "plan",
    words: "distance from the plan, per bar",
    weight: () => 1,
    of: ({ frames, bars, first, last }, { plan, grid }) => {
      const asked = plan?.bars.slice(first, last + 1) ?? [];
      if (asked.every(isBare)) return undefined;
      const made = barPlansOf(frames, bars.slice(0, first + asked.length), first, grid);
      return { value: mean(made.map((bar, i) => distanceOfBars(bar, asked[i]!)), 0) };
    },
  },
  {
    name: "chord",
    words: "distance from the planned chords",
    weight: () => 3,
    of: ({ frames, bars, first, last }, { plan }) => {
      const far = plan?.bars.slice(first, last + 1).flatMap(({ chords }, i) => {
        const asked = chords?.filter(({ soft }) => !soft) ?? [];
        return asked.length > 0 ? [chordDistance(framesOf(frames, bars[first + i]!), asked)] : [];
      }) ?? [];
      return far.length === 0 ? undefined : { value: mean(far) };
    },
  },
  {
    name: "voice leading",
    words:
      "difference between the melody's leap over a bar line and the plan's, beyond a step, in octaves",
    weight: () => 1.5,
    of: ({ frames, bars, first, last }, { plan, grid }) => {
      const leaps = bars.slice(first, last + 1).flatMap((bar, i) => {
        const leap = leapInto(frames, bar, grid.attacks), at = first + i;
        const asked = envelopeLeap(plan?.bars[at - 1]?.top, plan?.bars[at]?.top);
        return leap === undefined ? [] : [Math.max(0, Math.abs(leap - asked) - LARGEST_STEP) / 12];
      });
      return leaps.length === 0 ? undefined : { value: mean(leaps) };
    },
  },
  {
    name: "close",
    words: "lack of a cadence: bass off the tonic, short last note",
    weight: () => 10,
    of: ({ frames, bars, last }, { plan, key, grid }) =>
      plan?.ends && key && last === bars.length - 1
        ? { value: lackOfCadenceIn(frames, grid.attacks, key) }
        : undefined,
  },
  {
    name: "discriminator",
    words: "log odds that a bar is by the model rather than from the corpus",
    weight: ({ discriminator }) => discriminator?.weight ?? 0,
    of: ({ frames, bars, last }, { discriminator }) =>
      discriminator && { value: discriminator.of(frames, bars, last) },
  },
  {
    name: "copied",
    words: "consecutive beats copied from the training music, beyond those allowed",
    weight: () => 1,
    hard: true,
    of: (judged, { copies, mostCopied, grid }) => {
      if (!copies) return undefined;
      const beats = copies.longest(windowOf(judged, mostCopied, grid).frames)?.beats ?? 0;
      if (beats <= mostCopied) return { value: 0 };
      const shown = Math.round(10 * beats) / 10;
      return {
        value: 1 + beats / Math.max(1, mostCopied),
        problems: [`copied: ${shown} beats in a row are in the training music`],
      };
    },
  },
  {
    name: "familiar",
    words: "share of the frames that end a passage of the training music",
    weight: () => 2,
    of: (judged, { copies, mostCopied, grid }) => {
      if (!copies) return undefined;
      const { frames, first } = windowOf(judged, mostCopied, grid);
      return { value: copies.share(frames, first) };
    },
  },
  {
    name: "stuck",
    words: "bars in a row like the one before",
    weight: () => 1,
    hard: true,
    of: (judged, { plan }) => {
      const same = sameBars(judged, plan);
      if (same < STUCK_BARS) return { value: 0 };
      return {
        value: 2 + same / STUCK_BARS,
        problems: [`stuck: ${same} bars in a row like the one before`],
      };
    },
  },
  {
    name: "ranges",
    words: "statistics outside the corpus's usual range",
    weight: () => 1,
    hard: true,
    of: ({ frames, metres, from }, { ranges, grid }) => {
      if (!ranges) return undefined;
      const made = slice({ frames, metres }, from);
      const count = barsOf(made.metres, made.frames.length, grid).length;
      const problems = count < LEAST_BARS ? [] : outOfRange(made, ranges, grid);
      return { value: problems.length, problems };
    },
  },
  {
    name: "new",
    words: "whether a filling repeats the original notes",
    weight: () => 3,
    hard: true,
    of: ({ frames, from }, { replaced }) => {
      if (!replaced) return undefined;
      const now = struck(frames.slice(from)).difference(replaced.given);
      if (jaccard(replaced.was, now) < AS_BEFORE) return { value: 0 };
      return { value: 1, problems: ["as before"] };
    },
  },
  {
    name: "likelihood",
    words: "−ln of the probability of the fixed notes in and after a filling",
    weight: () => 1,
    of: ({ logLikelihood }) => logLikelihood === undefined ? undefined : { value: -logLikelihood },
  },
];

/**
 * Semitones from the melody's last onset before a bar to its first one in the bar; undefined where
 * either is more than a bar away.
 */
function leapInto(
  frames: readonly Frame[],
  { start, frames: length }: Bar,
  attacks: boolean,
): number | undefined {
  const nearest = (from: number, by: 1 | -1) => {
    for (let t = from; Math.abs(t - from) < length; t += by) {
      const pitch = melodyOnset(frames, t, attacks);
      if (pitch !== undefined) return pitch;
    }
  };
  const before = nearest(start - 1, -1), after = nearest(start, 1);
  return before === undefined || after === undefined ? undefined : Math.abs(after - before);
}

/** Frames in which copies are sought, and the first judged one among them. */
interface CopyWindow {
  readonly mostCopied: number;
  readonly frames: readonly Frame[];
  readonly first: number;
}

const windows = new WeakMap<Judged, CopyWindow>();

/** The judged bars with those before in which copies are sought; the same for all terms. */
function windowOf(judged: Judged, mostCopied: number, grid: Grid): CopyWindow {
  const known = windows.get(judged);
  if (known?.mostCopied === mostCopied) return known;
  const { frames, from, bars, first } = judged;
  const window = Math.ceil((COPY_WINDOW + mostCopied) * stepsPerBeat(grid));
  const { start } = bars[first]!, at = Math.max(from, start - window);
  const found = { mostCopied, frames: frames.slice(at), first: Math.max(0, start - at) };
  windows.set(judged, found);
  return found;
}

/** Onsets, as frame · 128 + pitch. */
export function struck(frames: readonly Frame[]): Set<number> {
  return new Set(
    frames.flatMap((frame, t) =>
      frame.filter((code) => !isHeld(code)).map((code) => t * 128 + pitchOf(code))
    ),
  );
}

/**
 * Longest run of new bars, up to the last, identical to the preceding bar and not planned to be.
 */
function sameBars(
  { frames, from, bars, first, last }: Judged,
  plan: Plan | null | undefined,
): number {
  const start = Math.max(0, first - STUCK_BARS);
  let run = 0, longest = 0, before: string | undefined;
  for (let index = start; index <= last; index++) {
    if (bars[index]!.start < from) continue;
    const bar = JSON.stringify(framesOf(frames, bars[index]!));
    const planned = (plan?.bars[index]?.like?.degree ?? 0) >= SAME_BAR;
    run = bar === before && !planned ? run + 1 : 0;
    longest = Math.max(longest, run);
    before = bar;
  }
  return longest;
}
