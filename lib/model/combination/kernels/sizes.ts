// Sizes that the kernels and their callers must agree on.

/** Block size in classes of the partial sums used in sampling. */
export const DRAW_BLOCK = 1024;
