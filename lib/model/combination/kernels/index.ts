// Kernels of the original network, and those that tfjs lacks. Every thread has an instance of the
// module on the one heap. It must hold no state of its own: no static data, no allocation, nothing
// but functions on the buffers passed in.
export { adamRange } from "../../../wasm/kernels/adam";
export { multiplyPanels } from "../../../wasm/kernels/gemm";
export { imageToColumns } from "./gradients";
export { biasLeaky, biasSwish, columnSums, leakyBackward, swishBackward } from "./activations";
export { convolveHardSigmoid, convolveHardSigmoidBackward } from "./convolution";
export { drawingWeights, scorePeaks } from "./drawing";
export { skinnyScores } from "./scores";
export { outputLayerPrepare, outputLayerTotals } from "./output_layer";
export { outputLayerForward } from "./output_layer_forward";
export { outputLayerBackward, outputLayerHiddenGradient } from "./output_layer_backward";
export { packBoth } from "../../../wasm/kernels/pack";
