import { beatsText } from "../../beats/follow.ts";
import type { CorpusBuilder } from "../../corpus/builder.ts";
import type { ReportEntry } from "../../corpus/report.ts";
import type { Twins } from "../../corpus/twins.ts";
import type { Music } from "../../midi/music.ts";
import { isScoreName } from "../../notation/kinds.ts";
import { percentText } from "../../show/text.ts";
import { betterGrid, lossesOnGrids, OFFERED_GRIDS } from "../../tokens/grid_loss.ts";
import { tokenize, type Tokenized, type TokenizeSettings } from "../../tokens/tokenize.ts";
import { gain } from "./advice.ts";

/** The corpus under construction. */
export interface Into {
  readonly builder: CorpusBuilder;
  /** Duplicates; undefined where all files are of one kind. */
  readonly twins: Twins | undefined;
}

/** Adds the music of a file to a corpus. @returns its verdict */
export function entryOf(
  name: string,
  music: Music,
  settings: TokenizeSettings,
  { builder, twins }: Into,
): ReportEntry {
  const tokenized = tokenize(music, settings), { grid } = settings;
  const twin = twins?.add(name, isScoreName(name), tokenized.frames);
  if (twin !== undefined) return skipped(name, `the same piece as ${twin}`);
  const { duplicateOf, combinations } = builder.add(name, tokenized);
  const { notes, frames, loss, cutSteps, choice, beats } = tokenized, { repairs } = music;
  if (duplicateOf !== undefined) return skipped(name, `same notes as ${duplicateOf}`);
  const grids = grid.unit === "second" || beats.found
    ? []
    : lossesOnGrids(music, settings, [...new Set([...OFFERED_GRIDS, grid.steps])]);
  const better = betterGrid(grids, grid.steps, notes);
  const own = grids.find(({ stepsPerBeat }) => stepsPerBeat === grid.steps);
  return {
    file: name,
    verdict: repairs.length > 0 || beats.found ? "repaired" : "used",
    reason: [
      choice,
      ...repairs,
      ...(grid.unit === "beat" ? aboutBeats(beats) : []),
      ...(better && own ? [gain(own, better, notes)] : []),
    ].join("; "),
    notes,
    frames: frames.length,
    combinations,
    ...loss,
    cutSteps,
    beats: beats.verdict,
    ...(beats.found && { found: beats.found }),
    shift: grid.unit === "beat" ? beats.shift : 0,
    grids,
  };
}

function aboutBeats({ verdict, shift, found }: Tokenized["beats"]): string[] {
  if (found) {
    const why = verdict === "none" ? "its notes follow no beat of the file" : "as asked for";
    return [`${why}: ${beatsText(found)}`];
  }
  if (verdict === "none") return ["its notes follow no beat"];
  if (shift === 0) return [];
  const where = `${percentText(Math.abs(shift))} of a beat ${shift > 0 ? "after" : "before"}`;
  return [`its notes lie ${where} its beats, and are read there`];
}

const NOTHING = { notes: 0, frames: 0, combinations: 0, cutSteps: 0 };
const NO_LOSS = { merged: 0, lengthened: 0, meanShift: 0 };

/** The verdict on a skipped file. */
export function skipped(file: string, reason: string): ReportEntry {
  return { file, verdict: "skipped", reason, ...NOTHING, ...NO_LOSS };
}
