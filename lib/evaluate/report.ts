import type { SummaryTable } from "../show/summary.ts";
import type { Baselines } from "./baselines.ts";
import type { Comparison, OfEach } from "./comparison.ts";
import type { CopiedPassage, Copying } from "./copying.ts";
import type { Likelihood } from "./likelihood.ts";
import type { Liveliness } from "./liveliness.ts";
import { PASSAGE_FRAMES } from "./passages.ts";
import type { Statistics } from "./statistics.ts";

/** How well something predicts the unseen music. */
export interface Prediction extends Likelihood {
  /** Share of frames whose combination is not in the training music, 0 to 1; null if no frames. */
  readonly unseenShare: number | null;
}

/** What was read from a folder of MIDI files. */
export interface MusicRead {
  /** The folder, or one file. */
  readonly path: string;
  /** Pieces that could be read. */
  readonly pieces: number;
  /** Their frames in all. */
  readonly frames: number;
  /** Their notes on the grid in all. */
  readonly notes: number;
  /** Files that could not be used. */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

/** The result of `evaluate`. The model's own prediction stands at the top; null without MIDI files. */
export interface Evaluation extends Prediction, Comparison {
  /** The name of the model. */
  readonly model: string;
  /** Its architecture. */
  readonly kind: "combination" | "pitchwise";
  /** The corpus that it learned from. */
  readonly corpus: string;
  /** What it was measured on. */
  readonly music: OfEach<MusicRead>;
  /**
   * How often a combination came that was new, after a known and after a new one: λ of the backing
   * off ({@linkcode backOff}); null if the training music is not known.
   */
  readonly backOff: { readonly newAfterKnown: number; readonly newAfterNew: number } | null;
  /** What the plainest models predict, trained on the same pieces; null without the corpus. */
  readonly baselines: { readonly [Name in keyof Baselines]: Prediction } | null;
  /** What a reader of the numbers has to know. */
  readonly warnings: readonly string[];
}

const BASELINE_NAMES: { readonly [Name in keyof Baselines]: string } = {
  independent: "independent pitches",
  transitions: "each pitch after itself",
  repeat: "the last frame again",
  ngram: "n-grams (Kneser–Ney)",
};

const QUALITY_NAMES: { readonly [Quality in keyof Statistics]: string } = {
  pitchClass: "pitch classes",
  register: "register",
  polyphony: "polyphony",
  noteLength: "note lengths",
  onsetsPerBeat: "onsets per beat",
  interval: "intervals",
  scaleConsistency: "scale consistency",
  selfSimilarity: "self-similarity",
};

/** What a person sees of an evaluation. */
export function evaluationTable(evaluation: Evaluation, file: string): SummaryTable {
  const { model, kind, music, copying, overlap, liveliness } = evaluation;
  const rows: [string, string][] = [];
  if (music.heldOut) {
    rows.push(["unseen music", read(music.heldOut)], [`"${model}"`, prediction(evaluation)]);
    for (const [name, baseline] of Object.entries(evaluation.baselines ?? {})) {
      rows.push([BASELINE_NAMES[name as keyof Baselines], prediction(baseline)]);
    }
    rows.push(["combinations never met", `${percent(evaluation.unseenShare)} of the frames`]);
  }
  if (music.generated) rows.push(["generated music", read(music.generated)]);
  if (copying.generated) rows.push(["copied, generated", copied(copying.generated)]);
  if (copying.heldOut) rows.push(["copied, unseen", copied(copying.heldOut)]);
  for (const [key, name] of Object.entries(QUALITY_NAMES)) {
    const quality = key as keyof Statistics;
    const shares = [
      ["generated", overlap.generated],
      ["unseen", overlap.heldOut],
      ["half and half", overlap.halves],
    ] as const;
    const shown = shares.filter(([, of]) => of).map(([of, each]) =>
      `${of} ${each![quality].toFixed(2)}`
    );
    if (shown.length > 0) rows.push([`overlap, ${name}`, shown.join(", ")]);
  }
  if (liveliness.generated) rows.push(["longest, generated", lively(liveliness.generated)]);
  if (liveliness.training) rows.push(["longest, training", lively(liveliness.training)]);
  for (const warning of evaluation.warnings) rows.push(["beware", warning]);
  rows.push(["report", file]);
  return { title: `Evaluation of "${model}" (${kind})`, rows };
}

function read({ pieces, frames, notes, skipped }: MusicRead): string {
  const left = skipped.length > 0 ? `; ${count(skipped.length, "file")} skipped` : "";
  return `${count(pieces, "piece")}, ${count(frames, "frame")}, ${count(notes, "note")}${left}`;
}

function prediction({ natsPerFrame, natsPerNote }: Prediction): string {
  if (natsPerFrame === null) return "cannot be told";
  const perNote = natsPerNote === null ? "" : `, ${natsPerNote.toFixed(3)} per note`;
  return `${natsPerFrame.toFixed(3)} nats per frame${perNote}`;
}

function copied({ copiedShare, longest, pieces }: Copying): string {
  const share = `${percent(copiedShare)} of the ${PASSAGE_FRAMES}-frame passages`;
  return `${share}; longest of ${count(pieces.length, "piece")}: ${
    longest ? told(longest) : "none"
  }`;
}

function told(passage: CopiedPassage): string {
  const { piece, start, frames, notes, source, sourceStart, semitones } = passage;
  const shift = semitones === 0
    ? "at the same pitch"
    : `${count(Math.abs(semitones), "semitone")} ${semitones > 0 ? "higher" : "lower"}`;
  return `${count(frames, "frame")} (${count(notes, "note")}) of ${piece} from frame ${start} ` +
    `are ${source} from frame ${sourceStart}, ${shift}`;
}

function lively(found: Liveliness): string {
  return `same frame ${found.longestStuckFrames}, silence ${found.longestSilenceFrames}, ` +
    `note ${found.longestNoteFrames} frames; ${percent(found.emptyShare)} of the frames are silent`;
}

function count(value: number, of: string): string {
  return `${value.toLocaleString("en-US")} ${of}${value === 1 ? "" : "s"}`;
}

function percent(share: number | null): string {
  return share === null ? "none" : `${(100 * share).toFixed(1)} %`;
}
