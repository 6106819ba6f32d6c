// Sizes that the kernels and their callers must agree on.

/** Classes whose weights are added up together when one is drawn. */
export const DRAW_BLOCK = 1024;
