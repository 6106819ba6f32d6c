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
