/** Prediction of held-out music by a network. */
import { findChords } from "../../lib/harmony/find.ts";
import { planWithChords } from "../../lib/harmony/piece_chords.ts";
import { loadModel } from "../../lib/model/load.ts";
import { mean } from "../../lib/numbers.ts";
import { readMusicFile } from "../../lib/store/music_files.ts";
import type { Grid, Piece } from "../../lib/tokens/piece.ts";
import type { Plan } from "../../lib/tokens/plan.ts";
import { planOf } from "../../lib/tokens/plan_of.ts";
import { tokenize } from "../../lib/tokens/tokenize.ts";

/** Parts of a piece's plan that a network sees: nothing, its chords, the rest, or all of it. */
export const TOLD = ["nothing", "chords", "plan without chords", "plan"] as const;
type Told = typeof TOLD[number];

/**
 * Mean loss of a model on held-out music, in nats per frame.
 * @param folder the model's
 * @param files MIDI files
 * @param options.told parts of the plan that it sees
 */
export async function heldOutLoss<T extends Told>(
  folder: string,
  files: readonly string[],
  { told, threads }: { readonly told: readonly T[]; readonly threads?: number },
): Promise<Readonly<Record<T, number>>> {
  const { model, manifest } = await loadModel(folder, threads === undefined ? {} : { threads });
  const losses = new Map(told.map((one) => [one, [] as number[]]));
  for (const file of files) {
    const { frames, metres } = tokenize(await readMusicFile(file), manifest.style.tokenize);
    const piece: Piece = { name: file, frames, metres };
    for (const [one, all] of losses) {
      const plan = planTold(piece, one, model.grid);
      const [logs] = model.byPitch!.judge([{ ...piece, ...plan ? { plan } : {} }], 1);
      for (const log of logs!) all.push(-log);
    }
  }
  model.dispose();
  const means = [...losses].map(([one, all]) => [one, mean(all)] as const);
  return Object.fromEntries(means) as Record<T, number>;
}

function planTold(piece: Piece, told: Told, grid: Grid): Plan | undefined {
  if (told === "nothing") return undefined;
  const plan = planOf(piece, grid);
  if (told === "plan without chords") return plan;
  const spans = grid.unit === "beat" ? findChords(piece, grid) : [];
  const whole = planWithChords(plan, piece, spans, grid);
  if (told === "plan") return whole;
  // Bars of the same lengths, which say no more than their chords.
  const bars = whole.bars.map(({ frames, steps, chords }) => ({
    ...{ frames, steps },
    ...chords ? { chords } : {},
  }));
  return { bars, ends: false };
}
