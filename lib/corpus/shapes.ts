import { fields, list, number, oneOf, optional, pair, text, whole } from "../store/shape.ts";
import { FEATURES } from "../touch/features.ts";

/** Frames of one piece, a year of them: no artifact of this program has so many. */
const MANY = 2 ** 31;

const signatureShape = pair(whole(1, 255));

/** What metres that were read must be like: see {@linkcode Metre}. */
export const metresShape = list(
  fields({
    frame: whole(-MANY, MANY),
    stepsPerBar: number(1e-6, 1e6),
    phase: number(-1e6, 1e6),
    signature: optional(signatureShape),
    upbeat: optional(oneOf(true, false)),
  }),
  1_000_000,
);

/** What a corpus's touch that was read must be like: see {@linkcode TouchStyle}. */
const touchShape = fields({
  weights: fields(
    Object.fromEntries(FEATURES.map((name) => [name, optional(number(-1000, 1000))])),
  ),
  trees: optional(text(1_000_000)),
  notes: whole(1, MANY),
  pieces: whole(1, MANY),
});

/** What a corpus's style that was read must be like: see {@linkcode CorpusStyle}. */
export const styleShape = fields({
  tokenize: fields({
    grid: fields({
      unit: oneOf("beat", "second"),
      steps: whole(1, 200),
      attacks: oneOf(true, false),
    }),
    tracks: oneOf("piano", "first", "all"),
    melody: oneOf(true, false),
    pedal: oneOf(true, false),
    beats: optional(oneOf("auto", "file", "track")),
    bar: optional(text(10)),
  }),
  beatsPerMinute: number(1e-3, 1e8),
  timeSignature: signatureShape,
  meanVelocity: number(1, 127),
  touch: optional(touchShape),
});

/** What the list of a corpus's pieces that was read must be like. */
export const piecesShape = list(
  fields({
    name: text(10_000),
    offset: whole(0, MANY),
    length: whole(1, MANY),
    metres: metresShape,
  }),
  1_000_000,
);
