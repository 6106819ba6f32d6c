import { basename, dirname, join } from "node:path";
import { reason } from "./files.ts";

/**
 * Locks an artifact while this run writes it. The operating system releases
 * the lock when the process ends, however it ends.
 * @param path the artifact, which need not exist yet; the lock lies beside it
 * @returns an object whose disposal releases the lock
 * @throws {Error} if another run holds the lock
 */
export async function lock(path: string): Promise<AsyncDisposable> {
  const held = await tryLock(path);
  if (held) return held;
  throw new Error(
    `Cannot write ${path}: another run is writing it; wait for it or choose another name`,
  );
}

/** Like {@linkcode lock}, but returns undefined if another run holds the lock. */
export async function tryLock(path: string): Promise<AsyncDisposable | undefined> {
  const name = join(dirname(path), `.${basename(path)}.lock`);
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    for (;;) {
      if ((await Deno.lstat(name).catch(() => undefined))?.isSymlink) {
        throw new Error(`${name} is a link, which is never written through; remove it`);
      }
      const file = await Deno.open(name, { write: true, create: true });
      if (!await file.tryLock(true)) {
        file.close();
        return undefined;
      }
      // Whoever held it may have removed it between our opening and our locking it.
      if (await isAt(name, file)) return held(name, file);
      file.close();
    }
  } catch (cause) {
    throw new Error(`Cannot write ${path}: ${reason(cause)}`, { cause });
  }
}

function held(name: string, file: Deno.FsFile): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      await Deno.remove(name).catch(() => {}); // while it is still held, so that no one waits on it
      file.close();
    },
  };
}

async function isAt(name: string, file: Deno.FsFile): Promise<boolean> {
  const there = await Deno.lstat(name).catch(() => undefined);
  const { dev, ino } = await file.stat();
  return there?.dev === dev && there.ino === ino;
}
