// exp and ln without AssemblyScript's lookup tables in static memory, which must stay empty.

/** e^x for x at most 700; relative error below 1e-13. NaN for NaN. */
export function exp(x: f64): f64 {
  if (!(x >= -700)) return x < -700 ? 0 : x;
  const k = nearest(x * 1.4426950408889634);
  const r = x - k * 0.6931471803691238 - k * 1.9082149292705877e-10; // ln 2 in two parts
  // Horner's rule on the Taylor series; |r| is at most ln(2) / 2.
  let sum: f64 = 1.0 / 6227020800;
  sum = sum * r + 1.0 / 479001600;
  sum = sum * r + 1.0 / 39916800;
  sum = sum * r + 1.0 / 3628800;
  sum = sum * r + 1.0 / 362880;
  sum = sum * r + 1.0 / 40320;
  sum = sum * r + 1.0 / 5040;
  sum = sum * r + 1.0 / 720;
  sum = sum * r + 1.0 / 120;
  sum = sum * r + 1.0 / 24;
  sum = sum * r + 1.0 / 6;
  sum = sum * r + 0.5;
  sum = sum * r + 1;
  sum = sum * r + 1;
  return sum * reinterpret<f64>((<i64> k + 1023) << 52);
}

/** ln x for x in [1, 4], relative error below 1e-13: ln x = 2 artanh((x − 1) / (x + 1)). */
export function log(x: f64): f64 {
  let whole: f64 = 0;
  while (x > 1.4142135623730951) {
    x *= 0.5;
    whole += 0.6931471805599453;
  }
  const s = (x - 1) / (x + 1), square = s * s;
  let sum: f64 = 1.0 / 19;
  sum = sum * square + 1.0 / 17;
  sum = sum * square + 1.0 / 15;
  sum = sum * square + 1.0 / 13;
  sum = sum * square + 1.0 / 11;
  sum = sum * square + 1.0 / 9;
  sum = sum * square + 1.0 / 7;
  sum = sum * square + 1.0 / 5;
  sum = sum * square + 1.0 / 3;
  sum = sum * square + 1;
  return whole + 2 * s * sum;
}
