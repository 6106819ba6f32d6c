// The gradient kernel that tfjs's WASM backend lacks.

/**
 * im2col: writes the input patch at each output position as one row, 0 outside the input, so that a
 * convolution becomes a matrix product. One thread's output rows, `first` to `last` (excluded) of
 * batch · outHeight.
 * @param x [batch][inHeight][inWidth][channels]
 * @param to [batch][outHeight][outWidth][filterHeight][filterWidth][channels]
 */
export function imageToColumns(
  x: usize,
  to: usize,
  inHeight: i32,
  inWidth: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  padTop: i32,
  padLeft: i32,
  first: i32,
  last: i32,
): void {
  to += <usize> (first * outWidth * filterHeight * filterWidth * channels) << 2;
  for (let line = first; line < last; line++) {
    const example = line / outHeight, outY = line % outHeight;
    for (let outX = 0; outX < outWidth; outX++) {
      for (let filterY = 0; filterY < filterHeight; filterY++) {
        const y = outY * strideHeight - padTop + filterY;
        for (let filterX = 0; filterX < filterWidth; filterX++) {
          const column = outX * strideWidth - padLeft + filterX;
          const inside = y >= 0 && y < inHeight && column >= 0 && column < inWidth;
          let from = x + (<usize> (((example * inHeight + y) * inWidth + column) * channels) << 2);
          for (let channel = 0; channel < channels; channel++) {
            store<f32>(to, inside ? load<f32>(from) : 0);
            from += 4;
            to += 4;
          }
        }
      }
    }
  }
}
