import { surenessWord } from "../../beats/follow.ts";
import type { Report } from "../../corpus/report.ts";
import { nextStep } from "../../show/next_step.ts";
import { percentText } from "../../show/text.ts";
import { betterGrid, type GridLoss } from "../../tokens/grid_loss.ts";
import type { Grid } from "../../tokens/piece.ts";

/** Number of files listed by name where many are affected. */
const NAMED = 3;

/** The corpus settings, as a suggested command repeats them. */
export interface Asked {
  readonly midi: string;
  readonly name: string;
  readonly data?: string;
}

/**
 * Summary rows on whether files follow their beats, and whether another grid would fit them better.
 */
export function adviceRows(
  { files, totals }: Report,
  { unit, steps }: Grid,
  asked: Asked,
): [string, string][] {
  if (unit === "second") return [];
  const { midi, name, data } = asked;
  const command = (more: Readonly<Record<string, number>>) =>
    nextStep("preprocess", { midi, name, ...more }, { ...(data === undefined ? {} : { data }) });
  const read = files.filter(({ verdict }) => verdict !== "skipped");
  const found = read.filter(({ found }) => found);
  const unsure = found.filter(({ found }) => surenessWord(found!.sureness) === "unsure");
  const free = read.filter(({ beats, found }) => beats === "none" && !found);
  const shifted = read.filter(({ shift = 0 }) => shift !== 0);
  const said = [
    ...(found.length === 0 ? [] : [
      `found from the playing in ${found.length} of ${read.length} files` +
      (unsure.length === 0 ? "" : `, unsure in ${unsure.length} (${named(unsure)})`),
    ]),
    ...free.length === 0 ? found.length > 0 ? [] : ["as written in the files"] : [
      `${free.length} of ${read.length} files follow none (${named(free)}): their notes lie on ` +
      "this grid by chance",
    ],
    ...(shifted.length === 0 ? [] : [
      `${shifted.length} have notes off their beats, and are read where the notes are (${
        named(shifted)
      })`,
    ]),
    ...(2 * (free.length + unsure.length) <= read.length
      ? []
      : [`without beats: ${command({ framesPerSecond: FRAMES_PER_SECOND })}`]),
  ];
  const better = betterGrid(totals.grids ?? [], steps, totals.notes);
  const now = totals.grids?.find(({ stepsPerBeat }) => stepsPerBeat === steps);
  return [
    ["beats", said.join("; ")],
    ...(better && now
      ? [[
        "grid that fits",
        `${gain(now, better, totals.notes)}: ${command({ stepsPerBeat: better.stepsPerBeat })}`,
      ]] as [string, string][]
      : []),
  ];
}

/** Frames per second that suit music without beats. */
const FRAMES_PER_SECOND = 24;

/** Improvement by a better grid, in words. */
export function gain(now: GridLoss, better: GridLoss, notes: number): string {
  const off = ({ beatsOff }: GridLoss) => percentText(beatsOff);
  const merged = (loss: GridLoss) => percentText(loss.merged / Math.max(1, notes));
  const moved = `with ${better.stepsPerBeat} steps a beat onsets move by ${off(better)} of a ` +
    `beat instead of ${off(now)}`;
  return merged(better) === merged(now)
    ? moved
    : `${moved}, and ${merged(better)} of the notes merge instead of ${merged(now)}`;
}

function named(files: readonly { readonly file: string }[]): string {
  const names = files.slice(0, NAMED).map(({ file }) => file).join(", ");
  return files.length > NAMED ? `${names}, …` : names;
}
