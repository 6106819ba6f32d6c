// Adam's decay of the means of gradients and of their squares: the defaults of tfjs and Keras.
export const BETA_1 = 0.9;
export const BETA_2 = 0.999;
