import { basename, dirname, join } from "node:path";
import {
  attempt,
  exists,
  type FileContent,
  removeIfThere,
  sameContent,
  syncFolder,
  writeAndSync,
} from "./files.ts";
import { lock, tryLock } from "./lock.ts";

/**
 * Temporary path of a file that is being written. Such names belong to this program, and
 * the next run removes what a killed run left.
 */
export function partOf(path: string): string {
  return join(dirname(path), `.${basename(path)}${PART}`);
}

/** Inverse of {@linkcode partOf}; undefined if the name is not a temporary one. */
export function wholeOf(part: string): string | undefined {
  const name = basename(part);
  if (!name.startsWith(".") || !name.endsWith(PART)) return undefined;
  return join(dirname(part), name.slice(1, -PART.length));
}

const PART = ".yetanothermidigenerator.part";

/** Writes a file atomically: `path` holds the old content or the new, never part of it. */
export async function writeFileWhole(path: string, content: FileContent): Promise<void> {
  await using _ = await lock(path);
  await replaceFiles({ [path]: content });
}

/** Choice of a free name in {@linkcode writeTogether}. */
export interface Naming {
  /** First number to try; without it, the name alone, then `NAME-2`. */
  readonly number?: number;
  /** Whether to take the first name and replace existing files. Default false. */
  readonly overwrite?: boolean;
}

/**
 * Writes files that belong together under one name, each with its own extension. If other
 * files have that name, or another run is writing them, the next free number is taken.
 * @param files content by extension: `.mid`
 * @returns the path taken, without extension
 */
export async function writeTogether(
  folder: string,
  name: string,
  files: Readonly<Record<string, Uint8Array | string>>,
  { number, overwrite = false }: Naming = {},
): Promise<string> {
  const pathsOf = (path: string) =>
    Object.entries(files).map(([ending, content]) => [`${path}${ending}`, content] as const);
  for (let next = number ?? 1;; next++) {
    const path = join(folder, number === undefined && next === 1 ? name : `${name}-${next}`);
    await using held = overwrite ? await lock(path) : await tryLock(path);
    if (!held) continue;
    let free = true;
    for (const [file, content] of overwrite ? [] : pathsOf(path)) {
      free &&= !await exists(file) || await sameContent(file, content);
    }
    if (!free) continue;
    await replaceFiles(Object.fromEntries(pathsOf(path)));
    return path;
  }
}

/**
 * Replaces files in this order; all new content is on disk before the first is renamed to its
 * name. The caller holds a lock.
 */
export async function replaceFiles(files: Readonly<Record<string, FileContent>>): Promise<void> {
  const paths = Object.keys(files);
  await attempt(`write ${paths[0]}`, async () => {
    for (const path of paths) {
      await removeIfThere(partOf(path)); // a link is not written through
      await writeAndSync(partOf(path), files[path]!);
    }
    for (const path of paths) await Deno.rename(partOf(path), path);
    for (const folder of new Set(paths.map(dirname))) await syncFolder(folder);
  }, async () => {
    for (const path of paths) await removeIfThere(partOf(path));
  });
}
