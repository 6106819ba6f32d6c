/** Files of a model bundle besides its manifest. */
export const BUNDLE = {
  /** Network in tfjs's format. */
  network: "model.json",
  weights: "weights.bin",
  /** Optimizer state for resuming training. */
  checkpoint: "checkpoint.bin",
  history: "history.json",
  vocabulary: "vocabulary.tsv",
  /** Openings of the corpus's pieces. */
  openings: "openings.json",
  /** Back-off statistics for combinations that the vocabulary lacks. */
  backOff: "back_off.json",
  plans: "plans.txt",
  /** Usual ranges of the corpus's statistics. */
  ranges: "ranges.json",
  /** Hashes of the passages of the training music. */
  passages: "passages.bin",
  discriminator: "discriminator.json",
} as const;

/** Passage filters of a model's training music and of its base's. */
export const PASSAGE_FILES = /^passages(-base)*\.bin$/;
