import { assert, assertEquals } from "@std/assert";
import { outputOf } from "./support.ts";

const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
const imports = `
  import { startHeap, stopHeap } from ${url("../../lib/wasm/heap.ts")};
  import { startBackend, stopBackend } from ${url("../../lib/model/combination/backend.ts")};
  const pitchwise = new URL(${url("../../lib/model/pitchwise/kernels/")});
  const combination = new URL(${url("../../lib/model/combination/kernels/")});
  /** What parallel gives when thread t adds up the numbers from t · 1000 on. */
  const adamOn = (heap) => {
    const from = heap.allocate(4 * 64 * 4);
    const floats = (at, length) => new Float32Array(heap.memory.buffer, at, length);
    floats(from, 256).fill(1);
    heap.parallel("adamRange", (t, n) => [from + 128 * t, from + 256 + 128 * t, from + 512 + 128 * t, from + 768 + 128 * t, 32, 0.01, 1, 1]);
    const result = [...floats(from, 64)];
    heap.free(from);
    return result.every((value) => value === result[0] && value < 1);
  };
`;

Deno.test("startHeap runs all threads' parts from the first moment on, and when they are there", async () => {
  const output = await outputOf(`${imports}
    const heap = await startHeap(combination, { threads: 2 });
    const first = adamOn(heap);
    await new Promise((resolve) => setTimeout(resolve, 300));
    console.log(first, adamOn(heap), heap.threads);
  `);
  assertEquals(output, "true true 2");
});

Deno.test("startHeap adds a second network's kernels to the same heap and keeps what lies there", async () => {
  const output = await outputOf(`${imports}
    const heap = await startHeap(pitchwise, { threads: 2 });
    const at = heap.allocate(4);
    new Int32Array(heap.memory.buffer, at, 1)[0] = 42;
    const other = await startHeap(combination, { threads: 1 });
    console.log(heap === other, other.threads, adamOn(other), new Int32Array(heap.memory.buffer, at, 1)[0]);
    await stopHeap();
    const fresh = await startHeap(combination, { threads: 1 });
    console.log(fresh === heap, fresh.threads);
  `);
  assertEquals(output, "true 2 true 42\nfalse 1");
});

for (const simd of ["auto", "plain"]) {
  Deno.test(`tfjs comes into a heap in use, leaves what lies there, and shares the rest (${simd})`, async () => {
    const output = await outputOf(`${imports}
      import * as tf from "@tensorflow/tfjs";
      const heap = await startHeap(pitchwise, { threads: 2, simd: "${simd}" });
      const sizes = [1000, 30 * 2 ** 20, 200 * 2 ** 20, 64];
      const pieces = sizes.map((bytes) => ({ at: heap.allocate(bytes), bytes }));
      heap.free(pieces[0].at);
      const kept = pieces.slice(1);
      const view = ({ at, bytes }) => new Uint8Array(heap.memory.buffer, at, bytes);
      kept.forEach((piece, i) => view(piece).fill(i + 1));
      const backend = await startBackend();
      const tensors = Array.from({ length: 50 }, (_, i) => tf.fill([1000 + 5000 * i], i));
      const more = Array.from({ length: 50 }, (_, i) => ({ at: heap.allocate(9999), bytes: 9999 }));
      more.forEach((piece) => view(piece).fill(77));
      const whole = tensors.every((tensor, i) => tensor.dataSync().every((value) => value === i));
      const same = kept.every((piece, i) => !view(piece).subarray(0, 2 ** 16).some((x) => x !== i + 1) &&
        view(piece).lastIndexOf(i + 1) === piece.bytes - 1);
      for (const { at } of [...kept, ...more]) backend.free(at);
      console.log(whole, same, adamOn(heap), adamOn(backend), backend.memory === heap.memory);
      await stopBackend();
    `);
    assertEquals(output, "true true true true true");
  });
}

Deno.test("a pitchwise model loads and plays without tfjs", async () => {
  const output = await outputOf(`
    await import(${url("../../mod.ts")});
    const { startPitchwise } = await import(${url("../../lib/model/architectures.ts")});
    await import(${url("../../lib/model/pitchwise/model.ts")});
    await startPitchwise({ threads: 2 });
    console.log(globalThis._tfengine === undefined);
    await import("@tensorflow/tfjs");
    console.log(globalThis._tfengine === undefined);
  `);
  assert(output.split("\n").join() === "true,false", `tfjs was loaded: ${output}`);
});
