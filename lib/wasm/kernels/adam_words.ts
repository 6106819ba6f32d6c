// Where the fields of `AdamStep` lie, as indices of 32-bit floats. Read by the kernels, which do not
// compile if theirs lie elsewhere, and by who writes the record.
export const beta1 = 0;
export const beta2 = 1;
export const epsilon = 2;
export const rate = 3; // learning rate / (1 − β1^t)
export const correction = 4; // 1 / (1 − β2^t)
