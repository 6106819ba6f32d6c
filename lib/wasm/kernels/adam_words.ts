// Where the fields of `AdamStep` in adam.ts lie, as indices of 32-bit floats, in its order, which a
// test makes sure of.
export const beta1 = 0;
export const beta2 = 1;
export const epsilon = 2;
export const rate = 3; // learning rate / (1 − β1^t)
export const correction = 4; // 1 / (1 − β2^t)
