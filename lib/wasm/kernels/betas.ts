// Adam's decay rates of the first and second moments: the defaults of tfjs and Keras.
export const BETA_1 = 0.9;
export const BETA_2 = 0.999;
