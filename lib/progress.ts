/** Progress of a long task. Phases report it often; displays limit the rate. */
export interface Progress {
  /** Name of the work in a word or two: `train`, `preprocess`. */
  readonly task: string;
  /** Units of work done, 0 to `total`. */
  readonly done: number;
  /** Total units of work, in the task's own unit (files, steps, frames, seconds). */
  readonly total: number;
  /** Further text for the progress line: `epoch 3/10  loss 2.41  5,210 examples/s`. */
  readonly detail?: string;
  /** Values to plot, by name; training gives `step`, `loss`, `heldOutLoss`, `learningRate`. */
  readonly measures?: Readonly<Record<string, number>>;
}
