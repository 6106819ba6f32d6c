import type { CorpusStyle } from "../corpus/corpus.ts";
import type { Model } from "../model/model.ts";
import { barsOf } from "../tokens/bars.ts";
import { endOf } from "../tokens/excerpt.ts";
import type { Frame } from "../tokens/frame.ts";
import { keyOf } from "../tokens/find_key.ts";
import type { Key } from "../tokens/key.ts";
import type { Piece } from "../tokens/piece.ts";
import type { Plan } from "../tokens/plan.ts";
import { type BarChoice, continueBarByBar } from "./bar_by_bar.ts";
import { type Choice, choose } from "./choice.ts";
import type { CopyFinder } from "./copies.ts";
import { type Continuation, continueMusic } from "./continue.ts";
import type { Discriminator } from "./discriminator.ts";
import type { Criteria } from "./judge.ts";
import { pieceToMidi } from "./output.ts";
import { framesFromText, type Primer } from "./primer.ts";
import type { PieceRecipe } from "./recipe.ts";

/** What bars are chosen by beside their plan, where it is known. */
export interface BarChecks {
  readonly copies: CopyFinder | undefined;
  readonly discriminator: Discriminator | undefined;
}

/** What is told of music on its way. */
export interface MakingProgress {
  /** See {@linkcode Continuation}. */
  readonly onFrame?: Continuation["onFrame"];
  /** Called with each choice of a bar of a piece; only where bars are chosen. */
  readonly onChoice?: BarChoice["onChoice"];
  /** Called after each bar with the new frames of each piece so far; only where bars are chosen. */
  readonly onBar?: (made: readonly (readonly Frame[])[]) => Promise<void> | void;
}

/** What a recipe starts from, with its plan. */
export function primerOf(
  { start: { frames, metres, written }, plan }: PieceRecipe,
): Primer & { plan: Plan | null } {
  return { frames: framesFromText(frames), metres, written, plan };
}

/**
 * Samples the music of a recipe, once for each seed; with a plan, bar by bar.
 * @returns the new frames, per seed
 */
export async function sampleRecipe(
  model: Model,
  recipe: PieceRecipe,
  seeds: readonly number[],
  { copies, discriminator: of }: BarChecks,
  { onFrame, onBar, onChoice }: MakingProgress = {},
): Promise<Frame[][]> {
  const { sampling, stuckAfter, frames: length, barCandidates = 1, mostCopied = Infinity } = recipe;
  const { discriminator: weight = 0 } = recipe;
  const how = { sampling, stuckAfter, seeds, onFrame };
  const start = primerOf(recipe), { plan } = start;
  return plan && barCandidates > 1
    ? await continueBarByBar(model, { ...start, plan }, { ...how, length, onBar }, {
      of: barCandidates,
      key: keyIn(recipe),
      mostCopied,
      copies,
      discriminator: of && weight > 0 ? { of, weight } : undefined,
      onChoice,
    })
    : await continueMusic(model, seeds.map(() => start), {
      ...how,
      lengths: seeds.map(() => length),
    });
}

/**
 * Chooses among what was made of a recipe several times.
 * @param made the new frames of each, of which there is at least one
 */
export function chooseCandidate(
  recipe: PieceRecipe,
  made: readonly (readonly Frame[])[],
  criteria: Pick<Criteria, "grid" | "copies" | "mostCopied" | "ranges">,
): Choice {
  const { frames: primer, metres, plan } = primerOf(recipe), from = primer.length;
  const bars = barsOf(metres, from + made[0]!.length, criteria.grid);
  const whole = { metres, from, bars, first: 0, last: bars.length - 1 };
  return choose(
    made.map((frames) => ({ ...whole, frames: [...primer, ...frames] })),
    { ...criteria, plan, key: keyIn(recipe) },
  );
}

/** The key in which a recipe's music closes; of older recipes, the one that is found in its plan. */
function keyIn({ key, plan }: PieceRecipe): Key | undefined {
  return key ?? (plan ? keyOf(plan.bars, plan.ends) : undefined);
}

/** The music of a recipe as a piece and as a MIDI file. */
export interface WrittenMusic {
  /** All frames that are written, the primer's first. */
  readonly piece: Piece;
  /** How many of them are the primer's. */
  readonly primerFrames: number;
  readonly bytes: Uint8Array;
}

/** Writes the new frames of a recipe, after what of its primer is to be written. */
export function writeRecipe(
  recipe: PieceRecipe,
  made: readonly Frame[],
  style: CorpusStyle,
  name: string,
): WrittenMusic {
  const { start: { frames: context, metres, written }, dropPrimer } = recipe;
  const { beatsPerMinute, velocity, touch, title } = recipe;
  const { tokenize: { grid }, timeSignature } = style;
  const primerFrames = dropPrimer ? 0 : written;
  const whole = { name, frames: [...framesFromText(context), ...made], metres };
  const piece = endOf(whole, primerFrames + made.length);
  const writing = { grid, timeSignature, beatsPerMinute, velocity, touch, style, name: title };
  return { piece, primerFrames, bytes: pieceToMidi(piece, writing) };
}
