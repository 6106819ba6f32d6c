// One module for all kernels: every thread has an instance of it on the one heap. It must hold no
// state of its own: no static data, no allocation, nothing but functions on the buffers passed in.
export { adamRange } from "./adam";
export { exponentials, logarithms } from "./exp";
export { multiplyPanels } from "./gemm";
export { imageToColumns, segmentSums } from "./gradients";
export { biasLeaky, biasSwish, columnSums, leakyBackward, swishBackward } from "./activations";
export { convolveHardSigmoid, convolveHardSigmoidBackward } from "./convolution";
export { drawingWeights, scorePeaks } from "./drawing";
export { skinnyScores } from "./scores";
export { outputLayerPrepare, outputLayerTotals } from "./output_layer";
export { outputLayerForward } from "./output_layer_forward";
export { outputLayerBackward, outputLayerHiddenGradient } from "./output_layer_backward";
export { packBoth, packColumns, packRows } from "./pack";
export { peak, readAll } from "./peak";
export {
  pitchwiseDraw,
  pitchwiseEchoes,
  pitchwiseGradient,
  pitchwiseLosses,
  pitchwiseReduce,
  pitchwiseUpdate,
} from "./pitchwise";
