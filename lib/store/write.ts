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
 * Where a file's new content lies until it is whole. What bears such a name is this program's, and
 * what a run that was killed left of it, the next one takes away.
 */
export function partOf(path: string): string {
  return join(dirname(path), `.${basename(path)}${PART}`);
}

/** The path that {@linkcode partOf} made this name for; undefined if it did not. */
export function wholeOf(part: string): string | undefined {
  const name = basename(part);
  if (!name.startsWith(".") || !name.endsWith(PART)) return undefined;
  return join(dirname(part), name.slice(1, -PART.length));
}

const PART = ".yetanothermidigenerator.part";

/** Writes one file so that `path` holds the old content or the new one, never a part. */
export async function writeFileWhole(path: string, content: FileContent): Promise<void> {
  await using _ = await lock(path);
  await replaceFiles({ [path]: content });
}

/** How {@linkcode writeTogether} finds a name. */
export interface Naming {
  /** The first number to try; none: the name alone, then `NAME-2`. */
  readonly number?: number;
  /** Takes the first name in any case, and replaces what stands there. Default false. */
  readonly overwrite?: boolean;
}

/**
 * Writes files that belong together under one name and their endings, in their order. Where other
 * files stand there, or another run is about to write them, it takes the next free number.
 * @param files content by ending: `.mid`
 * @returns the path that was taken, without ending
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
 * Puts new content under each path, in this order; all of it is on disk before the first gets its
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
