import { metreSpans } from "../midi/bar_lines.ts";
import { fitBeats } from "../midi/beat_fit.ts";
import type { Music } from "../midi/music.ts";
import { choosePiano } from "../midi/piano.ts";
import { mean } from "../numbers.ts";
import { doubledNotes } from "./grid.ts";
import { createGridMap } from "./grid_map.ts";
import { placeNotes } from "./place.ts";
import type { TokenizeSettings } from "./tokenize.ts";

/** Quantisation loss of a file's notes on a grid of beats. */
export interface GridLoss {
  readonly stepsPerBeat: number;
  /** Mean distance of an onset from its step, in beats. */
  readonly beatsOff: number;
  /** Notes that merge with another one of their pitch. */
  readonly merged: number;
}

/**
 * Quantisation losses of a file on other grids of beats, its own included; empty where its notes
 * follow no beat.
 * @param stepsPerBeat resolutions of the grids
 */
export function lossesOnGrids(
  music: Music,
  { tracks }: Pick<TokenizeSettings, "tracks">,
  stepsPerBeat: readonly number[],
): GridLoss[] {
  const notes = choosePiano(music, tracks).parts.flatMap((part) => part.notes);
  const spans = metreSpans(music), { verdict, shift } = fitBeats(music, notes, spans);
  if (verdict === "none" || notes.length === 0) return [];
  const doubled = doubledNotes(notes, music.ticksPerBeat);
  return stepsPerBeat.map((steps): GridLoss => {
    const placed = placeNotes(notes, createGridMap(music, spans, { steps }, notes, shift));
    const places = new Set(placed.map(({ pitch, start }) => start * 128 + pitch));
    return {
      stepsPerBeat: steps,
      beatsOff: mean(placed.map(({ exact }) => Math.abs(exact - Math.round(exact)))) / steps,
      merged: Math.max(0, notes.length - doubled - places.size),
    };
  });
}

/** Grid resolutions that are offered, the plainest first. */
export const OFFERED_GRIDS: readonly number[] = [4, 3, 6, 8, 12];

/** Share of the chance distance (a quarter of a step) beyond which a grid fits badly. */
const BADLY = 0.3;

/**
 * Improvement required of a better grid: this share of the distance, or of all notes saved from
 * merging.
 */
const LESS_OFF = 0.5, LESS_MERGED = 0.02;

/** The first grid whose loss is clearly smaller than that of the file's own, if there is one. */
export function betterGrid(
  losses: readonly GridLoss[],
  own: number,
  notes: number,
): GridLoss | undefined {
  const now = losses.find(({ stepsPerBeat }) => stepsPerBeat === own);
  if (!now) return undefined;
  const share = ({ beatsOff, stepsPerBeat }: GridLoss) => beatsOff * stepsPerBeat / 0.25;
  const fits = losses.filter((other) =>
    share(now) >= BADLY && share(other) <= LESS_OFF * share(now) &&
    other.beatsOff <= LESS_OFF * now.beatsOff
  );
  const keeps = losses.filter((other) =>
    (now.merged - other.merged) / Math.max(1, notes) >= LESS_MERGED &&
    share(other) <= share(now) + 0.1
  );
  return [...fits, ...keeps].sort((a, b) =>
    OFFERED_GRIDS.indexOf(a.stepsPerBeat) - OFFERED_GRIDS.indexOf(b.stepsPerBeat)
  )[0];
}
