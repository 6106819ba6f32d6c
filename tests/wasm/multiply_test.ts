import { assertEquals } from "@std/assert";
import { startBackend } from "../../lib/model/combination/backend.ts";
import { floatsAt } from "../../lib/wasm/blocks.ts";
import { multiply, type Product } from "../../lib/wasm/multiply.ts";
import { assertClose, noise } from "./support.ts";

const backend = await startBackend({ threads: 2 });

type Case = Omit<Product, "a" | "b" | "c">;

/** The plain triple loop, in 64-bit floats. */
function reference(product: Case, a: Float32Array, b: Float32Array, c: Float32Array): Float32Array {
  const { rows, columns, depth, transposeA, transposeB, add } = product;
  return c.map((before, index) => {
    const row = Math.floor(index / columns), column = index % columns;
    let sum = add ? before : 0;
    for (let k = 0; k < depth; k++) {
      sum += a[transposeA ? k * rows + row : row * depth + k]! *
        b[transposeB ? column * depth + k : k * columns + column]!;
    }
    return sum;
  });
}

function run(product: Case, a: Float32Array, b: Float32Array, c: Float32Array): Float32Array {
  const addresses = [a, b, c].map(({ byteLength }) => backend.allocate(byteLength));
  const [aAt, bAt, cAt] = addresses as [number, number, number];
  [a, b, c].forEach((values, i) => floatsAt(backend, addresses[i]!, values.length).set(values));
  multiply(backend, { ...product, a: aAt, b: bAt, c: cAt });
  const result = floatsAt(backend, cAt, c.length).slice();
  addresses.forEach(backend.free);
  return result;
}

function check(product: Case, tolerance = 1e-5) {
  const { rows, columns, depth } = product;
  const a = noise(rows * depth), b = noise(depth * columns, 2), c = noise(rows * columns, 3);
  assertClose(
    run(product, a, b, c),
    reference(product, a, b, c),
    tolerance,
    JSON.stringify(product),
  );
}

const orientations = [{}, { transposeA: true }, { transposeB: true }, {
  transposeA: true,
  transposeB: true,
}];

Deno.test("multiply agrees with the plain loop at sizes around the tile's", () => {
  for (const rows of [0, 1, 3, 4, 5, 9]) {
    for (const columns of [0, 1, 7, 8, 9, 17]) {
      for (const depth of [0, 1, 3, 4, 5]) {
        for (const orientation of orientations) {
          check({ rows, columns, depth, ...orientation });
          check({ rows, columns, depth, ...orientation, add: true });
        }
      }
    }
  }
});

Deno.test("multiply agrees with the plain loop when blocks, threads and edges meet", () => {
  for (const orientation of orientations) {
    check({ rows: 263, columns: 37, depth: 259, ...orientation }, 1e-4);
    check({ rows: 6, columns: 4101, depth: 258, ...orientation, add: true }, 1e-4);
  }
});

Deno.test("multiply keeps infinities and NaN where they belong", () => {
  const a = noise(5 * 6), b = noise(6 * 9, 2), c = new Float32Array(45);
  a[7] = NaN; // row 1
  b[4] = Infinity; // column 4
  const result = run({ rows: 5, columns: 9, depth: 6 }, a, b, c);
  result.forEach((value, index) => {
    const row = Math.floor(index / 9), column = index % 9;
    assertEquals(Number.isNaN(value), row === 1, `${row}, ${column}`);
    assertEquals(Number.isFinite(value), row !== 1 && column !== 4, `${row}, ${column}`);
  });
});
