import { metresShape, styleShape } from "../corpus/shapes.ts";
import { fields, list, number, oneOf, optional, text, whole } from "../store/shape.ts";

const arraysShape = list(
  fields({ name: text(200), shape: list(whole(0, 2 ** 31), 8), dtype: text(20) }),
  10_000,
);

/** Schema of a model's manifest, checked so that nothing is allocated for impossible values. */
export const modelShape = fields({
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

/** Schema of a bundle's openings. */
export const openingsShape = list(
  fields({ frames: list(text(1000), 100_000), metres: metresShape }),
  10_000,
);

/** Schema of a bundle's history: see {@linkcode History}. */
export const historyShape = fields({
  epochs: list(
    fields({
      epoch: whole(0),
      step: whole(0),
      loss: number(-1e9, 1e9),
      heldOutLoss: optional(number(-1e9, 1e9)),
      learningRate: number(0, 1e3),
      seconds: number(0, 1e12),
    }),
    10_000_000,
  ),
  steps: list(
    fields({ step: whole(0), loss: number(-1e9, 1e9), learningRate: number(0, 1e3) }),
    10_000,
  ),
});

/** Schema of a bundle's back-off statistics: see {@linkcode BackOffStatistics}. */
export const backOffShape = fields({
  newAfterKnown: number(0, 1),
  newAfterNew: number(0, 1),
  counts: list(number(0, 1e15), 768, 768),
});
