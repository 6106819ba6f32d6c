/**
 * Builds each folder's `kernels.wasm` and `kernels-simd.wasm` from the `index.ts` beside them. With
 * `--check`, builds in memory only and compares with the files. Has a configuration of its own, so
 * that nobody who makes music has to fetch the compiler.
 */
import asc from "assemblyscript/asc";
import { type KernelModule, kernelModules } from "./modules.ts";

const root = new URL("../../", import.meta.url);

const HELP = `deno task kernels [flags]

Builds the WASM kernels from their source.

  --check  Compares what would be built with what is there
  --help   Shows this

Example: deno task kernels --check`;
if (Deno.args.includes("--help")) {
  console.log(HELP);
  Deno.exit(0);
}
const wrong = Deno.args.find((flag) => flag !== "--check");
if (wrong !== undefined) {
  console.error(`Error: Unknown flag ${wrong}; there is --check (see "deno task kernels --help")`);
  Deno.exit(1);
}
const check = Deno.args.includes("--check");
for (const module of kernelModules) {
  const built = await compile(module);
  const path = new URL(module.file, root);
  if (!check) {
    await Deno.writeFile(path, built);
    console.log(`${module.file}: ${built.length.toLocaleString("en")} bytes`);
  } else if (!sameBytes(built, await Deno.readFile(path))) {
    console.error(`${module.file} does not match its source; build it with "deno task kernels"`);
    Deno.exit(1);
  } else console.log(`${module.file} matches its source`);
}

/** @throws Error with the compiler's messages */
async function compile(
  { file, features, initialPages, maximumPages }: KernelModule,
): Promise<Uint8Array<ArrayBuffer>> {
  const output = new Map<string, Uint8Array | string>();
  const { error, stderr } = await asc.main([
    file.replace(/[^/]*$/, "index.ts"),
    "--outFile=kernels.wasm",
    "-O3",
    "--noAssert",
    "--runtime=stub",
    "--use=abort=",
    ...["threads", ...features].map((feature) => `--enable=${feature}`),
    "--importMemory",
    "--sharedMemory",
    `--initialMemory=${initialPages}`,
    `--maximumMemory=${maximumPages}`,
  ], {
    async readFile(name) {
      return await Deno.readTextFile(new URL(name, root)).catch(() => null);
    },
    writeFile(name, contents) {
      output.set(name, contents);
    },
    listFiles: () => [],
  });
  const binary = output.get("kernels.wasm");
  if (error || !(binary instanceof Uint8Array)) {
    throw new Error(`Cannot build the kernels:\n${stderr}`, { cause: error });
  }
  return new Uint8Array(binary);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
