// Kernels that only measurements and tests need.
export { exponentials } from "./exp";
export { peak, readAll } from "./peak";
