/** One report of how far long work has come. Phases call it often; whoever shows it slows it down. */
export interface Progress {
  /** What is being done, in a word or two: `train`, `preprocess`. */
  readonly task: string;
  /** Units of work done so far, 0 to `total`. */
  readonly done: number;
  /** Units of work in all; units are the task's own (files, steps, frames, seconds). */
  readonly total: number;
  /** What else is worth a place in the line: `epoch 3/10  loss 2.41  5,210 examples/s`. */
  readonly detail?: string;
  /** Numbers that can be drawn, by name; training gives `step`, `loss`, `heldOutLoss`, `learningRate`. */
  readonly measures?: Readonly<Record<string, number>>;
}
