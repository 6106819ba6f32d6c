import type * as tf from "@tensorflow/tfjs";
import { adamStep } from "./adam.ts";
import type { Backend } from "./backend.ts";
import type { CombinationAdamState, CombinationParts, Part } from "./parts.ts";
import { Blocks, floatsAt } from "../../wasm/blocks.ts";
import { multiply, share } from "../../wasm/multiply.ts";

/**
 * Fixed number of parts of the batch whose convolution gradients are added in order, whatever the
 * number of threads.
 */
const convolutionParts = 16;

/** LeakyReLU's slope below zero, Keras's and tfjs's default. */
const leakySlope = 0.3;

/** Hidden layers: Conv1D with hard sigmoid → dense, LeakyReLU → dense, swish, dropout. */
export class HiddenLayers {
  /** Units of the last layer. */
  readonly width: number;
  readonly #backend: Backend;
  readonly #variables: CombinationParts<tf.Tensor>;
  readonly #sizes: Sizes;
  readonly #blocks: Blocks;
  #buffers: Buffers | undefined;

  /** Creates the layers; sizes are those of the variables. */
  constructor(backend: Backend, variables: CombinationParts<tf.Tensor>) {
    const [taps, , filters] = variables.convKernel.shape as [number, number, number];
    const [flat, width1] = variables.dense1Kernel.shape as [number, number];
    const [width2] = variables.outputKernel.shape as [number, number];
    if ([filters, width1, width2].some((width) => width % 4 !== 0)) {
      throw new RangeError(`Layers of ${[filters, width1, width2]}: needed multiples of 4`);
    }
    this.#backend = backend;
    this.#blocks = new Blocks(backend);
    this.#variables = variables;
    this.width = width2;
    this.#sizes = { window: flat / filters + taps - 1, taps, filters, flat, width1, width2 };
  }

  /**
   * Forward pass of a batch of windows.
   * @param dropout see {@linkcode CombinationStep.step}
   * @returns addresses of the output, and of its gradient that {@linkcode HiddenLayers.backward}
   *   reads, both [rows, width]; valid until a batch with more rows
   */
  forward(
    windows: Float32Array,
    rows: number,
    dropout: Float32Array | null,
  ): { readonly hidden: number; readonly dHidden: number } {
    const { window, taps, filters, flat, width1, width2 } = this.#sizes;
    if (windows.length !== rows * window) {
      throw new RangeError(
        `${windows.length} numbers are not ${rows} windows: needed ${rows} × ${window}`,
      );
    }
    const backend = this.#backend, b = this.#buffersFor(rows);
    floatsAt(backend, b.windows, windows.length).set(windows);
    if (dropout) floatsAt(backend, b.mask, dropout.length).set(dropout);
    this.#overRows("convolveHardSigmoid", rows, (first, last) => [
      ...[b.windows, this.#at("convKernel"), this.#at("convBias"), b.convolved],
      ...[window, taps, filters, first, last, 1],
    ]);
    multiply(backend, {
      ...{ a: b.convolved, b: this.#at("dense1Kernel"), c: b.first },
      ...{ rows, columns: width1, depth: flat },
    });
    this.#overRows("biasLeaky", rows, (first, last) => [
      ...[b.first, this.#at("dense1Bias"), width1, first, last, leakySlope],
    ]);
    multiply(backend, {
      ...{ a: b.first, b: this.#at("dense2Kernel"), c: b.second },
      ...{ rows, columns: width2, depth: width1 },
    });
    this.#overRows("biasSwish", rows, (first, last) => [
      ...[b.second, this.#at("dense2Bias"), dropout ? b.mask : 0, b.hidden],
      ...[width2, first, last],
    ]);
    return b;
  }

  /**
   * Backward pass with Adam's step for all variables of these layers, after `forward` of the same
   * rows.
   * @param dropped whether dropout was applied
   */
  backward(
    rows: number,
    dropped: boolean,
    state: CombinationAdamState,
    learningRate: number,
  ): void {
    const backend = this.#backend, b = this.#buffersFor(rows);
    const { taps, filters, flat, width1, width2 } = this.#sizes;
    /** Adam step for one variable. */
    const update = (name: Part, gradient: number) => {
      const moments = [state.first[name], state.second[name]].map(backend.address);
      const addresses = [this.#at(name), gradient, moments[0]!, moments[1]!] as const;
      adamStep(backend, addresses, this.#variables[name].size, state.steps, learningRate);
    };
    /** Adam step for a dense layer: dKernel = inputᵀ · dOutput, dBias = its column sums. */
    const updateDense = (
      layer: "dense1" | "dense2",
      [input, inputs]: readonly [address: number, width: number],
      [dOutput, outputs]: readonly [address: number, width: number],
    ) => {
      multiply(backend, {
        ...{ a: input, b: dOutput, c: b.gradient },
        ...{ rows: inputs, columns: outputs, depth: rows, transposeA: true },
      });
      update(`${layer}Kernel`, b.gradient);
      backend.parallel("columnSums", (thread, threads) => [
        ...[dOutput, b.gradient, rows, outputs],
        ...share(outputs / 4, thread, threads),
      ]);
      update(`${layer}Bias`, b.gradient);
    };

    this.#overRows("swishBackward", rows, (first, last) => {
      const offset = first * width2 * 4, mask = dropped ? b.mask + offset : 0;
      return [b.dHidden + offset, b.second + offset, mask, (last - first) * width2];
    });
    multiply(backend, {
      ...{ a: b.dHidden, b: this.#at("dense2Kernel"), c: b.dFirst },
      ...{ rows, columns: width1, depth: width2, transposeB: true },
    });
    updateDense("dense2", [b.first, width1], [b.dHidden, width2]);
    this.#overRows("leakyBackward", rows, (first, last) => {
      const offset = first * width1 * 4;
      return [b.dFirst + offset, b.first + offset, (last - first) * width1, leakySlope];
    });
    multiply(backend, {
      ...{ a: b.dFirst, b: this.#at("dense1Kernel"), c: b.dConvolved },
      ...{ rows, columns: flat, depth: width1, transposeB: true },
    });
    updateDense("dense1", [b.convolved, flat], [b.dFirst, width1]);
    this.#convolutionGradient(b, rows);
    update("convKernel", b.convolutionParts);
    update("convBias", b.convolutionParts + taps * filters * 4);
  }

  /** Frees the buffers. */
  free(): void {
    this.#blocks.free();
    this.#buffers = undefined;
  }

  /**
   * Sums the convolution's gradient parts into the first one, [taps + 1, filters]: dKernel, then
   * dBias.
   */
  #convolutionGradient(b: Buffers, rows: number): void {
    const { window, taps, filters } = this.#sizes, partFloats = (taps + 1) * filters;
    this.#backend.parallel("convolveHardSigmoidBackward", (thread, threads) => [
      ...[b.windows, b.convolved, b.dConvolved, b.convolutionParts, window, taps, filters, rows],
      ...[convolutionParts, ...share(convolutionParts, thread, threads), 1],
    ]);
    const parts = floatsAt(this.#backend, b.convolutionParts, convolutionParts * partFloats);
    for (let index = 0; index < partFloats; index++) {
      let sum = 0;
      for (let part = 0; part < convolutionParts; part++) sum += parts[part * partFloats + index]!;
      parts[index] = sum;
    }
  }

  #at(name: Part): number {
    return this.#backend.address(this.#variables[name]);
  }

  /** Runs a kernel over the rows, divided among the threads. */
  #overRows(
    kernel: string,
    rows: number,
    argumentsOf: (first: number, last: number) => readonly number[],
  ): void {
    this.#backend.parallel(
      kernel,
      (thread, threads) => argumentsOf(...share(rows, thread, threads)),
    );
  }

  #buffersFor(rows: number): Buffers {
    if (this.#buffers && this.#buffers.rows >= rows) return this.#buffers;
    this.free();
    return this.#buffers = reserve(this.#blocks, this.#sizes, rows);
  }
}

type Buffers = ReturnType<typeof reserve>;

/**
 * Layer sizes: past frames; taps, filters and outputs of the convolution; units of the dense
 * layers.
 */
type Sizes = Readonly<
  Record<"window" | "taps" | "filters" | "flat" | "width1" | "width2", number>
>;

function reserve(
  blocks: Blocks,
  { window, taps, filters, flat, width1, width2 }: Sizes,
  rows: number,
) {
  const addresses = blocks.floats({
    windows: rows * window,
    convolved: rows * flat,
    first: rows * width1,
    second: rows * width2,
    mask: rows * width2,
    hidden: rows * width2,
    dHidden: rows * width2,
    dFirst: rows * width1,
    dConvolved: rows * flat,
    gradient: Math.max(flat * width1, width1 * width2),
    convolutionParts: convolutionParts * (taps + 1) * filters,
  });
  return { ...addresses, rows };
}
