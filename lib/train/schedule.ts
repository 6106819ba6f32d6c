/** Place of an optimizer step in its run. */
export interface StepPlace {
  /** Share of the budget already used, 0 to 1. */
  readonly progress: number;
  /** Number of the step, from 1. */
  readonly step: number;
}

/** Learning-rate schedule: the rate of an optimizer step, given the largest rate of the run. */
export type Schedule = (peak: number, at: StepPlace) => number;

/** Constant learning rate. */
export const constantRate: Schedule = (peak) => peak;

/** Number of warm-up steps. */
export const WARM_UP_STEPS = 100;

/**
 * Linear warm-up, because Adam's averages mean little at first, then half a cosine to nearly 0, so
 * that the last steps only average what the first ones found.
 */
export const cosineWithWarmUp: Schedule = (peak, { progress, step }) =>
  peak * Math.max(1e-3, (1 + Math.cos(Math.PI * progress)) / 2) * Math.min(1, step / WARM_UP_STEPS);
