import { fileURLToPath } from "node:url";

/** Where the program itself lies. */
export function programFolder(): string {
  return fileURLToPath(new URL("../..", import.meta.url));
}

/** Where Deno keeps npm packages, one folder per registry: tfjs reads its WASM from there. */
export function packageFolder(): string {
  const entry = fileURLToPath(import.meta.resolve("@tensorflow/tfjs-backend-wasm"));
  const [folder] = /^.*?[\\/]npm[\\/]/.exec(entry) ?? [];
  if (folder === undefined) throw new Error(`Cannot tell where npm packages lie from ${entry}`);
  return folder;
}
