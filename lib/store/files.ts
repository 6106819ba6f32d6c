import { createHash } from "node:crypto";
import { isAbsolute, relative } from "node:path";

/** Content of a file: bytes, text (written as UTF-8), or a list of byte arrays. */
export type FileContent = Uint8Array | string | readonly Uint8Array[];

/** Size and checksum of one file of an artifact. */
export interface FileRecord {
  /** Size in bytes. */
  readonly bytes: number;
  /** SHA-256 of the content, in hexadecimal. */
  readonly sha256: string;
}

/** SHA-256 of bytes or UTF-8 text, in hexadecimal. */
export function sha256(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Longest name of an artifact. File systems allow 255 bytes; the rest is for suffixes. */
const MOST_NAME_BYTES = 200;

/**
 * Validated artifact name that cannot lead out of its folder.
 * @throws {RangeError} if it is empty, too long, hidden, or leads elsewhere
 */
export function checkName(name: string, flag = "--name"): string {
  const bytes = new TextEncoder().encode(name).length;
  if (
    name === "" || name.length > 100 || bytes > MOST_NAME_BYTES ||
    /^[.\-]|[/\\:*?"<>|\p{Cc}\p{Cs}\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[. ]$/u.test(name)
  ) {
    throw new RangeError(
      `Cannot use ${flag} ${JSON.stringify(name).slice(0, 200)}: a name has 1 to 100 characters ` +
        `(${MOST_NAME_BYTES} bytes), none of / \\ : * ? " < > | and no invisible ones, ` +
        `and does not start with "." or "-"`,
    );
  }
  return name;
}

/** Reason of an error in plain words. */
export function reason(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "it does not exist";
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return "permission denied";
  }
  if (error instanceof Error) {
    if (/ENOSPC|No space left/i.test(error.message)) return "the disk is full";
    if (/EROFS|Read-only file system/i.test(error.message)) return "the disk is read-only";
    return error.message;
  }
  return String(error);
}

/** Whether `path` exists. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw error;
  }
}

/** Whether `path` is `folder` or lies in it; both are real paths, without links. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && way !== ".." && !/^\.\.[\\/]/.test(way);
}

/** Names of the visible folders in `folder`, sorted; none if there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    const names = [];
    for await (const entry of Deno.readDir(folder)) {
      if (entry.isDirectory && !entry.name.startsWith(".")) names.push(entry.name);
    }
    return names.sort();
  } catch {
    return [];
  }
}

/**
 * Checks that a folder of the program is not a symbolic link, so that nothing is written or removed
 * outside the folders that the person named.
 * @throws {Error} if it is a link
 */
export async function requireNoLink(folder: string): Promise<void> {
  if (!await exists(folder) || !(await Deno.lstat(folder)).isSymlink) return;
  throw new Error(
    `Cannot write in ${folder}: it is a link, which is not followed; name the folder that it ` +
      `leads to, or link the folder above`,
  );
}

/** Writes a file, waits until it is on disk, and returns its size and checksum. */
export async function writeAndSync(path: string, content: FileContent): Promise<FileRecord> {
  const hash = createHash("sha256");
  let bytes = 0;
  using file = await Deno.open(path, { write: true, createNew: true });
  for (const chunk of chunksOf(content)) {
    hash.update(chunk);
    bytes += chunk.length;
    for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
  }
  await file.sync();
  return { bytes, sha256: hash.digest("hex") };
}

const CHUNK_BYTES = 1 << 22;

/** Small copies of the content: shared memory can neither be hashed nor written directly. */
function* chunksOf(content: FileContent): Generator<Uint8Array<ArrayBuffer>> {
  if (typeof content === "string") return yield new TextEncoder().encode(content);
  for (const part of content instanceof Uint8Array ? [content] : content) {
    for (let at = 0; at < part.length; at += CHUNK_BYTES) {
      yield new Uint8Array(part.subarray(at, at + CHUNK_BYTES));
    }
  }
}

/** Syncs a folder's entries to disk, where the system supports it. */
export async function syncFolder(path: string): Promise<void> {
  if (Deno.build.os === "windows") return; // opens no folders
  using folder = await Deno.open(path, { read: true });
  await folder.sync();
}

/** Largest text file of the program's own, in bytes. */
const MOST_TEXT_BYTES = 1 << 28;

/**
 * Reads a text file that must be a regular file: no link, no endless device.
 * @throws {Error} if it is anything else, or longer than any text file of the program's own
 */
export async function readPlainFile(path: string): Promise<string> {
  const { isFile, size } = await Deno.lstat(path);
  if (!isFile) throw new Error("it is no plain file");
  if (size > MOST_TEXT_BYTES) throw new Error(`it has ${size} bytes, more than ${MOST_TEXT_BYTES}`);
  return await Deno.readTextFile(path);
}

/**
 * Reads a file named by a person: links are followed, but an endless or too large file is not
 * opened.
 * @throws {Error} if it is missing, not a file, or larger than `most` bytes
 */
export async function readFileUpTo(path: string, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const { size, isFile } = await Deno.stat(path);
  if (!isFile) throw new Error("it is no regular file");
  if (size > most) throw new Error(`it has ${size} bytes, more than ${most}`);
  return await Deno.readFile(path);
}

/** Whether the file at `path` holds exactly this content. */
export async function sameContent(path: string, content: Uint8Array | string): Promise<boolean> {
  const { size, isFile } = await Deno.stat(path);
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return isFile && size === bytes.length && sha256(await Deno.readFile(path)) === sha256(bytes);
}

/** Removes a file, link or empty folder if it exists; with `recursive`, a folder with its content. */
export async function removeIfThere(path: string, recursive = false): Promise<void> {
  try {
    await Deno.remove(path, { recursive });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Runs an action; if it fails, cleans up and throws an error that says what failed and why. */
export async function attempt<T>(
  what: string,
  action: () => Promise<T> | T,
  cleanUp?: () => Promise<void>,
): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    await cleanUp?.().catch(() => {});
    const why = reason(cause);
    const isForbidden = what.startsWith("write ") && /^permission denied|read-only$/.test(why);
    const remedy = isForbidden ? "; name a folder that you may write to" : "";
    throw new Error(`Cannot ${what}: ${why}${remedy}`, { cause });
  }
}
