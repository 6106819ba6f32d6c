import { continueBarByBar } from "../../generate/bar_by_bar.ts";
import { bestOf, type Checks, type CopyFinder, judge } from "../../generate/candidates.ts";
import { continueMusic } from "../../generate/continue.ts";
import type { Discriminator } from "../../generate/discriminator.ts";
import { OPEN_END, openness } from "../../generate/plan/ending.ts";
import { distanceFromPlan } from "../../generate/plan/distance.ts";
import { framesFromText, type Primer } from "../../generate/primer.ts";
import { endOf } from "../../tokens/excerpt.ts";
import type { Recipe } from "../../generate/recipe.ts";
import { seedAt } from "../../random.ts";
import type { Model } from "../../model/model.ts";
import type { Frame } from "../../tokens/frame.ts";
import { keyOf } from "../../tokens/key.ts";
import type { Plan } from "../../tokens/plan.ts";
import { framesReported, type Run } from "../run.ts";

/** A candidate: a recipe with a seed of its own, and what came of it. */
export interface Candidate {
  /** Its seed is the candidate's. */
  readonly recipe: Recipe;
  /** The new frames. */
  readonly made: readonly Frame[];
}

/** Samples candidates for one piece, all at once; with a plan, bar by bar. */
export async function sampleCandidates(
  model: Model,
  recipe: Recipe,
  count: number,
  { copies, discriminator }: {
    readonly copies: CopyFinder | undefined;
    readonly discriminator: Discriminator | undefined;
  },
  { done: pieces, of, run }: { done: number; of: number; run: Run },
): Promise<Candidate[]> {
  const recipes = Array.from({ length: count }, (_, index) => ({
    ...recipe,
    seed: seedAt(recipe.seed, index),
  }));
  const { sampling, stuckAfter, frames: length, barCandidates = 1, mostCopied = Infinity } = recipe;
  const { discriminator: weight = 0 } = recipe;
  const how = {
    sampling,
    stuckAfter,
    seeds: recipes.map(({ seed }) => seed),
    onFrame: framesReported(run, pieces, of, 16),
  };
  const start = primerOf(recipe), { plan } = start;
  const music = plan && barCandidates > 1
    ? await continueBarByBar(model, { ...start, plan }, { ...how, length }, {
      of: barCandidates,
      mostCopied,
      copies,
      discriminator: discriminator && weight > 0 ? { of: discriminator, weight } : undefined,
    })
    : await continueMusic(model, recipes.map(() => start), {
      ...how,
      lengths: recipes.map(() => length),
    });
  return recipes.map((recipe, index) => ({ recipe, made: music[index]! }));
}

/** The candidate to keep, and what spoke against the others and against it. */
export interface Chosen extends Candidate {
  /** How many there were. */
  readonly candidates: number;
  /** What spoke against each of the others that was dropped. */
  readonly dropped: readonly string[];
  /** What speaks against this one. */
  readonly problems: readonly string[];
}

/** Holds the candidates for a piece against what they must not be, and keeps one. */
export function choose(recipe: Recipe, candidates: readonly Candidate[], checks: Checks): Chosen {
  const primer = primerOf(recipe), { plan } = recipe, from = primer.frames.length;
  const verdicts = candidates.map(({ made }) => {
    const whole = { name: "", frames: [...primer.frames, ...made], metres: primer.metres };
    return judge(endOf(whole, made.length), from === 0 ? plan ?? undefined : undefined, checks);
  });
  const distances = candidates.map(({ made }) => {
    if (!plan) return 0;
    const { grid } = checks, frames = [...primer.frames, ...made];
    const open = plan.ends ? openness(frames, grid.attacks, keyOf(plan.bars)) : 0;
    return distanceFromPlan(frames, primer.metres, plan, grid) + OPEN_END * open;
  });
  const best = bestOf(verdicts, distances);
  return {
    ...candidates[best]!,
    candidates: candidates.length,
    dropped: verdicts.flatMap(({ problems }, index) =>
      index !== best && problems.length > 0 ? [problems.join("; ")] : []
    ),
    problems: verdicts[best]!.problems,
  };
}

function primerOf(
  { start: { frames, metres, written }, plan }: Recipe,
): Primer & { plan: Plan | null } {
  return { frames: framesFromText(frames), metres, written, plan };
}
