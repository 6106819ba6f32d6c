import type { Random } from "../random.ts";
import type { Piece } from "../tokens/piece.ts";
import type { TrainSummary } from "./history.ts";

/** Named array: weights, optimizer moments, averages. */
export interface NamedArray {
  /** Unique within its list, such as `dense/kernel`. */
  readonly name: string;
  /** The tensor's shape; its product is `values.length`. */
  readonly shape: readonly number[];
  /** The numbers in row-major order. */
  readonly values: Float32Array;
}

/** Copy of a trainer's array, which the next steps do not change. */
export function copy({ name, shape, values }: NamedArray): NamedArray {
  return { name, shape, values: values.slice() };
}

/** One row of the layer table printed before training. */
export type LayerRow = TrainSummary["layers"][number];

/**
 * Trainer of one architecture, as the training loop uses it. All that the next step depends on is in
 * `weights()`, `state()`, the loop's own position and its generators, so that a run which was
 * stopped and resumed ends in the same bytes as one that was not.
 */
export interface Trainer {
  /** Layers in order, for the table. */
  readonly layers: readonly LayerRow[];
  /** Total trainable parameters. */
  readonly parameters: number;
  /** Architecture for the bundle's manifest, where tfjs does not know it. */
  readonly network?: object;
  /** tfjs's `modelTopology`, where tfjs knows the architecture. */
  readonly topology?: unknown;
  /**
   * One optimizer step.
   * @param targets positions in the corpus's ids of the frames to predict; never a piece's first
   * @returns the batch's mean loss before the step, in nats per frame
   */
  step(
    targets: Int32Array,
    options: { readonly learningRate: number; readonly random: Random },
  ): number;
  /** Mean loss over frames 2 … T of `pieces`, in nats per frame, without training. */
  meanLoss(pieces: readonly Piece[]): number;
  /** Weights that generation needs; views into the trainer's memory, valid until the next step. */
  weights(): NamedArray[];
  /** The rest of the state: optimizer moments, averages, counters; also views. */
  state(): NamedArray[];
  /** Restores what {@linkcode Trainer.weights} and {@linkcode Trainer.state} returned. */
  restore(weights: readonly NamedArray[], state: readonly NamedArray[]): void;
  /** Frees all memory of the run. */
  dispose(): void;
}

/**
 * Table of layers and parameters, printed before training.
 * @param combinations number of different combinations of notes, without the rest
 */
export function layerTable(layers: readonly LayerRow[], combinations: number): string {
  const number = (value: number) => value.toLocaleString("en-US");
  const line = (name: string, output: string, parameters: string) =>
    `${name.padEnd(26)} ${output.padEnd(20)} ${parameters}`;
  return [
    `For ${number(combinations)} different note combinations`,
    line("Layer (type)", "Output Shape", "Param #"),
    "=".repeat(58),
    ...layers.map(({ name, type, output, parameters }) =>
      line(`${name} (${type})`, output, number(parameters))
    ),
    "=".repeat(58),
    `Total params: ${number(layers.reduce((sum, { parameters }) => sum + parameters, 0))}`,
  ].join("\n");
}

/** Prefix of the current weights' names while `weights.bin` holds others. */
const CURRENT = "current/";

/**
 * Arrays that the next step needs besides `weights.bin`: the trainer's state, and the current
 * weights if the file does not hold exactly these.
 */
export function checkpointOf(trainer: Trainer, areCurrentSaved: boolean): NamedArray[] {
  if (areCurrentSaved) return trainer.state();
  const current = trainer.weights().map((array) => ({ ...array, name: CURRENT + array.name }));
  return [...current, ...trainer.state()];
}

/** Restores the trainer from the arrays of `weights.bin` and a checkpoint. */
export function restoreCheckpoint(
  trainer: Trainer,
  weights: readonly NamedArray[],
  checkpoint: readonly NamedArray[],
): void {
  const isCurrent = ({ name }: NamedArray) => name.startsWith(CURRENT);
  const current = checkpoint.filter(isCurrent)
    .map((array) => ({ ...array, name: array.name.slice(CURRENT.length) }));
  trainer.restore(
    current.length > 0 ? current : weights,
    checkpoint.filter((array) => !isCurrent(array)),
  );
}
