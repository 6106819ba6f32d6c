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
import { type Choice, choose } from "./judge/choice.ts";
import type { CopyFinder } from "./judge/copies.ts";
import { type Continuation, continueMusic } from "./continue.ts";
import type { Discriminator } from "./judge/discriminator.ts";
import type { Criteria } from "./judge/term.ts";
import { pieceToMidi } from "./output.ts";
import { framesFromText, type Primer } from "./primer.ts";
import { chordSymbolsOf } from "./plan/chord_symbols.ts";
import type { PieceRecipe } from "./recipe.ts";

/** Criteria for choosing bars besides their plan, as far as they are known. */
interface BarChecks {
  readonly copies: CopyFinder | undefined;
  readonly discriminator: Discriminator | undefined;
}

/** Callbacks for music in progress. */
interface MakingProgress {
  /** See {@linkcode Continuation}. */
  readonly onFrame?: Continuation["onFrame"];
  /** Called each time a bar of a piece is chosen; only where bars are chosen. */
  readonly onChoice?: BarChoice["onChoice"];
  /** Called after each bar with the new frames of each piece so far; only where bars are chosen. */
  readonly onBar?: (made: readonly (readonly Frame[])[]) => Promise<void> | void;
}

/** The primer of a recipe, with its plan. */
function primerOf(
  { start: { frames, metres, written }, plan }: PieceRecipe,
): Primer & { plan: Plan | null } {
  return { frames: framesFromText(frames), metres, written, plan };
}

/**
 * Samples the music of a recipe once per seed; with a plan, bar by bar.
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
 * Chooses among several samples of a recipe.
 * @param made the new frames of each sample, of which there must be at least one
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

/** Key in which a recipe's music closes; for older recipes, estimated from the plan. */
function keyIn({ key, plan }: PieceRecipe): Key | undefined {
  return key ?? (plan ? keyOf(plan.bars, plan.ends) : undefined);
}

/** Music of a recipe as a piece and as a MIDI file. */
interface WrittenMusic {
  /** All written frames, the primer's first. */
  readonly piece: Piece;
  /** Number of the primer's frames among them. */
  readonly primerFrames: number;
  readonly bytes: Uint8Array;
}

/** Writes the new frames of a recipe after the written part of its primer. */
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
  const before = whole.frames.length - piece.frames.length;
  const chords = chordSymbolsOf(recipe.plan, keyIn(recipe)).filter(({ frame }) => frame >= before)
    .map(({ frame, symbol }) => ({ frame: frame - before, symbol }));
  const timing = { grid, timeSignature, beatsPerMinute };
  const writing = { ...timing, velocity, touch, style, chords, name: title };
  return { piece, primerFrames, bytes: pieceToMidi(piece, writing) };
}
