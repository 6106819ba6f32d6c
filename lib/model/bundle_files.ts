/** The files of a model's bundle, beside its manifest. */
export const BUNDLE = {
  /** The network in tfjs's format. */
  network: "model.json",
  weights: "weights.bin",
  /** What the next training step needs. */
  checkpoint: "checkpoint.bin",
  history: "history.json",
  vocabulary: "vocabulary.tsv",
  /** How pieces of the corpus begin. */
  openings: "openings.json",
  /** What gives combinations that the vocabulary lacks a probability. */
  backOff: "back_off.json",
  plans: "plans.txt",
  /** Usual ranges of the corpus's statistics. */
  ranges: "ranges.json",
  /** Hashes of the passages of the training music. */
  passages: "passages.bin",
  discriminator: "discriminator.json",
} as const;

/** Files that hold the passages of what a model learned from, and of what its base did. */
export const PASSAGE_FILES = /^passages(-base)*\.bin$/;
