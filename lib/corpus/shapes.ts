import { fields, list, number, oneOf, optional, pair, text, whole } from "../store/shape.ts";
import { BEAT_FEATURES } from "../touch/beats.ts";
import { FEATURES } from "../touch/features.ts";
import { NOTE_FEATURES } from "../touch/timing.ts";

/**
 * Upper bound on the frames of one piece, a year of them, far beyond any artifact of this program.
 */
const MANY = 2 ** 31;

const signatureShape = pair(whole(1, 255));

/** Schema of metres: see {@linkcode Metre}. */
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

/** Schema of regression weights by the names of their features. */
const weightsShape = (names: readonly string[]) =>
  fields(Object.fromEntries(names.map((name) => [name, optional(number(-1000, 1000))])));

/** Schema of a linear model: see {@linkcode Learned}. */
const learnedShape = (names: readonly string[]) =>
  optional(fields({ weights: weightsShape(names), pieces: whole(1, MANY) }));

/** Schema of a performance style: see {@linkcode TouchStyle}. */
const touchShape = fields({
  weights: weightsShape(FEATURES),
  trees: optional(text(1_000_000)),
  notes: whole(1, MANY),
  pieces: whole(1, MANY),
  timing: optional(fields({
    tempo: learnedShape(BEAT_FEATURES),
    onset: learnedShape(NOTE_FEATURES),
    end: learnedShape(NOTE_FEATURES),
    pedal: learnedShape(BEAT_FEATURES),
  })),
});

/** Schema of a corpus summary: see {@linkcode CorpusStyle}. */
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

/** Schema of the list of a corpus's pieces. */
export const piecesShape = list(
  fields({
    name: text(10_000),
    offset: whole(0, MANY),
    length: whole(1, MANY),
    metres: metresShape,
  }),
  1_000_000,
);
