import { packageSpecifier } from "../packages.ts";
import { loadSound } from "./samples.ts";

/** MP3 encoder for use in a page: a script that defines `WasmMediaEncoder`, and its WASM module. */
interface PageEncoder {
  readonly script: string;
  readonly wasm: Uint8Array<ArrayBuffer>;
}

/** Reads the MP3 encoder's files. @throws {Error} if the package is missing and cannot be fetched */
export async function pageEncoder(): Promise<PageEncoder> {
  const name = "wasm-media-encoders";
  await loadSound(name);
  const wasm = new URL(import.meta.resolve(packageSpecifier(name, "/wasm/mp3")));
  return {
    script: await Deno.readTextFile(new URL("../dist/umd/WasmMediaEncoder.min.js", wasm)),
    wasm: await Deno.readFile(wasm),
  };
}
