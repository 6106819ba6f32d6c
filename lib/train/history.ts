/** History of a training run. */
export interface History {
  /** Epochs in order: the finished ones, and a last one that was cut short. */
  readonly epochs: readonly {
    /** From 1. */
    readonly epoch: number;
    /** Optimizer steps since the run's start. */
    readonly step: number;
    /** Mean loss over the epoch's frames, each before the step that learned from it; nats per frame. */
    readonly loss: number;
    /** Mean loss over the held-out pieces after the epoch, in nats per frame. */
    readonly heldOutLoss?: number;
    /** Learning rate of the epoch's last step. */
    readonly learningRate: number;
    /** Seconds of learning since the run's start. */
    readonly seconds: number;
  }[];
  /**
   * Steps of the learning curve between epochs: every step at first; every 2nd, 4th, … once there
   * are many, so that the list stays short.
   */
  readonly steps: readonly {
    /** Optimizer steps since the run's start, from 1. */
    readonly step: number;
    /** The step's mean loss in nats per frame. */
    readonly loss: number;
    /** The step's learning rate. */
    readonly learningRate: number;
  }[];
}

/** Summary of a training run. */
export interface TrainSummary {
  /** The model's folder. */
  readonly folder: string;
  /** The network's layers, in order. */
  readonly layers: readonly {
    /** Name of the layer, such as `dense_1`. */
    readonly name: string;
    /** Type of the layer, such as `Dense`. */
    readonly type: string;
    /** Output shape, `(None, 128)`. */
    readonly output: string;
    /** Trainable parameters. */
    readonly parameters: number;
  }[];
  /** Total trainable parameters. */
  readonly parameters: number;
  /** History of the run. */
  readonly history: History;
  /** Loss of the last epoch, nats per frame. */
  readonly loss: number;
  /** Held-out loss of the weights that were kept; undefined without held-out pieces. */
  readonly heldOutLoss?: number;
  /**
   * Reason for its end: its epochs or minutes were used up, possibly before it was resumed, no
   * further improvement was expected or found, or it was stopped.
   */
  readonly ended: "budget" | "over" | "enough" | "no improvement" | "stopped";
  /** Model that training started from. */
  readonly adaptedFrom?: {
    /** Name: `base/beats-4`, or that of one of the user's models. */
    readonly name: string;
    /** SHA-256 of its weights. */
    readonly hash: string;
    /** Its loss on this music before training, in nats per frame. */
    readonly loss: number;
  };
  /** Loss of the adapted model on this music, in nats per frame. */
  readonly lossAfter?: number;
}

/** One line of a training run's history. */
export type EpochRecord = History["epochs"][number];

/** Loss of one step. */
export type StepRecord = History["steps"][number];

const MOST_STEPS = 1000;

/** Appends a record to `steps`, thinned to every 2nd, 4th, … step as the list grows. */
export function recordStep(steps: StepRecord[], record: StepRecord): void {
  const [first, second] = steps;
  const stride = first && second ? second.step - first.step : 1;
  if (first && (record.step - first.step) % stride !== 0) return;
  steps.push(record);
  if (steps.length <= MOST_STEPS) return;
  steps.splice(0, steps.length, ...steps.filter((_, index) => index % 2 === 0));
}
