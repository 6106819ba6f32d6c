import { heapPages } from "../../lib/wasm/heap.ts";

/** A module of kernels: the instructions it may use, and its heap's size in pages of 64 KiB. */
export interface KernelModule {
  /** Path of the module within the repository; its source is the `index.ts` beside it. */
  readonly file: string;
  readonly features: readonly string[];
  readonly initialPages: number;
  readonly maximumPages: number;
}

const folders = [
  "lib/model/combination/kernels",
  "lib/model/pitchwise/kernels",
  "tools/kernels/measuring",
];

/** Modules of each folder: the fast one, and the plain one, whose heap can grow to 4 GiB. */
export const kernelModules: readonly KernelModule[] = folders.flatMap(
  (folder) => [
    {
      file: `${folder}/kernels.wasm`,
      features: ["simd", "relaxed-simd"],
      initialPages: heapPages,
      maximumPages: heapPages,
    },
    {
      file: `${folder}/kernels-simd.wasm`,
      features: ["simd"],
      initialPages: 1,
      maximumPages: 65_536,
    },
  ],
);
