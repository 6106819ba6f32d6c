import { assert, assertEquals } from "@std/assert";
import { kernelModules } from "../../tools/kernels/modules.ts";
import { runDeno } from "../cli/program.ts";

const root = new URL("../../", import.meta.url);

Deno.test("all modules match their sources", async () => {
  const { code, out, errors } = await runDeno(["task", "kernels", "--check"], { cwd: root });
  assertEquals(code, 0, errors);
  const expected = kernelModules.map(({ file }) => `${file} matches its source`);
  assertEquals(out.trim().split("\n"), expected);
});

Deno.test("the modules hold no data of their own, since all threads share one heap", async () => {
  for (const { file, initialPages: initial, maximumPages: maximum } of kernelModules) {
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
