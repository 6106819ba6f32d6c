import type { Baselines } from "../evaluate/baselines.ts";
import type { CopiedPassage, Copying } from "../evaluate/copying.ts";
import type { Degeneracy } from "../evaluate/degeneracy.ts";
import { PASSAGE_FRAMES } from "../evaluate/passages.ts";
import type { Evaluation, MusicRead, Prediction } from "../evaluate/report.ts";
import type { Statistics } from "../evaluate/statistics.ts";
import { insteadOf } from "./critic.ts";
import { BASELINE_NAMES } from "./evaluation.ts";
import type { SummaryTable } from "./summary.ts";
import { countText, percentText } from "./text.ts";
import { verdict } from "./verdict.ts";

const QUALITY_NAMES: { readonly [Quality in keyof Statistics]: string } = {
  pitchClass: "pitch classes",
  register: "register",
  polyphony: "polyphony",
  noteLength: "note lengths",
  onsetsPerBeat: "onsets per beat",
  interval: "intervals",
  scaleConsistency: "scale consistency",
  selfSimilarity: "self-similarity",
  groove: "rhythms of neighbouring bars",
  keyChanges: "key changes",
  harmonicRhythm: "harmonic rhythm",
  lowNotes: "low notes per bar",
  gap: "times between notes",
};

/** Summary table of an evaluation. */
export function evaluationTable(evaluation: Evaluation, file: string): SummaryTable {
  const { model, kind, music, copying, overlap, critic, degeneracy } = evaluation;
  const rows: [string, string][] = [];
  if (music.heldOut) {
    rows.push(["unseen music", read(music.heldOut)], [`"${model}"`, prediction(evaluation)]);
    const { base } = evaluation;
    if (base) rows.push([`"${base.name}", before training`, prediction(base)]);
    for (const [name, baseline] of Object.entries(evaluation.baselines ?? {})) {
      rows.push([BASELINE_NAMES[name as keyof Baselines], prediction(baseline)]);
    }
    rows.push(["unknown combinations", `${percent(evaluation.unseenShare)} of the frames`]);
    rows.push([
      "(nats)",
      "0.7 is the surprise at a coin toss, 2.3 at one of 10 equal choices, 4.6 at one of 100",
    ]);
  }
  if (music.generated) rows.push(["generated music", read(music.generated)]);
  if (copying.generated) rows.push(["copied, generated", copied(copying.generated)]);
  if (copying.heldOut) rows.push(["copied, unseen", copied(copying.heldOut)]);
  rows.push(...overlapRows(overlap), ...criticRows(critic), ...numberRows(evaluation.statistics));
  if (degeneracy.generated) rows.push(["longest, generated", degeneracyText(degeneracy.generated)]);
  if (degeneracy.training) rows.push(["longest, training", degeneracyText(degeneracy.training)]);
  for (const warning of evaluation.warnings) rows.push(["warning", warning]);
  rows.push(["report", file]);
  return { title: `Evaluation of "${model}" (${kind})`, rows, verdict: verdict(evaluation) };
}

/** Table rows of each overlap beside that of two halves, which is the attainable value. */
function overlapRows({ generated, heldOut, halves }: Evaluation["overlap"]): [string, string][] {
  const rows = Object.entries(QUALITY_NAMES).flatMap(([key, name]): [string, string][] => {
    const quality = key as keyof Statistics;
    const shares = [["generated", generated], ["unseen", heldOut]] as const;
    const shown = shares.filter(([, of]) => of).map(([of, each]) => {
      const share = halves && halves[quality] > 0
        ? ` (${percent(each![quality] / halves[quality])})`
        : "";
      return `${of} ${each![quality].toFixed(2)}${share}`;
    });
    if (shown.length > 0 && halves) shown.push(`half and half ${halves[quality].toFixed(2)}`);
    return shown.length > 0 ? [[`overlap, ${name}`, shown.join(", ")]] : [];
  });
  if (rows.length > 0 && halves) {
    rows.push([
      "(overlap)",
      "with the training music; 100 %: as similar as its two halves are, more: more similar",
    ]);
  }
  return rows;
}

/** Maximum number of features described in words. */
const FEATURES_TOLD = 6;

function criticRows({ generated, heldOut, halves }: Evaluation["critic"]): [string, string][] {
  const each = [["generated", generated], ["unseen", heldOut], ["half and half", halves]] as const;
  const told = each.flatMap(([of, critique]) => {
    if (!critique) return [];
    if (!critique.told) return [`${of}: too little music (${critique.tooLittle})`];
    const { area, from, to } = critique.told;
    return [`${of} ${area.toFixed(2)} (${from.toFixed(2)} to ${to.toFixed(2)})`];
  });
  if (told.length === 0) return [];
  const rows: [string, string][] = [[
    "told apart (0.5 or less: chance)",
    told.join(", "),
  ]];
  for (const [index, feature] of (generated?.features ?? []).slice(0, FEATURES_TOLD).entries()) {
    const text = `${feature.words}: ${insteadOf(feature)}`;
    rows.push([index === 0 ? "distinguishing features" : "", text]);
  }
  return rows;
}

/** Table rows of the scalar measures. */
function numberRows(
  { generated, heldOut, training }: Evaluation["statistics"],
): [string, string][] {
  const sets = [["generated", generated], ["unseen", heldOut], ["training", training]] as const;
  const row = (name: string, value: (of: Statistics) => string | undefined): [string, string][] => {
    const values = sets.flatMap(([set, of]) => {
      const text = of && value(of);
      return text ? [`${set} ${text}`] : [];
    });
    return values.length > 0 ? [[name, values.join(", ")]] : [];
  };
  return [
    ...row(
      "bars without a low note",
      ({ lowNotes }) => lowNotes.mean === null ? undefined : percent(lowNotes.shares[0]!),
    ),
    ...row("key changes in 16 bars", ({ keyChanges }) => keyChanges.mean?.toFixed(1)),
    ...row("half bars to a harmony", ({ harmonicRhythm }) => harmonicRhythm.mean?.toFixed(1)),
    ...row("groove, 0 to 1", ({ groove }) => groove.mean?.toFixed(2)),
  ];
}

function read({ pieces, frames, notes, skipped, primerFrames }: MusicRead): string {
  const primer = primerFrames > 0
    ? `; without ${countText(primerFrames, "frame")} that they started from`
    : "";
  const left = skipped.length > 0 ? `; ${countText(skipped.length, "file")} skipped` : "";
  return `${countText(pieces, "piece")}, ${countText(frames, "frame")}, ${
    countText(notes, "note")
  }${primer}${left}`;
}

function prediction({ natsPerFrame, natsPerNote }: Prediction): string {
  if (natsPerFrame === null) return "cannot be told";
  const perNote = natsPerNote === null ? "" : `, ${natsPerNote.toFixed(3)} per note`;
  return `${natsPerFrame.toFixed(3)} nats per frame${perNote}`;
}

function copied({ copiedShare, longest, pieces }: Copying): string {
  const share = `${percent(copiedShare)} of the ${PASSAGE_FRAMES}-frame passages`;
  return `${share}; longest of ${countText(pieces.length, "piece")}: ${
    longest ? told(longest) : "none"
  }`;
}

function told(passage: CopiedPassage): string {
  const { piece, start, frames, bars, notes, source, sourceStart, semitones } = passage;
  const shift = semitones === 0
    ? "at the same pitch"
    : `${countText(Math.abs(semitones), "semitone")} ${semitones > 0 ? "higher" : "lower"}`;
  return `${countText(frames, "frame")} (${bars.toFixed(1)} bars, ${
    countText(notes, "note")
  }) of ${piece} from frame ${start} ` +
    `are ${source} from frame ${sourceStart}, ${shift}`;
}

function degeneracyText(found: Degeneracy): string {
  return `same frame ${found.longestStuckFrames}, silence ${found.longestSilenceFrames}, ` +
    `note ${found.longestNoteFrames}, time without a new note ${found.longestGapFrames} frames; ${
      percent(found.emptyShare)
    } of the frames are silent`;
}

function percent(share: number | null): string {
  return share === null ? "none" : percentText(share);
}
