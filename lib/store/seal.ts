import { exists, readPlainFile, sha256 } from "./files.ts";

/**
 * A JSON text that ends in a checksum of itself: how this program knows again what it wrote, and
 * that nobody has changed it since.
 * @param format how the JSON is laid out
 */
export function seal(
  body: object,
  format: (sealed: object) => string = (sealed) => JSON.stringify(sealed, null, 1),
): string {
  return format({ ...body, checksum: checksumOf(body) }) + "\n";
}

/** The fields of a text that {@linkcode seal} made; undefined if it is anything else. */
export function unseal(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const { checksum, ...body } = JSON.parse(text);
    return checksum === checksumOf(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the file at `path` is one that {@linkcode seal} made the text of. */
export async function isSealed(path: string): Promise<boolean> {
  return unseal(await readPlainFile(path).catch(() => "")) !== undefined;
}

/**
 * Makes sure that a sealed text may be written to `path`.
 * @throws {Error} if something else stands there
 */
export async function requireSealed(path: string): Promise<void> {
  if (!await exists(path) || await isSealed(path)) return;
  throw new Error(
    `Cannot write ${path}: what stands there is not as this program wrote it; it stays as it is: ` +
      `choose another name, or move it away`,
  );
}

function checksumOf(body: object): string {
  return sha256(JSON.stringify(body));
}
