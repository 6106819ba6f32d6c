import type { Tokenized } from "../tokens/tokenize.ts";
import { readArtifact } from "../store/artifact.ts";
import { CORPUS } from "./corpus.ts";

/** Report on a corpus (`report.json`): one verdict per file, and totals. */
export interface Report {
  /** Verdicts on the MIDI files, in order. */
  readonly files: readonly {
    /** Path within the folder that was read. */
    readonly file: string;
    /** Verdict: used unchanged, used with repairs, or skipped. */
    readonly verdict: "used" | "repaired" | "skipped";
    /** Selected parts and repairs, or the reason for skipping. */
    readonly reason: string;
    /** Number of notes read. */
    readonly notes: number;
    /** Number of frames. */
    readonly frames: number;
    /** Number of distinct combinations among the frames. */
    readonly combinations: number;
    /** Notes that merged with another one of their pitch, which a finer grid would keep. */
    readonly merged: number;
    /** Notes struck at the same time as another one of their pitch. */
    readonly doubled?: number;
    /** Notes shorter than half a step, lengthened to a whole one. */
    readonly lengthened: number;
    /** Mean distance from onset to step, 0 to 0.5, in steps. */
    readonly meanShift: number;
    /** Steps of silence cut within the piece. */
    readonly cutSteps: number;
    /** Whether its notes follow its beats (`grid`), follow none, or are too few to say. */
    readonly beats?: "grid" | "none" | "few";
    /** Beats found from the playing, where the file is read on those. */
    readonly found?: NonNullable<Tokenized["beats"]["found"]>;
    /** Delay of the notes after the file's beats, in beats; the grid is shifted by as much. */
    readonly shift?: number;
    /**
     * Quantisation losses by grid: empty where the notes follow no beat, and on grids in seconds.
     */
    readonly grids?: readonly {
      /** Steps per beat. */
      readonly stepsPerBeat: number;
      /** Mean distance of an onset from its step, in beats. */
      readonly beatsOff: number;
      /** Notes that merge with another one of their pitch. */
      readonly merged: number;
    }[];
  }[];
  /** Totals over all files. */
  readonly totals: {
    /** Files examined. */
    readonly files: number;
    /** Files used unchanged. */
    readonly used: number;
    /** Files used with repairs. */
    readonly repaired: number;
    /** Files skipped. */
    readonly skipped: number;
    /** Notes read. */
    readonly notes: number;
    /** Frames made. */
    readonly frames: number;
    /** Notes that merged with another one. */
    readonly merged: number;
    /** Notes lengthened to a whole step. */
    readonly lengthened: number;
    /** Mean distance from onset to step over all notes, in steps. */
    readonly meanShift: number;
    /** Steps of silence cut. */
    readonly cutSteps: number;
    /** Notes struck at the same time as another one of their pitch. */
    readonly doubled?: number;
    /** Quantisation losses by grid over all files that follow their beats. */
    readonly grids?: Report["files"][number]["grids"];
  };
}

/** Report entry of one MIDI file. */
export type ReportEntry = Report["files"][number];

/** Totals over `files`. */
export function totalsOf(files: readonly ReportEntry[]): Report["totals"] {
  const count = (verdict: ReportEntry["verdict"]) =>
    files.filter((entry) => entry.verdict === verdict).length;
  const sum = (value: (entry: ReportEntry) => number) =>
    files.reduce((total, entry) => total + value(entry), 0);
  const notes = sum((entry) => entry.notes);
  return {
    files: files.length,
    used: count("used"),
    repaired: count("repaired"),
    skipped: count("skipped"),
    notes,
    frames: sum((entry) => entry.frames),
    merged: sum((entry) => entry.merged),
    lengthened: sum((entry) => entry.lengthened),
    meanShift: sum((entry) => entry.meanShift * entry.notes) / Math.max(1, notes),
    cutSteps: sum((entry) => entry.cutSteps),
    doubled: sum((entry) => entry.doubled ?? 0),
    grids: gridsOf(files),
  };
}

/** Quantisation losses over all files, with every note weighted equally. */
function gridsOf(files: readonly ReportEntry[]): NonNullable<ReportEntry["grids"]> {
  const known = files.filter(({ grids = [] }) => grids.length > 0);
  const notes = known.reduce((sum, entry) => sum + entry.notes, 0);
  return (known[0]?.grids ?? []).map(({ stepsPerBeat }, index) => ({
    stepsPerBeat,
    beatsOff: known.reduce((sum, { grids, notes }) => sum + grids![index]!.beatsOff * notes, 0) /
      Math.max(1, notes),
    merged: known.reduce((sum, { grids }) => sum + grids![index]!.merged, 0),
  }));
}

/**
 * Reads the report of the corpus in `folder`.
 * @throws {Error} if there is no corpus or it is damaged
 */
export function readReport(folder: string): Promise<Report> {
  return readArtifact(folder, CORPUS, async ({ text }) => JSON.parse(await text("report.json")));
}
