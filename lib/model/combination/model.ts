import type { Backend } from "./backend.ts";
import { drawIndex } from "../sampling.ts";
import type { Frame } from "../../tokens/frame.ts";
import type { Grid } from "../../tokens/piece.ts";
import type { Vocabulary } from "../../tokens/vocabulary.ts";
import type { NamedArray } from "../../train/trainer.ts";
import type { Model } from "../model.ts";
import { buildCombinationLayers } from "./layers.ts";
import { createCombinationNetwork } from "./network.ts";
import { rowBatches } from "./rows.ts";

/**
 * Loads the original network for inference. In its context, a frame that the vocabulary lacks is
 * replaced by the nearest known one.
 * @throws {Error} if the weights do not fit the window and the vocabulary
 */
export function loadCombinationModel(
  weights: readonly NamedArray[],
  { grid, window, vocabulary }: {
    readonly grid: Grid;
    readonly window: number;
    readonly vocabulary: Vocabulary;
  },
  backend: Backend,
): Model {
  const classes = vocabulary.size;
  const network = createCombinationNetwork(
    backend,
    buildCombinationLayers({ window, classes }),
    false,
  );
  network.restore(weights, []);
  const idsOf = (frames: readonly Frame[]) =>
    Int32Array.from(frames, (frame) => vocabulary.id(frame) ?? vocabulary.nearest(frame));
  return {
    kind: "combination",
    grid,
    window,
    parameters: network.model.countParams(),
    logProbabilities({ frames }) {
      const result = new Float64Array(Math.max(0, frames.length - 1));
      for (const { windows, labels, first } of rowBatches(idsOf(frames), window)) {
        result.set(network.step.losses(windows, labels).map((loss) => -loss), first - 1);
      }
      return result.map((value, i) =>
        vocabulary.id(frames[i + 1]!) === undefined ? -Infinity : value
      );
    },
    next(pasts, sampling, randoms, avoid) {
      const windows = new Float32Array(pasts.length * window);
      for (const [row, { frames }] of pasts.entries()) {
        const ids = idsOf(frames.slice(-window));
        windows.set(ids, (row + 1) * window - ids.length);
      }
      const excluded = pasts.map((_, row) => avoid?.[row] && vocabulary.id(avoid[row]));
      const { temperature, topK, topP } = sampling;
      if (topK === 0 && topP === 1) { // no sorting needed: sampled in place
        const uniforms = randoms.map((random) => random.next());
        const drawn = network.step.draw(windows, { temperature, uniforms, excluded });
        return Array.from(drawn, (id, row) => vocabulary.frame(id < 0 ? excluded[row] ?? 0 : id));
      }
      const scores = network.step.scores(windows, pasts.length);
      return pasts.map((_, row) => {
        const own = scores.subarray(row * classes, (row + 1) * classes);
        return vocabulary.frame(drawIndex(own, sampling, randoms[row]!, excluded[row]));
      });
    },
    dispose: network.dispose,
  };
}
