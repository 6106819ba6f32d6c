import { basename, dirname, join } from "node:path";
import { reason } from "./files.ts";

/**
 * Keeps a second run off an artifact while this one writes it. The operating system lets go of
 * the lock when the process ends, however it ends.
 * @param path the artifact, which need not exist yet; the lock lies beside it
 * @returns an object whose disposal lets go
 * @throws {Error} if another run holds the lock
 */
export async function lock(path: string): Promise<AsyncDisposable> {
  const name = join(dirname(path), `.${basename(path)}.lock`);
  const what = `Cannot write ${path}`;
  let file: Deno.FsFile;
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    file = await Deno.open(name, { write: true, create: true });
  } catch (cause) {
    throw new Error(`${what}: ${reason(cause)}`, { cause });
  }
  if (!await file.tryLock(true)) {
    file.close();
    throw new Error(`${what}: another run is writing it; wait for it or choose another name`);
  }
  return {
    async [Symbol.asyncDispose]() {
      await Deno.remove(name).catch(() => {}); // while it is still held, so that no one waits on it
      file.close();
    },
  };
}
