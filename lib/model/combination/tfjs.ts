/**
 * tfjs for the modules that need it at run time, imported by its full specifier so that programs
 * with another import map find it, too. Import this only from modules loaded by `loadWithPackages`.
 * @module
 */
export * from "npm:@tensorflow/tfjs@4.22.0";
export * as wasm from "npm:@tensorflow/tfjs-backend-wasm@4.22.0";
