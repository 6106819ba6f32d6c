/**
 * Builds each network's `kernels.wasm` and `kernels-simd.wasm` from the `index.ts` beside them. With
 * `--check`, builds in memory only and compares with the files.
 */
import asc from "assemblyscript/asc";
import { heapPages } from "../heap.ts";

const root = new URL("../../../", import.meta.url);

/** A module to build: the instructions it may use, and its heap's size in pages of 64 KiB. */
export interface Build {
  /** The path of the module within the repository; its source is the `index.ts` beside it. */
  readonly file: string;
  readonly features: readonly string[];
  readonly initialPages: number;
  readonly maximumPages: number;
}

/**
 * For each network the fast module, and the one that runs wherever tfjs does, whose heap grows up to
 * 4 GiB.
 */
export const builds: readonly Build[] = ["combination", "pitchwise"].flatMap((network) => [
  {
    file: `lib/model/${network}/kernels/kernels.wasm`,
    features: ["simd", "relaxed-simd"],
    initialPages: heapPages,
    maximumPages: heapPages,
  },
  {
    file: `lib/model/${network}/kernels/kernels-simd.wasm`,
    features: ["simd"],
    initialPages: 1,
    maximumPages: 65_536,
  },
]);

/**
 * Compiles a module.
 *
 * @throws Error with the compiler's messages
 */
export async function buildKernels(
  { file, features, initialPages, maximumPages }: Build,
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

if (import.meta.main) {
  const check = Deno.args.includes("--check");
  for (const build of builds) {
    const { file } = build;
    const built = await buildKernels(build);
    const path = new URL(file, root);
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
