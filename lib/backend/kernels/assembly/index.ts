// One module for all kernels: every thread has an instance of it on the one heap. It must hold no
// state of its own: no static data, no allocation, nothing but functions on the buffers passed in.
export { adamRange } from "./adam";
export { exponentials, logarithms } from "./exp";
export { multiplyPanels } from "./gemm";
export { imageToColumns, segmentSums } from "./gradients";
export {
  biasLeaky,
  biasSwish,
  columnSums,
  convolveHardSigmoid,
  convolveHardSigmoidBackward,
  leakyBackward,
  swishBackward,
} from "./layers";
export { drawingWeights, scorePeaks, skinnyScores } from "./scores";
export { outputLayerForward, outputLayerPrepare, outputLayerTotals } from "./output_layer";
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
