// Sizes that the kernels and their callers must agree on.

/** Rows of A in a tile of a product, and in a packed panel. */
export const TILE_ROWS = 5;
/** Columns of B in a tile of a product, and in a packed panel. */
export const TILE_COLUMNS = 8;
/** Size in bytes of the scratch tile for the edges. */
export const TILE_BYTES = TILE_ROWS * TILE_COLUMNS * 4;
