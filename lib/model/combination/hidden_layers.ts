import type * as tf from "@tensorflow/tfjs";
import { type AdamSettings, adamStep } from "./adam.ts";
import { allocateAll, type Arena } from "../../wasm/arena.ts";
import type { Backend } from "./backend.ts";
import type { CombinationAdamState, CombinationParts } from "./parts.ts";
import { floatsAt, multiply, share } from "../../wasm/multiply.ts";

/** The layers before the output: Conv1D with hard sigmoid → dense, LeakyReLU → dense, swish, dropout. */
export interface HiddenLayers {
  /** Units of the last of them. */
  readonly width: number;
  /**
   * Sends windows through the layers.
   * @param dropout see {@linkcode CombinationStep.step}
   * @returns addresses of what came out, and of where {@linkcode HiddenLayers.backward} looks for its
   *   gradient, both [rows, width]; they hold until more rows come
   */
  forward(
    windows: Float32Array,
    rows: number,
    dropout: Float32Array | null,
  ): { readonly hidden: number; readonly dHidden: number };
  /**
   * Takes Adam's step for all variables of these layers, after `forward` of the same rows.
   * @param dropped whether there was dropout
   */
  backward(
    rows: number,
    dropped: boolean,
    state: CombinationAdamState,
    settings: AdamSettings,
  ): void;
  /** Gives back the buffers. */
  free(): void;
}

/** Parts of the batch whose convolution gradients are added in order, whoever computed them. */
const convolutionParts = 16;

/** LeakyReLU's slope below zero, Keras's and tfjs's default. */
const leakySlope = 0.3;

type Buffers =
  & { readonly rows: number }
  & Arena<
    | ("windows" | "convolved" | "first" | "second" | "mask" | "hidden")
    | ("dHidden" | "dFirst" | "dConvolved" | "gradient" | "convolutionParts")
  >;

/** Makes the layers; sizes are those of the variables. */
export function createHiddenLayers(
  backend: Backend,
  variables: CombinationParts<tf.Tensor>,
): HiddenLayers {
  const [taps, , filters] = variables.convKernel.shape as [number, number, number];
  const [flat, width1] = variables.dense1Kernel.shape as [number, number];
  const [width2] = variables.outputKernel.shape as [number, number];
  const window = flat / filters + taps - 1;
  if ([filters, width1, width2].some((width) => width % 4 !== 0)) {
    throw new RangeError(`Layers of ${[filters, width1, width2]}: needed multiples of 4`);
  }
  const at = (name: keyof CombinationParts<unknown>) => backend.address(variables[name]);
  let buffers: Buffers | undefined;

  function buffersFor(rows: number): Buffers {
    if (buffers && buffers.rows >= rows) return buffers;
    buffers?.free();
    buffers = undefined;
    const arena = allocateAll(backend, {
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
    return buffers = { ...arena, rows };
  }

  /** Runs a kernel over rows, each thread its own. */
  const overRows = (
    kernel: string,
    rows: number,
    argumentsOf: (first: number, last: number) => readonly number[],
  ) => backend.parallel(kernel, (thread, threads) => argumentsOf(...share(rows, thread, threads)));

  function forward(windows: Float32Array, rows: number, dropout: Float32Array | null): Buffers {
    if (windows.length !== rows * window) {
      throw new RangeError(
        `${windows.length} numbers are not ${rows} windows: needed ${rows} × ${window}`,
      );
    }
    const b = buffersFor(rows);
    floatsAt(backend, b.windows, windows.length).set(windows);
    if (dropout) floatsAt(backend, b.mask, dropout.length).set(dropout);
    overRows("convolveHardSigmoid", rows, (first, last) => [
      ...[b.windows, at("convKernel"), at("convBias"), b.convolved],
      ...[window, taps, filters, first, last, 1],
    ]);
    multiply(backend, {
      ...{ a: b.convolved, b: at("dense1Kernel"), c: b.first },
      ...{ rows, columns: width1, depth: flat },
    });
    overRows(
      "biasLeaky",
      rows,
      (first, last) => [b.first, at("dense1Bias"), width1, first, last, leakySlope],
    );
    multiply(backend, {
      ...{ a: b.first, b: at("dense2Kernel"), c: b.second },
      ...{ rows, columns: width2, depth: width1 },
    });
    overRows("biasSwish", rows, (first, last) => [
      ...[b.second, at("dense2Bias"), dropout ? b.mask : 0, b.hidden],
      ...[width2, first, last, 1],
    ]);
    return b;
  }

  /** Takes Adam's step for one variable. */
  function update(
    name: keyof CombinationParts<unknown>,
    gradient: number,
    state: CombinationAdamState,
    settings: AdamSettings,
  ): void {
    adamStep(
      backend,
      [at(name), gradient, backend.address(state.first[name]), backend.address(state.second[name])],
      variables[name].size,
      state.steps,
      settings,
    );
  }

  /** Takes Adam's step for a dense layer: dKernel = inputᵀ · dOutput, dBias = its column sums. */
  function updateDense(
    layer: "dense1" | "dense2",
    b: Buffers,
    [input, dOutput]: readonly [number, number],
    [rows, inputs, outputs]: readonly [number, number, number],
    state: CombinationAdamState,
    settings: AdamSettings,
  ): void {
    multiply(backend, {
      ...{ a: input, b: dOutput, c: b.gradient },
      ...{ rows: inputs, columns: outputs, depth: rows, transposeA: true },
    });
    update(`${layer}Kernel`, b.gradient, state, settings);
    backend.parallel("columnSums", (thread, threads) => [
      ...[dOutput, b.gradient, rows, outputs],
      ...share(outputs / 4, thread, threads),
    ]);
    update(`${layer}Bias`, b.gradient, state, settings);
  }

  function backward(
    rows: number,
    dropped: boolean,
    state: CombinationAdamState,
    settings: AdamSettings,
  ): void {
    const b = buffersFor(rows);
    const elements = (width: number) => (first: number, last: number) =>
      [first * width * 4, (last - first) * width] as const;
    overRows("swishBackward", rows, (first, last) => {
      const [offset, length] = elements(width2)(first, last);
      const mask = dropped ? b.mask + offset : 0;
      return [b.dHidden + offset, b.second + offset, mask, length, 1];
    });
    multiply(backend, {
      ...{ a: b.dHidden, b: at("dense2Kernel"), c: b.dFirst },
      ...{ rows, columns: width1, depth: width2, transposeB: true },
    });
    updateDense("dense2", b, [b.first, b.dHidden], [rows, width1, width2], state, settings);
    overRows("leakyBackward", rows, (first, last) => {
      const [offset, length] = elements(width1)(first, last);
      return [b.dFirst + offset, b.first + offset, length, leakySlope];
    });
    multiply(backend, {
      ...{ a: b.dFirst, b: at("dense1Kernel"), c: b.dConvolved },
      ...{ rows, columns: flat, depth: width1, transposeB: true },
    });
    updateDense("dense1", b, [b.convolved, b.dFirst], [rows, flat, width1], state, settings);
    convolutionGradient(b, rows);
    update("convKernel", b.convolutionParts, state, settings);
    update("convBias", b.convolutionParts + taps * filters * 4, state, settings);
  }

  /** Leaves [taps + 1, filters] in the first of the parts: dKernel, then dBias. */
  function convolutionGradient(b: Buffers, rows: number): void {
    const partFloats = (taps + 1) * filters;
    backend.parallel("convolveHardSigmoidBackward", (thread, threads) => [
      ...[b.windows, b.convolved, b.dConvolved, b.convolutionParts, window, taps, filters, rows],
      ...[convolutionParts, ...share(convolutionParts, thread, threads), 1],
    ]);
    const parts = floatsAt(backend, b.convolutionParts, convolutionParts * partFloats);
    for (let index = 0; index < partFloats; index++) {
      let sum = 0;
      for (let part = 0; part < convolutionParts; part++) sum += parts[part * partFloats + index]!;
      parts[index] = sum;
    }
  }

  return {
    width: width2,
    forward,
    backward,
    free() {
      buffers?.free();
      buffers = undefined;
    },
  };
}
