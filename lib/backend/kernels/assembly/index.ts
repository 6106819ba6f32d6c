// One module for all kernels: every thread has an instance of it on the one heap. It must hold no
// state of its own: no static data, no allocation, nothing but functions on the buffers passed in.
export { multiplyPanels } from "./gemm";
export { packBoth, packColumns, packRows } from "./pack";
export { peak } from "./peak";
export {
  pitchwiseDraw,
  pitchwiseEchoes,
  pitchwiseGradient,
  pitchwiseLosses,
  pitchwiseReduce,
  pitchwiseUpdate,
} from "./pitchwise";
