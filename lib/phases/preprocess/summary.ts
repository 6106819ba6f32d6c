import { basename, join } from "node:path";
import type { Corpus } from "../../corpus/corpus.ts";
import type { Report } from "../../corpus/report.ts";
import { type Shown, shown } from "../../show/summary.ts";
import { numberText, percentText } from "../../show/text.ts";
import { LEAST_PEDALLED } from "../../touch/timing_learner.ts";
import type { Vocabulary } from "../../tokens/vocabulary.ts";
import { adviceRows, type Asked } from "./advice.ts";

/** Result of `preprocess`. */
export interface PreprocessSummary {
  /** Folder of the corpus. */
  readonly folder: string;
  /** One verdict per file. */
  readonly report: Report;
  /** Number of distinct combinations, not counting the rest. */
  readonly combinations: number;
  /** Whether the corpus already existed, made from the same files with the same settings. */
  readonly unchanged: boolean;
}

/** The parts of a corpus used in its summary. */
export interface Made extends Pick<Corpus, "style" | "ids"> {
  readonly vocabulary: Pick<Vocabulary, "size">;
  readonly report: Report;
  readonly generation?: number;
}

/** The result, and its display. */
export function summarize(
  { vocabulary, style, ids, report, generation, folder, asked, unchanged }: Made & {
    readonly folder: string;
    readonly asked: Asked;
    readonly unchanged: boolean;
  },
): PreprocessSummary & Shown {
  const { grid } = style.tokenize, name = basename(folder);
  const { totals } = report;
  const [merged, lengthened] = [totals.merged, totals.lengthened]
    .map((notes) => percentText(notes / totals.notes));
  const combinations = vocabulary.size - 1;
  return shown({ folder, report, combinations, unchanged }, {
    title: `Corpus "${name}"${unchanged ? " (nothing changed since it was made)" : ""}`,
    rows: [
      [
        "files",
        `${totals.files}: ${totals.used} used, ${totals.repaired} used with repairs, ${totals.skipped} skipped`,
      ],
      ["notes", numberText(totals.notes)],
      ["frames", `${numberText(ids.length)} of 1/${grid.steps} ${grid.unit}`],
      ["combinations", numberText(combinations)],
      [
        "lost to the grid",
        `${merged} of the notes merged with another; onsets moved by ` +
        `${totals.meanShift.toFixed(2)} steps on average; ${lengthened} lengthened to a step`,
      ],
      ...(totals.doubled
        ? [["struck twice at once", `${numberText(totals.doubled)} notes`]] as const
        : []),
      ...adviceRows(report, grid, asked),
      ["silence cut", `${numberText(totals.cutSteps)} steps`],
      [
        "tempo",
        `${style.beatsPerMinute.toFixed(0)} beats per minute, ${style.timeSignature.join("/")}`,
      ],
      [
        "touch",
        touchText(style.touch),
      ],
      ["folder", folder],
      ["report", join(folder, `${generation}`, "report.json")],
    ],
  });
}

/** Source of loudness and timing. */
function touchText(touch: Made["style"]["touch"]): string {
  if (!touch) return "by rules: none of the files is a recording of somebody's playing";
  const loudness = `learned from ${numberText(touch.notes)} notes of ${touch.pieces} pieces`;
  const { timing } = touch;
  if (!timing?.onset) {
    return `${loudness}; timing by rules, as none has both a player's timing and sure beats`;
  }
  const byRules = [
    ...(timing.tempo ? [] : ["tempo, as they were played to a click"]),
    ...(timing.pedal ? [] : [`pedal, which takes ${LEAST_PEDALLED} pieces that have one`]),
  ];
  return `${loudness}, timing from ${timing.onset.pieces}` +
    (byRules.length > 0 ? `; by rules: ${byRules.join(", and ")}` : "");
}
