/**
 * Kernels of the original network that tfjs's WASM backend lacks or runs slowly: the gradient of a
 * convolution's filter, which is missing, and matrix products with a transposed factor (every
 * gradient of a dense layer), for which it runs a scalar loop.
 */
import * as tf from "./tfjs.ts";
import type { Heap } from "../../wasm/heap.ts";
import { multiply, share } from "../../wasm/multiply.ts";
import type { TfjsBackend } from "./tfjs_threads.ts";

type Inputs = Readonly<Record<string, tf.TensorInfo>>;
type Attributes = Readonly<Record<string, unknown>>;
type Kernel = (inputs: Inputs, attributes: Attributes) => tf.TensorInfo;

const stock = new Map<string, tf.KernelConfig>();

/** Registers our kernels for tfjs's backend "wasm", replacing its own where they exist. */
export function registerKernels(tfjs: TfjsBackend, heap: Heap): void {
  registerProducts(tfjs, heap);
  registerFilterGradient(tfjs, heap);
}

function register(name: string, kernel: Kernel): void {
  if (tf.getKernel(name, "wasm")) tf.unregisterKernel(name, "wasm");
  tf.registerKernel({
    kernelName: name,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) => kernel(inputs as Inputs, (attrs ?? {}) as Attributes),
  });
}

/** tfjs's own kernel of a name. */
function original(tfjs: TfjsBackend, name: string): Kernel {
  const config = stock.get(name) ?? tf.getKernel(name, "wasm");
  if (!config) throw new Error(`Cannot find tfjs's own kernel ${name} for the WASM backend`);
  stock.set(name, config);
  return (inputs, attrs) =>
    config.kernelFunc({
      inputs: inputs as tf.NamedTensorInfoMap,
      attrs: attrs as tf.NamedAttrMap,
      backend: tfjs,
    }) as tf.TensorInfo;
}

/** Address of a tensor's values in the heap. */
function addressIn(tfjs: TfjsBackend): (tensor: tf.TensorInfo) => number {
  return ({ dataId }) => tfjs.dataIdMap.get(dataId).memoryOffset;
}

function registerProducts(tfjs: TfjsBackend, heap: Heap): void {
  const address = addressIn(tfjs), transpose = original(tfjs, "Transpose");

  /** Transposes the last two dimensions; the caller owns the result. */
  const swapped = (x: tf.TensorInfo): tf.TensorInfo => {
    const rank = x.shape.length;
    const perm = x.shape.map((_, axis) => axis < rank - 2 ? axis : 2 * rank - 3 - axis);
    return transpose({ x }, { perm });
  };

  /** Batched matrix product by our own kernel; batches of one are broadcast. */
  const multiplied = (
    a: tf.TensorInfo,
    b: tf.TensorInfo,
    transposeA: boolean,
    transposeB: boolean,
  ) => {
    const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
    const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
    const [rows, depth] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
    const columns = transposeB ? bRows : bColumns;
    const aCount = tf.util.sizeFromShape(a.shape.slice(0, -2));
    const bCount = tf.util.sizeFromShape(b.shape.slice(0, -2));
    const outer = tf.broadcast_util.assertAndGetBroadcastShape(
      a.shape.slice(0, -2),
      b.shape.slice(0, -2),
    );
    const out = tfjs.makeOutput([...outer, rows, columns], "float32");
    for (let index = 0; index < Math.max(aCount, bCount); index++) {
      multiply(heap, {
        a: address(a) + (aCount === 1 ? 0 : index * rows * depth * 4),
        b: address(b) + (bCount === 1 ? 0 : index * depth * columns * 4),
        c: address(out) + index * rows * columns * 4,
        rows,
        columns,
        depth,
        transposeA: transposeA,
        transposeB: transposeB,
      });
    }
    return out;
  };

  for (const name of ["BatchMatMul", "_FusedMatMul"]) {
    const product = original(tfjs, name);
    register(name, (inputs, attributes) => {
      const { a, b } = inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
      const { transposeA, transposeB } = attributes as { transposeA: boolean; transposeB: boolean };
      if (name === "BatchMatMul" && a.dtype === "float32") {
        return multiplied(a, b, transposeA, transposeB);
      }
      if (!transposeA && !transposeB) return product(inputs, attributes);
      const left = transposeA ? swapped(a) : a;
      const right = transposeB ? swapped(b) : b;
      const out = product(
        { ...inputs, a: left, b: right },
        { ...attributes, transposeA: false, transposeB: false },
      );
      if (left !== a) tfjs.disposeData(left.dataId);
      if (right !== b) tfjs.disposeData(right.dataId);
      return out;
    });
  }
}

function registerFilterGradient(tfjs: TfjsBackend, heap: Heap): void {
  const address = addressIn(tfjs);
  register("Conv2DBackpropFilter", (inputs, attributes) => {
    const { x, dy } = inputs as { x: tf.TensorInfo; dy: tf.TensorInfo };
    const { strides, pad, dimRoundingMode, filterShape } = attributes as unknown as {
      strides: [number, number] | number;
      pad: "valid" | "same" | number;
      dimRoundingMode?: "floor" | "round" | "ceil";
      filterShape: [number, number, number, number];
    };
    const info = tf.backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      filterShape,
      strides,
      1,
      pad,
      dimRoundingMode,
      false,
      tf.backend_util.convertConv2DDataFormat((attributes.dataFormat ?? "NHWC") as "NHWC"),
    );
    if (info.dataFormat !== "channelsLast") {
      throw new Error("Cannot take the gradient of a convolution's filter in NCHW; use NHWC");
    }
    const columns = filterShape[0] * filterShape[1] * filterShape[2];
    const rows = info.batchSize * info.outHeight * info.outWidth;
    const patches = tfjs.makeOutput([1, rows, columns], "float32");
    heap.parallel("imageToColumns", (thread, threads) => [
      ...[address(x), address(patches)],
      ...[info.inHeight, info.inWidth, info.inChannels, info.outHeight, info.outWidth],
      ...[info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth],
      ...[info.padInfo.top, info.padInfo.left],
      ...share(info.batchSize * info.outHeight, thread, threads),
    ]);
    const product = tf.getKernel("BatchMatMul", "wasm")!.kernelFunc({
      inputs: { a: patches, b: { ...dy, shape: [1, rows, filterShape[3]] } },
      attrs: { transposeA: true, transposeB: false },
      backend: tfjs,
    }) as tf.TensorInfo;
    tfjs.disposeData(patches.dataId);
    return { ...product, shape: filterShape };
  });
}
