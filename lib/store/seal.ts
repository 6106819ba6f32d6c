import { exists, readPlainFile, sha256 } from "./files.ts";

/**
 * JSON text that ends with its own checksum, by which the program recognises its unmodified files.
 * @param format layout of the JSON
 */
export function seal(
  body: object,
  format: (sealed: object) => string = (sealed) => JSON.stringify(sealed, null, 1),
): string {
  return format({ ...body, checksum: checksumOf(body) }) + "\n";
}

/** Fields of a sealed text; undefined if {@linkcode seal} did not make it. */
export function unseal(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const { checksum, ...body } = JSON.parse(text);
    return checksum === checksumOf(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the file at `path` holds a sealed text. */
export async function isSealed(path: string): Promise<boolean> {
  return unseal(await readPlainFile(path).catch(() => "")) !== undefined;
}

/**
 * Checks that a sealed text may be written to `path`.
 * @throws {Error} if something else is there
 */
export async function requireSealed(path: string): Promise<void> {
  if (!await exists(path) || await isSealed(path)) return;
  throw new Error(
    `Cannot write ${path}: the existing file was changed, or another program wrote it; it stays as it is: ` +
      `choose another name, or move it away`,
  );
}

function checksumOf(body: object): string {
  return sha256(JSON.stringify(body));
}
