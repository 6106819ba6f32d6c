/**
 * Measures how far a model's plans and how far its notes give its music away to the critic:
 * generates from the plans of real pieces with unconstrained notes, with frames constrained to the
 * plan, and with each bar chosen from several.
 *
 *     deno run -A bench/real_plans.ts --midi FOLDER [--model base] [--pieces 30]
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { critique, judgedOf } from "../lib/evaluate/critic.ts";
import { continueBarByBar } from "../lib/generate/bar_by_bar.ts";
import { loadModel } from "../lib/model/load.ts";
import { samplingOf } from "../lib/model/sampling.ts";
import { readPieces } from "../lib/phases/evaluate/measured_music.ts";
import { modelFolder } from "../lib/phases/run.ts";
import { generateDefaults } from "../lib/phases/settings/generate.ts";
import { Random } from "../lib/random.ts";
import { stepsPerBeat } from "../lib/tokens/bars.ts";
import type { Piece } from "../lib/tokens/piece.ts";
import { planOf } from "../lib/tokens/plan_of.ts";

/** Maximum number of bars generated per piece. */
const BARS = 48;

/** Minimum length of a piece in bars. */
const LEAST_BARS = 16;

const WAYS = [
  { name: "as they come", without: ["as-planned"], of: 1 },
  { name: "held to the plan", without: [], of: 1 },
  { name: "the best of six bars", without: ["as-planned"], of: 6 },
  { name: "both", without: [], of: 6 },
] as const;

const flags = parseArgs(Deno.args, { string: ["midi", "model", "pieces"] });
if (!flags.midi) throw new Error("Cannot measure: say where music lies with --midi FOLDER");
const { model, manifest } = await loadModel(modelFolder({}, `${flags.model ?? "base"}`));
const { grid } = model;
const { pieces } = await readPieces(`${flags.midi}`, manifest.style.tokenize, {});
const usual = judgedOf(pieces, grid);
const planned = new Random(7).shuffle([...pieces])
  .map((piece) => ({ piece, plan: planOf(piece, grid) }))
  .filter(({ plan }) => plan.bars.length >= LEAST_BARS)
  .slice(0, Number(flags.pieces ?? 30));
for (const { name, without, of } of WAYS) {
  const made: Piece[] = [];
  for (const [index, { piece, plan }] of planned.entries()) {
    const bars = plan.bars.slice(0, BARS);
    const length = bars.reduce((sum, { frames }) => sum + frames, 0);
    const metres = piece.metres.filter(({ frame }) => frame < length);
    const cut = { bars, ends: plan.ends && bars.length === plan.bars.length };
    const [frames] = await continueBarByBar(
      model,
      { frames: [], metres, written: 0, plan: cut },
      {
        sampling: samplingOf({ without }, "planned"),
        seeds: [index + 1],
        length,
        stuckAfter: generateDefaults.stuckAfter * stepsPerBeat(grid),
      },
      { of, mostCopied: Infinity },
    );
    made.push({ name: piece.name, frames: frames!, metres });
  }
  const { told } = critique(judgedOf(made, grid), usual, new Random(1));
  const area = told && [told.area, told.from, told.to].map((each) => each.toFixed(2));
  console.log(`${name}: ${area ? `${area[0]} (${area[1]} to ${area[2]})` : "too little music"}`);
}
model.dispose();
Deno.exit();
