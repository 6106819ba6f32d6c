/**
 * Builds `kernels.wasm` (relaxed SIMD) and `kernels-simd.wasm` (plain SIMD) from
 * `assembly/index.ts`. With `--check`, builds in memory only and compares with the files.
 */
import asc from "assemblyscript/asc";

const folder = new URL("./", import.meta.url);

/** The two modules and what sets them apart. */
export const builds: readonly { readonly file: string; readonly features: readonly string[] }[] = [
  { file: "kernels.wasm", features: ["simd", "relaxed-simd"] },
  { file: "kernels-simd.wasm", features: ["simd"] },
];

/**
 * Compiles `assembly/index.ts`.
 *
 * @throws Error with the compiler's messages
 */
export async function buildKernels(features: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  const output = new Map<string, Uint8Array | string>();
  const { error, stderr } = await asc.main([
    "assembly/index.ts",
    "--outFile=kernels.wasm",
    "-O3",
    "--noAssert",
    "--runtime=stub",
    "--use=abort=",
    ...["threads", ...features].map((feature) => `--enable=${feature}`),
    // The heap is tfjs's own: shared, and growing up to 4 GiB.
    "--importMemory",
    "--sharedMemory",
    "--initialMemory=1",
    "--maximumMemory=65536",
  ], {
    async readFile(name) {
      return await Deno.readTextFile(new URL(name, folder)).catch(() => null);
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

if (import.meta.main) {
  const check = Deno.args.includes("--check");
  for (const { file, features } of builds) {
    const built = await buildKernels(features);
    const path = new URL(file, folder);
    if (!check) {
      await Deno.writeFile(path, built);
      console.log(`${file}: ${built.length.toLocaleString("en")} bytes`);
    } else if (!sameBytes(built, await Deno.readFile(path))) {
      console.error(`${file} does not match its source; build it again with "deno task kernels"`);
      Deno.exit(1);
    } else console.log(`${file} matches its source`);
  }
}

/** Whether two files have the same contents. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
