import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { startBackend, stopBackend } from "../../lib/backend/backend.ts";

const backend = await startBackend({ threads: 2 });

Deno.test("startBackend returns the same backend when it is asked again for other threads", async () => {
  assertEquals(await startBackend({ threads: 1 }), backend);
  assertEquals(tf.getBackend(), "wasm");
  assertStringIncludes(backend.describe(), `${backend.threads} threads`);
});

Deno.test("startBackend refuses thread counts that it cannot start", async () => {
  for (const threads of [0, 9, 1.5, NaN]) {
    await assertRejects(() => startBackend({ threads }), RangeError, "from 1 to 8");
  }
});

Deno.test("startBackend leaves Worker and processor count as it found them", async () => {
  const { cpus } = await import("node:os");
  assertEquals(cpus().length, navigator.hardwareConcurrency);
  assertStringIncludes(String(Worker), "class Worker");
});

Deno.test("allocate gives aligned addresses in the heap that tfjs's tensors lie in", () => {
  const tensor = tf.tensor([1, 2, 3]);
  const view = new Float32Array(backend.memory.buffer, backend.address(tensor), 3);
  assertEquals([...view], [1, 2, 3]);
  tensor.dispose();
  const addresses = [1, 63, 64, 1000].map((bytes) => backend.allocate(bytes));
  for (const address of addresses) {
    assertEquals(address % 64, 0);
    backend.free(address);
  }
});

Deno.test("allocate says what to do when the heap is full", () => {
  let message = "";
  try {
    backend.allocate(4 * 2 ** 30);
  } catch (error) {
    message = String(error);
  }
  assertStringIncludes(message, "smaller batch");
});

Deno.test("run and parallel name the kernels when one is unknown", () => {
  for (const call of [() => backend.run("nothing"), () => backend.parallel("nothing", () => [])]) {
    let message = "";
    try {
      call();
    } catch (error) {
      message = String(error);
    }
    assertStringIncludes(message, `No kernel "nothing"`);
  }
});

Deno.test("parallel runs each thread's part, thousands of times, with sleeps between", async () => {
  const seen: number[] = [];
  for (let round = 0; round < 3000; round++) {
    backend.parallel("peak", (thread, threads) => {
      if (round === 0) seen.push(thread, threads);
      return [1, 1, 1];
    });
    if (round % 1000 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assertEquals(seen, [1, 2, 0, 2]);
});

Deno.test("a program that forgets stopBackend ends, and one may start again after it", async () => {
  const module = new URL("../../lib/backend/backend.ts", import.meta.url).href;
  const worker = new Worker(
    "data:text/javascript," + encodeURIComponent(`
      const { startBackend, stopBackend } = await import(${JSON.stringify(module)});
      const first = await startBackend({ threads: 2 });
      await stopBackend();
      const second = await startBackend({ threads: 1, kernels: "simd" });
      postMessage([first.threads, second.threads, second.simd, first === second]);
      await stopBackend();
      close();
    `),
    { type: "module" },
  );
  const answer = await new Promise<unknown>((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
  });
  worker.terminate();
  assertEquals(answer, [2, 1, "SIMD", false]);
  assert(stopBackend !== undefined);
});
