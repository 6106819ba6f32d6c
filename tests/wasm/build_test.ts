import { assert } from "@std/assert";
import { buildKernels, builds, sameBytes } from "../../lib/wasm/kernels/build.ts";

const root = new URL("../../", import.meta.url);

for (const build of builds) {
  Deno.test(`${build.file} matches its source`, async () => {
    const built = await buildKernels(build);
    assert(
      sameBytes(built, await Deno.readFile(new URL(build.file, root))),
      `Build it again with "deno task kernels"`,
    );
  });
}

Deno.test("the modules hold no data of their own, since all threads share one heap", async () => {
  for (const { file, initialPages: initial, maximumPages: maximum } of builds) {
    const module = await WebAssembly.compile(await Deno.readFile(new URL(file, root)));
    const imports = WebAssembly.Module.imports(module).map(({ name }) => name);
    assert(imports.length === 1 && imports[0] === "memory", `imports ${imports}`);
    // A data segment would be written by every thread that starts: instantiating must change nothing.
    const memory = new WebAssembly.Memory({ initial, maximum, shared: true });
    const bytes = new Uint8Array(memory.buffer, 0, 65_536).fill(7);
    new WebAssembly.Instance(module, { env: { memory } });
    assert(bytes.every((byte) => byte === 7), "instantiating writes to the heap");
  }
});
