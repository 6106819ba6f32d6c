import { type Frame, isHeld, pitchOf } from "../../tokens/frame.ts";
import type { Grid } from "../../tokens/piece.ts";
import type { CompactMusic } from "./music.ts";

/**
 * Note density of a corpus, and its longest notes and silences. A model that continues its own
 * music frame by frame drifts away from these although the likelihood of each continuation is high
 * (sparse begets sparser), so that sampling may be biased back to them.
 */
export interface NoteStatistics {
  /** Mean number of sounding notes, 0 or more. */
  readonly notesPerFrame: number;
  /**
   * Mean number of onsets: struck notes, or in a corpus without attacks notes not sounding before.
   */
  readonly onsetsPerFrame: number;
  /** Maximum note length in frames for all but one pitch in a thousand, at least 1. */
  readonly longestNote: number;
  /** Maximum length in frames of all but one silence in a hundred, at least 1. */
  readonly longestSilence: number;
}

/** Window in frames for the note density of the music so far. */
const RECENT_FRAMES = 32;

/** Strength of the bias: factor of the log ratio of the note densities. */
const STRENGTH = 1;

/** Measures a corpus. */
export function noteStatisticsOf(
  { ids, starts, codes, pieces }: CompactMusic,
  { attacks }: Pick<Grid, "attacks">,
): NoteStatistics {
  const notes = new Map<number, number>(), silences = new Map<number, number>();
  const count = (lengths: Map<number, number>, length: number) => {
    if (length > 0) lengths.set(length, (lengths.get(length) ?? 0) + 1);
  };
  const sounding = new Int32Array(128), seen = new Int32Array(128);
  let sum = 0, onsets = 0;
  for (const { offset, length } of pieces) {
    let silent = 0;
    for (let t = 0; t <= length; t++) {
      if (t < length) {
        const id = ids[offset + t]!, from = starts[id]!, to = starts[id + 1]!;
        sum += to - from;
        for (let c = from; c < to; c++) {
          const pitch = pitchOf(codes[c]!);
          if (attacks ? !isHeld(codes[c]!) : sounding[pitch] === 0) onsets++;
          sounding[pitch]!++;
          seen[pitch] = t + 1;
        }
        if (from === to) silent++;
        else {
          count(silences, silent);
          silent = 0;
        }
      }
      for (let pitch = 0; pitch < 128; pitch++) {
        if (sounding[pitch]! > 0 && seen[pitch] !== t + 1) {
          count(notes, sounding[pitch]!);
          sounding[pitch] = 0;
        }
      }
    }
    seen.fill(0);
  }
  return {
    notesPerFrame: sum / Math.max(1, ids.length),
    onsetsPerFrame: onsets / Math.max(1, ids.length),
    longestNote: quantile(notes, 0.999),
    longestSilence: quantile(silences, 0.99),
  };
}

/** Quantile of the counted lengths; 1 if there are none. */
function quantile(counts: ReadonlyMap<number, number>, share: number): number {
  let left = share * [...counts.values()].reduce((sum, count) => sum + count, 0);
  for (const [length, count] of [...counts].sort(([a], [b]) => a - b)) {
    left -= count;
    if (left <= 0) return length;
  }
  return 1;
}

/**
 * Logit biases in the frame after `past`: of the choice that no further note sounds, and of every
 * onset.
 */
export function logitBiasesOf(
  past: readonly Frame[],
  { notesPerFrame, onsetsPerFrame }: NoteStatistics,
  { attacks }: Pick<Grid, "attacks">,
): [none: number, onset: number] {
  const recent = past.slice(-RECENT_FRAMES);
  if (recent.length === 0) return [0, 0];
  let notes = 0, onsets = 0;
  for (const [i, frame] of recent.entries()) {
    notes += frame.length;
    const begins = attacks
      ? (code: number) => !isHeld(code)
      : (code: number) => !recent[i - 1]?.includes(code);
    onsets += frame.filter(begins).length;
  }
  const excess = (sum: number, usual: number) =>
    Math.log((sum / recent.length + usual / 4) / (1.25 * usual || 1));
  const strength = STRENGTH * recent.length / RECENT_FRAMES;
  const none = notesPerFrame > 0 ? strength * excess(notes, notesPerFrame) : 0;
  return [none, onsetsPerFrame > 0 ? -strength * excess(onsets, onsetsPerFrame) : 0];
}

/** Whether a silence has reached its maximum length. */
export function silenceIsOver(past: readonly Frame[], { longestSilence }: NoteStatistics): boolean {
  return past.length >= longestSilence &&
    past.slice(-longestSilence).every((frame) => frame.length === 0);
}
