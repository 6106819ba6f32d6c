/**
 * tfjs, for the modules that need it at run time: by its whole specifier, so that it is found from a
 * program with another import map, too. Only what `loadWithPackages` loads may import this.
 * @module
 */
export * from "npm:@tensorflow/tfjs@4.22.0";
export * as wasm from "npm:@tensorflow/tfjs-backend-wasm@4.22.0";
