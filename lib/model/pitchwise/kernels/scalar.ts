// exp and ln without the tables that AssemblyScript's own keep in static memory, which must be empty.

/** e^x for x at most 700; relative error below 1e-13. What is no number stays none. */
export function exp(x: f64): f64 {
  if (!(x >= -700)) return x < -700 ? 0 : x;
  const k = nearest(x * 1.4426950408889634);
  const r = x - k * 0.6931471803691238 - k * 1.9082149292705877e-10; // ln 2 in two parts
  let sum: f64 = 1; // Horner's rule on the Taylor series; |r| is at most ln(2) / 2
  for (let n: f64 = 13; n >= 1; n--) sum = 1 + sum * r / n;
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
  let sum: f64 = 0;
  for (let n: f64 = 19; n >= 1; n -= 2) sum = sum * square + 1 / n;
  return whole + 2 * s * sum;
}
