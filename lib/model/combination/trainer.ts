import type { Backend } from "./backend.ts";
import type { Corpus } from "../../corpus/corpus.ts";
import { gatherWindows, pieceStarts } from "../../corpus/windows.ts";
import type { Random } from "../../random.ts";
import type { Trainer } from "../../train/trainer.ts";
import { buildCombinationLayers, DROPOUT, HIDDEN, layerRows } from "./layers.ts";
import { createCombinationNetwork } from "./network.ts";
import { rowBatches } from "./rows.ts";

/**
 * Trainer of the original network.
 * @param corpus training corpus
 * @param random for initialising the weights
 */
export function createCombinationTrainer(
  corpus: Pick<Corpus, "ids" | "pieces" | "vocabulary">,
  { window }: { readonly window: number },
  backend: Backend,
  random: Random,
): Trainer {
  const { ids, vocabulary } = corpus;
  const starts = pieceStarts(corpus);
  const model = buildCombinationLayers({ window, classes: vocabulary.size }, random);
  const network = createCombinationNetwork(backend, model, true);
  return {
    layers: layerRows(model),
    parameters: model.countParams(),
    topology: model.toJSON(undefined, false),
    step(targets, { learningRate, random }) {
      const windows = gatherWindows(ids, starts, targets, window);
      const labels = Int32Array.from(targets, (target) => ids[target]!);
      const mask = dropoutMask(targets.length * HIDDEN[1], random);
      return network.step.step(windows, labels, mask, learningRate);
    },
    meanLoss(pieces) {
      let sum = 0, frames = 0;
      for (const piece of pieces) {
        // For the corpus's own pieces: the vocabulary has all of their combinations.
        const own = Int32Array.from(piece.frames, (frame) => vocabulary.id(frame)!);
        for (const { windows, labels } of rowBatches(own, window)) {
          for (const loss of network.step.losses(windows, labels)) sum += loss;
          frames += labels.length;
        }
      }
      return sum / frames;
    },
    weights: network.weights,
    state: network.state,
    restore: network.restore,
    dispose: network.dispose,
  };
}

/** Inverted-dropout mask: 0 for dropped units, 1 / kept share for the rest. */
function dropoutMask(length: number, random: Random): Float32Array {
  const mask = new Float32Array(length);
  const kept = 1 / (1 - DROPOUT);
  for (let i = 0; i < length; i++) mask[i] = random.next() < DROPOUT ? 0 : kept;
  return mask;
}
