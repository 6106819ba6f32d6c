import { continueBarByBar } from "../../generate/bar_by_bar.ts";
import { fitDiscriminator, tellsEnough } from "../../generate/judge/discriminator.ts";
import { newPlan } from "../../generate/plan/new_plan.ts";
import { planAfter } from "../../generate/after_primer.ts";
import { readReference } from "../../generate/reference.ts";
import { BUNDLE } from "../../model/bundle_files.ts";
import { addToModel, type TrainedWith } from "../../model/bundle.ts";
import { type LoadedModel, loadModel } from "../../model/load.ts";
import { samplingOf } from "../../model/sampling.ts";
import { Random } from "../../random.ts";
import { stepsPerBeat } from "../../tokens/bars.ts";
import type { Piece } from "../../tokens/piece.ts";
import { breathing, type Run } from "../run.ts";
import { generateDefaults } from "../settings/generate.ts";
import type { MusicToLearn } from "./training_music.ts";

/** Bars of each piece sampled for fitting, and candidates for each bar. */
const BARS = 32, BAR_CANDIDATES = 2;

/**
 * Number of pieces, increasing with the run's length, so that it takes a few hundredths of the
 * time.
 */
const PIECES_PER_MINUTE = 6, LEAST_PIECES = 8, MOST_PIECES = 24;

/** Most frames in total, as bars can be of any length. */
const MOST_FRAMES = 20_000;

/**
 * Samples music from a trained model under plans of its own, fits the discriminator between it and
 * the corpus, and adds this to the bundle, if missing. If stopped, the model is unchanged.
 */
export async function learnDiscriminator(
  folder: string,
  { corpus, training }: MusicToLearn,
  { seed, budget }: TrainedWith,
  { threads, ...run }: Run & { readonly threads?: number | undefined },
): Promise<void> {
  const loaded = await loadModel(folder, { threads });
  if (loaded.files.has(BUNDLE.discriminator)) return loaded.model.dispose();
  try {
    const usual = training.map((index) => corpus.piece(index));
    if (!tellsEnough(usual, corpus.grid)) return;
    const whole = "minutes" in budget && budget.mostEpochs === undefined; // all of them are used
    const pieces = whole ? Math.round(PIECES_PER_MINUTE * budget.minutes) : 0;
    const count = Math.min(MOST_PIECES, Math.max(LEAST_PIECES, pieces));
    const made = await play(loaded, count, seed, run);
    const file = fitDiscriminator(made, usual, corpus.grid, new Random(seed));
    if (file !== undefined) await addToModel(folder, { [BUNDLE.discriminator]: file });
  } catch (error) {
    if (!run.signal?.aborted) throw error;
  } finally {
    loaded.model.dispose();
  }
}

async function play(
  { model, files }: LoadedModel,
  count: number,
  seed: number,
  run: Run,
): Promise<Piece[]> {
  const { plans } = readReference(files), { grid } = model, made: Piece[] = [];
  let left = MOST_FRAMES;
  for (let index = 0; index < count && left > 0; index++) {
    run.signal?.throwIfAborted();
    run.onProgress?.({ task: "fit discriminator", done: index, total: count });
    const { plan } = newPlan(plans, BARS, {}, grid, new Random(seed + index));
    const start = planAfter({ frames: [], metres: [], written: 0 }, plan, grid, left);
    const { metres, frames: length } = start;
    const [frames] = await continueBarByBar(
      model,
      { frames: [], metres, written: 0, plan: start.plan },
      {
        sampling: samplingOf({}, "planned"),
        seeds: [seed + index],
        length,
        stuckAfter: Math.ceil(generateDefaults.stuckAfter * stepsPerBeat(grid)),
        onFrame: breathing(run),
      },
      { of: BAR_CANDIDATES, mostCopied: Infinity },
    );
    made.push({ name: `${index + 1}`, frames: frames!, metres });
    left -= length;
  }
  run.onProgress?.({ task: "fit discriminator", done: count, total: count });
  return made;
}
