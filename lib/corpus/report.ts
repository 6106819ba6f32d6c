import type { Tokenized } from "../tokens/tokenize.ts";
import { readArtifactText, readWhole } from "../store/artifact.ts";
import { readManifest } from "../store/manifest.ts";
import { CORPUS } from "./corpus.ts";

/** One verdict per file, and sums: `report.json` of a corpus. */
export interface Report {
  /** What became of each MIDI file, in order. */
  readonly files: readonly {
    /** Its path within the folder that was read. */
    readonly file: string;
    /** Whether it is in the corpus: as it was, with repairs, or not. */
    readonly verdict: "used" | "repaired" | "skipped";
    /** Which parts were read and what was repaired, or why it was skipped. */
    readonly reason: string;
    /** Notes read. */
    readonly notes: number;
    /** Frames that they make. */
    readonly frames: number;
    /** Distinct combinations among the frames. */
    readonly combinations: number;
    /** Notes that melted into another one of their pitch, which a finer grid would keep. */
    readonly merged: number;
    /** Notes that are struck at the same time as another one of their pitch. */
    readonly doubled?: number;
    /** Notes shorter than half a step, which were given a whole one. */
    readonly lengthened: number;
    /** Mean distance from onset to step, 0 to 0.5, in steps. */
    readonly meanShift: number;
    /** Steps of silence cut within the piece. */
    readonly cutSteps: number;
    /** Whether its notes follow its beats (`grid`), follow none, or are too few to say. */
    readonly beats?: "grid" | "none" | "few";
    /** The beats that were found from its playing, where it is read on those. */
    readonly found?: NonNullable<Tokenized["beats"]["found"]>;
    /** How much later than its beats its notes are, in beats; they are read where they are. */
    readonly shift?: number;
    /** What grids of beats do to it: none where it follows no beat, and on grids in seconds. */
    readonly grids?: readonly {
      /** Steps in a beat. */
      readonly stepsPerBeat: number;
      /** Mean distance of an onset from its step, in beats. */
      readonly beatsOff: number;
      /** Notes that melt into another one of their pitch. */
      readonly merged: number;
    }[];
  }[];
  /** Sums over all files. */
  readonly totals: {
    /** Files that were looked at. */
    readonly files: number;
    /** Used as they were. */
    readonly used: number;
    /** Used with repairs. */
    readonly repaired: number;
    /** Not used. */
    readonly skipped: number;
    /** Notes read. */
    readonly notes: number;
    /** Frames that they make. */
    readonly frames: number;
    /** Notes that melted into another one. */
    readonly merged: number;
    /** Notes that were given a whole step. */
    readonly lengthened: number;
    /** Mean over all notes, in steps. */
    readonly meanShift: number;
    /** Steps of silence cut. */
    readonly cutSteps: number;
    /** Notes that are struck at the same time as another one of their pitch. */
    readonly doubled?: number;
    /** What grids of beats do to all files that follow their beats. */
    readonly grids?: Report["files"][number]["grids"];
  };
}

/** What became of one MIDI file. */
export type ReportEntry = Report["files"][number];

/** The sums over `files`. */
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

/** What grids do to all files together, each note counting the same. */
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

/** The report of the corpus in `folder`. @throws {Error} if there is no corpus or it is damaged */
export function readReport(folder: string): Promise<Report> {
  return readWhole(folder, async () => {
    const manifest = await readManifest(folder, CORPUS);
    return JSON.parse(await readArtifactText(folder, manifest, "report.json", CORPUS.command));
  });
}
