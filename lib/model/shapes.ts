import { metresShape, styleShape } from "../corpus/shapes.ts";
import { fields, list, number, oneOf, type Shape, text, whole } from "../store/shape.ts";

const arraysShape = list(
  fields({ name: text(200), shape: list(whole(0, 2 ** 31), 8), dtype: text(20) }),
  10_000,
);

/** What a model's manifest must be like, so that nothing is allocated for what cannot be. */
export const modelShape: Shape = fields({
  model: oneOf("combination", "pitchwise"),
  corpus: fields({ name: text(1000), hash: text(1000) }),
  style: styleShape,
  settings: fields({
    window: whole(4, 1000),
    batchSize: whole(1, 65_536),
    learningRate: number(0, 1),
    holdout: number(0, 1),
    seed: whole(Number.MIN_SAFE_INTEGER),
  }),
  position: fields({ epoch: whole(0), step: whole(0), stepInEpoch: whole(0) }),
  seconds: number(0, 1e12),
  weights: arraysShape,
  checkpoint: arraysShape,
});

/** What a bundle's openings must be like. */
export const openingsShape: Shape = list(
  fields({ frames: list(text(1000), 100_000), metres: metresShape }),
  10_000,
);
