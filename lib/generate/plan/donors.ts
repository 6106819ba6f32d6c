import { isCompound } from "../../midi/metre.ts";
import { quantile } from "../../numbers.ts";
import { keyOf } from "../../tokens/find_key.ts";
import type { Key } from "../../tokens/key.ts";
import type { Grid } from "../../tokens/piece.ts";
import { type PlanOfPiece, upbeatBars } from "../../tokens/plan.ts";
import type { BarContent } from "../../tokens/qualities.ts";
import { contentOf, meanNotes, planInMode, transposeContent } from "./content.ts";
import { type BarMetre, isAlike, mainMetre, signatureOf } from "./metre.ts";

/** Quantiles of the mean densities of the corpus's pieces for each density word. */
const DENSITIES = { sparse: 0.1, medium: 0.5, full: 0.9 } as const;

/** Largest ratio, either way, of the density of forms and donors to the requested one. */
const NEAR_DENSITY = 1.5;

/** A piece whose bars provide content. */
export interface Donor extends PlanOfPiece {
  readonly key: Key;
  /** Index of the first whole bar. */
  readonly first: number;
  /** The most common metre of its bars. */
  readonly metre: BarMetre;
}

/** Consecutive bars of one donor. */
export interface Passage {
  readonly donor: Donor;
  /** Index of the first bar in the donor. */
  readonly from: number;
  /** Transposition in semitones. */
  readonly transpose: number;
}

/** Cache of donors: finding their keys takes longer than the rest of making a plan. */
const donors = new WeakMap<PlanOfPiece, Donor>();

/** A piece as a donor. */
export function donorOf(piece: PlanOfPiece): Donor {
  const known = donors.get(piece);
  if (known) return known;
  const { plan } = piece;
  const donor: Donor = {
    ...piece,
    first: upbeatBars(plan),
    key: piece.key ?? keyOf(plan.bars, plan.ends),
    metre: mainMetre(plan),
  };
  donors.set(piece, donor);
  return donor;
}

/**
 * Content that a passage provides for bar `index` of its gap; beyond the donor's end, its last bar.
 */
export function contentAt({ donor, from, transpose }: Passage, index: number): BarContent {
  const { bars } = donor.plan;
  return transposeContent(contentOf(bars[Math.min(bars.length - 1, from + index)]!), transpose);
}

/** The pieces in a metre; if there are none, those in the nearest metres. */
export function inMetreOrNearest(donors: readonly Donor[], metre: BarMetre, grid: Grid): Donor[] {
  const alike = donors.filter(({ metre: own }) => isAlike(own, metre, grid));
  if (alike.length > 0) return alike;
  const apart = ({ metre: own }: Donor) =>
    Math.abs(Math.log2(own.steps / metre.steps)) +
    (isCompound(signatureOf(own, grid)) === isCompound(signatureOf(metre, grid)) ? 0 : 1);
  const least = Math.min(...donors.map(apart));
  return donors.filter((donor) => apart(donor) < least + 1e-9);
}

/** A donor in a mode: one in the other mode is moved to the parallel key. */
export function inMode(donor: Donor, mode: Key["mode"]): Donor {
  if (donor.key.mode === mode) return donor;
  return {
    ...donor,
    plan: planInMode(donor.plan, donor.key, mode),
    key: { tonic: donor.key.tonic, mode },
  };
}

/**
 * The items that meet the conditions in order of priority; a condition that none meets is skipped.
 */
export function preferred<T>(all: readonly T[], conditions: readonly ((one: T) => boolean)[]): T[] {
  return conditions.reduce((left, condition) => {
    const kept = left.filter(condition);
    return kept.length > 0 ? kept : left;
  }, [...all]);
}

/** Whether a density is near the requested one. */
export function isNear(mean: number, notes: number): boolean {
  return mean <= notes * NEAR_DENSITY && mean >= notes / NEAR_DENSITY;
}

/** Requested mean number of sounding notes. @throws {RangeError} if it is out of range */
export function notesAskedFor(
  density: number | "sparse" | "medium" | "full",
  pieces: readonly PlanOfPiece[],
): number {
  if (typeof density === "number") {
    if (density > 0 && density <= 128) return density;
    throw new RangeError(`Cannot use density ${density}: needed above 0 and at most 128 notes`);
  }
  return quantile(pieces.map(({ plan }) => meanNotes(plan)), DENSITIES[density])!;
}
