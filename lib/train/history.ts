/** The course of a training run. */
export interface History {
  /** The epochs in order: those that were finished, and one that was cut short at the end. */
  readonly epochs: readonly {
    /** From 1. */
    readonly epoch: number;
    /** Optimizer steps since the run's start. */
    readonly step: number;
    /** Mean loss over the epoch's frames, each before the step that learned from it; nats per frame. */
    readonly loss: number;
    /** Mean loss over the pieces kept aside, after the epoch; nats per frame. */
    readonly heldOutLoss?: number;
    /** Of the epoch's last step. */
    readonly learningRate: number;
    /** Seconds of learning since the run's start. */
    readonly seconds: number;
  }[];
  /**
   * What the live curve shows between epochs. Every step at first; every 2nd, 4th, … once there are
   * many, so that the list stays short.
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

/** What a training run made, and how. */
export interface TrainSummary {
  /** The model's folder. */
  readonly folder: string;
  /** The network's layers, in order. */
  readonly layers: readonly {
    /** The layer's own name, `dense_1`. */
    readonly name: string;
    /** What kind of layer it is, `Dense`. */
    readonly type: string;
    /** The shape of what it gives, `(None, 128)`. */
    readonly output: string;
    /** Its trainable numbers. */
    readonly parameters: number;
  }[];
  /** Trainable numbers. */
  readonly parameters: number;
  /** The course of the run. */
  readonly history: History;
  /** Loss of the last epoch, nats per frame. */
  readonly loss: number;
  /** Loss on the pieces kept aside, of the weights that were kept; undefined if there are none. */
  readonly heldOutLoss?: number;
  /**
   * Why it ended: its epochs or minutes are over, or were so before it was resumed, no more is to be
   * gained, or somebody stopped it.
   */
  readonly ended: "budget" | "over" | "enough" | "no improvement" | "stopped";
  /** The model that learning started from. */
  readonly adaptedFrom?: {
    /** Its name: `base/beats-4`, or that of a model of one's own. */
    readonly name: string;
    /** SHA-256 of its weights. */
    readonly hash: string;
    /** What it knew of the music before anything was learned: nats per frame. */
    readonly loss: number;
  };
  /** How well the model knows the music now, where it was adapted; nats per frame. */
  readonly lossAfter?: number;
}

/** One line of a training run's history. */
export type EpochRecord = History["epochs"][number];

/** Loss of one step. */
export type StepRecord = History["steps"][number];

const MOST_STEPS = 1000;

/** Adds a record to `steps`, thinning them out to every 2nd, 4th, … step when they grow many. */
export function recordStep(steps: StepRecord[], record: StepRecord): void {
  const [first, second] = steps;
  const stride = first && second ? second.step - first.step : 1;
  if (first && (record.step - first.step) % stride !== 0) return;
  steps.push(record);
  if (steps.length <= MOST_STEPS) return;
  steps.splice(0, steps.length, ...steps.filter((_, index) => index % 2 === 0));
}
