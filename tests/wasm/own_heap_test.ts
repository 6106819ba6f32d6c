import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { baseFolder } from "../../lib/model/base.ts";
import { openModel, readModelArrays } from "../../lib/model/bundle.ts";
import { loadModel } from "../../lib/model/load.ts";
import type { Model } from "../../lib/model/model.ts";
import { loadPitchwiseModel } from "../../lib/model/pitchwise/model.ts";
import { Random } from "../../lib/random.ts";
import type { Frame } from "../../lib/tokens/frame.ts";
import { createOwnHeap } from "../../lib/wasm/own_heap.ts";

const kernel = (name: string) =>
  Deno.readFile(new URL(`../../lib/model/pitchwise/kernels/${name}`, import.meta.url));
const kernels = {
  relaxed: await kernel("kernels.wasm"),
  plain: await kernel("kernels-simd.wasm"),
};
const folder = join(baseFolder(), "beats-4");

function played(model: Model, length: number): Frame[] {
  const frames: Frame[] = [], random = new Random(5);
  const sampling = { temperature: 1, topK: 0, topP: 1, rules: [] };
  const metres = [{ frame: 0, stepsPerBar: 16, phase: 0 }];
  while (frames.length < length) {
    frames.push(...model.next([{ name: "", frames, metres }], sampling, [random]));
  }
  return frames;
}

Deno.test("a heap of one's own plays the same frames as the shared one, in both instruction sets", async () => {
  const bundle = await openModel(folder), { manifest } = bundle;
  const weights = await readModelArrays(bundle, "weights");
  const { model: shared } = await loadModel(folder, { threads: 1 });
  const usual = played(shared, 96);
  shared.dispose();
  const { style: { tokenize: { grid } }, network } = manifest;
  for (const simd of ["auto", "plain"] as const) {
    const heap = await createOwnHeap(kernels, simd);
    assert(heap.memory.buffer instanceof ArrayBuffer); // private
    const model = loadPitchwiseModel(weights, { grid, network }, heap);
    assertEquals(played(model, 96), usual);
    model.dispose();
  }
});

Deno.test("a heap of one's own grows, and takes back only what it gave", async () => {
  const heap = await createOwnHeap(kernels), before = heap.memory.buffer.byteLength;
  const at = heap.allocate(before);
  assert(heap.memory.buffer.byteLength > before);
  heap.free(at);
  assertThrows(() => heap.free(at), RangeError, "Nothing is allocated");
  assertThrows(() => heap.allocate(2 ** 31), RangeError, "has no room");
  assertThrows(() => heap.run("unheard"), Error, `Cannot run kernel "unheard"`);
});
