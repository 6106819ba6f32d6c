import { type Choice, objectionsOf, whyKept } from "../../generate/judge/choice.ts";
import type { CopyFinder } from "../../generate/judge/copies.ts";
import type { Criteria } from "../../generate/judge/term.ts";
import type { Continuation } from "../../generate/continue.ts";
import { type Discriminator, readDiscriminator } from "../../generate/judge/discriminator.ts";
import { chooseCandidate, sampleRecipe, writeRecipe } from "../../generate/make.ts";
import { secondsPerFrame } from "../../generate/output.ts";
import type { PieceRecipe } from "../../generate/recipe.ts";
import type { Model } from "../../model/model.ts";
import { seedAt } from "../../random.ts";
import { numberText } from "../../show/text.ts";
import type { Frame } from "../../tokens/frame.ts";
import {
  copyFinder,
  type GeneratedPiece,
  type MadePiece,
  type Player,
  problemsOf,
  whyRows,
  type Work,
} from "./pieces.ts";
import type { Ingredients } from "./plans.ts";

/** Settings for choosing among candidates. */
interface CandidateChoice extends Pick<Criteria, "mostCopied"> {
  /** Candidates for each piece. */
  readonly candidates: number;
}

/** A model ready to generate, and the criteria for its music. */
interface Composer extends Player, Pick<Criteria, "grid" | "mostCopied" | "ranges"> {
  readonly copies: CopyFinder | undefined;
  readonly discriminator: Discriminator | undefined;
  /** Path of the pieces without number and extension, and their title. */
  readonly output: string;
}

/**
 * Generates new pieces: for each, several candidates are sampled and checked, and one is kept.
 * @param output path of the pieces without number and extension
 */
export function newMusic(
  recipes: readonly PieceRecipe[],
  { candidates: count, mostCopied }: CandidateChoice,
  { reference, ...player }: Ingredients,
  output: string,
): Work {
  const { loaded: { files, model: { grid } } } = player;
  const composer: Composer = {
    ...player,
    grid,
    ranges: reference.ranges,
    copies: copyFinder(player.loaded),
    mostCopied,
    discriminator: readDiscriminator(files, grid),
    output,
  };
  return {
    pieces: recipes.map((recipe) => async (onFrame) => {
      const counted = countingFrames(composer.loaded.model);
      const sampled = await sampleCandidates(counted.model, composer, recipe, count, onFrame);
      const choice = chooseCandidate(recipe, sampled.map(({ made }) => made), composer);
      const { choices, ...kept } = sampled[choice.best]!;
      const why = { bars: whyKept(choices), piece: whyKept([choice]) };
      const chosen = { ...kept, ...objectionsOf(choice), why, candidates: count };
      return { ...writtenPiece(chosen, composer), computed: counted.frames() };
    }),
    title: `New music by model "${player.model.name}"`,
    rows: (pieces, framesPerSecond) => [
      ...pieces.map(({ midi, seconds, piece: { frames } }) =>
        [midi, `${seconds.toFixed(1)} s, ${frames.length} frames`] as const
      ),
      ...pieces.length === 1 ? [["form", pieces[0]!.form] as const] : [],
      ["candidates", candidatesText(pieces)],
      ...whyRows(pieces),
      ["speed", `${numberText(Math.round(framesPerSecond))} frames per second`],
    ],
  };
}

/** A model that counts the frames sampled from it. */
function countingFrames(model: Model): { readonly model: Model; readonly frames: () => number } {
  let frames = 0;
  const next: Model["next"] = (pasts, ...how) => {
    frames += pasts.length;
    return model.next(pasts, ...how);
  };
  return { model: { ...model, next }, frames: () => frames };
}

/** A candidate: a recipe with a seed of its own, and the result. */
interface Candidate {
  /** The recipe with the candidate's seed. */
  readonly recipe: PieceRecipe;
  /** The new frames. */
  readonly made: readonly Frame[];
  /** The choices of its bars, where bars were chosen. */
  readonly choices: readonly Choice[];
}

/** Samples candidates for one piece, all at once. */
async function sampleCandidates(
  model: Model,
  { copies, discriminator }: Composer,
  recipe: PieceRecipe,
  count: number,
  onFrame: Continuation["onFrame"],
): Promise<Candidate[]> {
  const seeds = Array.from({ length: count }, (_, index) => seedAt(recipe.seed, index));
  const choices = seeds.map((): Choice[] => []);
  const onChoice = (piece: number, choice: Choice) => void choices[piece]!.push(choice);
  const telling = { onFrame, onChoice };
  const music = await sampleRecipe(model, recipe, seeds, { copies, discriminator }, telling);
  return seeds.map((seed, index) => ({
    recipe: { ...recipe, seed },
    made: music[index]!,
    choices: choices[index]!,
  }));
}

/** The kept candidate, and the objections to the others and to it. */
type Chosen =
  & Omit<Candidate, "choices">
  & Pick<GeneratedPiece, "candidates" | "dropped" | "problems" | "why">;

function writtenPiece(
  { recipe, made, ...chosen }: Chosen,
  { loaded: { manifest: { style } }, output }: Composer,
): Omit<MadePiece, "computed"> {
  const { plan, form, beatsPerMinute } = recipe;
  const { piece, primerFrames, bytes } = writeRecipe(recipe, made, style, output);
  const seconds = piece.frames.length * secondsPerFrame(style.tokenize.grid, beatsPerMinute);
  return { piece: { piece, primerFrames, seconds, plan, form, ...chosen }, recipe, bytes };
}

function candidatesText(pieces: readonly GeneratedPiece[]): string {
  const sampled = pieces.reduce((sum, { candidates }) => sum + candidates, 0);
  const dropped = pieces.flatMap((piece) => piece.dropped);
  const why = new Map<string, number>();
  for (const text of dropped) {
    for (const kind of new Set(text.split("; ").map(kindOf))) {
      why.set(kind, (why.get(kind) ?? 0) + 1);
    }
  }
  const reasons = [...why].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${kind} (${count})`);
  return [
    `${sampled} sampled, ${dropped.length} dropped${
      reasons.length ? `: ${reasons.join(", ")}` : ""
    }`,
    ...problemsOf(pieces),
  ].join("; ");
}

/** Kind of a problem, without its numbers: `copied`, `mean pitch`. */
function kindOf(problem: string): string {
  return problem.replace(/(:| -?\d).*/, "");
}
