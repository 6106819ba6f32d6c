import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { cpus } from "node:os";
import { outputOf } from "../../wasm/support.ts";
import { startBackend } from "../../../lib/model/combination/backend.ts";

const processors = cpus().length;
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

Deno.test("startBackend leaves Worker and processor count as it found them", () => {
  assertEquals(cpus().length, processors);
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
    backend.parallel("columnSums", (thread, threads) => {
      if (round === 0) seen.push(thread, threads);
      return [0, 0, 0, 0, 0, 0];
    });
    if (round % 1000 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assertEquals(seen.sort(), [0, 1, 2, 2]); // in any order: a thread that is not there yet comes last
});

const module = JSON.stringify(
  new URL("../../../lib/model/combination/backend.ts", import.meta.url).href,
);

Deno.test("startBackend needs to read and no more; a program that forgets stopBackend ends", async () => {
  const output = await outputOf(`
    import { startBackend } from ${module};
    const backend = await startBackend({ threads: 3 });
    backend.parallel("columnSums", () => [0, 0, 0, 0, 0, 0]);
    console.log(backend.threads, backend.describe());
  `);
  assertStringIncludes(output, "3 WASM with");
});

Deno.test("startBackend may start again after stopBackend, with other threads and kernels", async () => {
  const output = await outputOf(`
    import { startBackend, stopBackend } from ${module};
    const first = await startBackend({ threads: 2 });
    await stopBackend();
    const second = await startBackend({ threads: 1, simd: "plain" });
    console.log(first.threads, second.threads, second.simd, first === second);
    await stopBackend();
    await stopBackend();
  `);
  assertEquals(output, "2 1 SIMD false");
});

Deno.test("startBackend goes on with one thread where threads are refused, and says so", async () => {
  const output = await outputOf(`
    import { createRequire } from "node:module";
    import { startBackend } from ${module};
    import * as tf from "@tensorflow/tfjs";
    createRequire(import.meta.url)("node:worker_threads").Worker = class {
      constructor() {
        throw new Error("no threads here");
      }
    };
    const backend = await startBackend({ threads: 2 });
    backend.parallel("columnSums", () => [0, 0, 0, 0, 0, 0]);
    console.log(backend.describe() + ";", tf.matMul(tf.ones([2, 3]), tf.ones([3, 1])).dataSync()[0]);
  `);
  assertEquals(
    output,
    "WASM with relaxed SIMD, 2 threads, of which some could not be started: no threads here; 3",
  );
});

Deno.test("startBackend takes plain SIMD on a growing heap where the system refuses a fixed one", async () => {
  const output = await outputOf(`
    import { startBackend } from ${module};
    import * as tf from "@tensorflow/tfjs";
    const { Memory } = WebAssembly;
    WebAssembly.Memory = class {
      constructor(descriptor) {
        if (descriptor.initial > 30_000) throw new RangeError("could not allocate memory");
        return new Memory(descriptor);
      }
    };
    const backend = await startBackend({ threads: 2 });
    console.log(backend.describe() + ";", tf.matMul(tf.ones([2, 3]), tf.ones([3, 1])).dataSync()[0]);
  `);
  assertEquals(output, "WASM with SIMD, 2 threads; 3");
});
