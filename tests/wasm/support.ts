import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals } from "@std/assert";
import { Random } from "../../lib/random.ts";

// Keeps tfjs's cpu backend from advertising its native sibling.
tf.enableProdMode();

/** Numbers from -1 to 1 that are the same in every run. */
export function noise(length: number, seed = 1): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length }, () => 2 * random.next() - 1);
}

/** What a computation gives on the named tfjs backend; the current one is the same afterwards. */
export function on(backend: "cpu" | "wasm", compute: () => tf.Tensor): Float32Array {
  const before = tf.getBackend();
  tf.setBackend(backend);
  try {
    return tf.tidy(() => compute().dataSync() as Float32Array);
  } finally {
    tf.setBackend(before);
  }
}

/** Asserts that two arrays agree to `tolerance`, relative to the greatest value where above 1. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance = 1e-5,
  what = "values",
): void {
  assertEquals(actual.length, expected.length, `${what}: length`);
  let scale = 1;
  for (let i = 0; i < expected.length; i++) {
    if (Number.isFinite(expected[i]!)) scale = Math.max(scale, Math.abs(expected[i]!));
  }
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i]!, e = expected[i]!;
    if (Object.is(a, e) || a === e) continue;
    assert(Math.abs(a - e) <= tolerance * scale, `${what}: at ${i} found ${a}, needed ${e}`);
  }
}

/** What a program prints that may read and nothing else; it must end by itself. */
export async function outputOf(program: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--allow-read", "-"],
    cwd: new URL("../..", import.meta.url),
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(program));
  await writer.close();
  const { success, stdout } = await child.output();
  assert(success, "the program failed");
  return new TextDecoder().decode(stdout).trim();
}
