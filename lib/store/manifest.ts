import { basename, dirname, join } from "node:path";
import { type FileRecord, namesIn, readPlainFile, reason } from "./files.ts";
import { unseal } from "./seal.ts";

/** Fields common to the `manifest.json` of every artifact. */
export interface Manifest {
  /** Kind of artifact: `corpus`, `model`. */
  readonly kind: string;
  /** Version of the kind's layout on disk. */
  readonly formatVersion: number;
  /** Generation number, the name of the folder with its files; without it they are beside the manifest. */
  readonly generation?: number;
  /** Size in bytes and SHA-256 in hexadecimal of every other file of the artifact. */
  readonly files: Readonly<Record<string, FileRecord>>;
}

/** File name of the manifest. */
export const MANIFEST = "manifest.json";

/** Description of an artifact for error messages. */
export interface ArtifactName {
  /** `corpus`, `model`. */
  readonly kind: string;
  /** Format version that is written. */
  readonly formatVersion: number;
  /** Earlier format versions that can be read, too. Default: none. */
  readonly olderVersions?: readonly number[];
  /** Command that makes it again: `deno task preprocess`. */
  readonly command: string;
}

/**
 * Reads an artifact's manifest.
 * @throws {Error} if there is none, or it has another kind or version, with the command to run
 */
export async function readManifest<M extends Manifest>(
  folder: string,
  { kind, formatVersion, olderVersions = [], command }: ArtifactName,
): Promise<M> {
  const what = `Cannot read ${kind} "${basename(folder)}"`;
  let text: string;
  try {
    text = await readPlainFile(join(folder, MANIFEST));
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) {
      throw new Error(`${what}: ${MANIFEST}: ${reason(cause)}`, { cause });
    }
    const others = await namesIn(dirname(folder));
    const known = others.length === 0 ? "" : `; there is ${others.join(", ")}`;
    throw new Error(
      `${what}: there is none in ${dirname(folder)}${known}. Make it with "${command}"`,
      { cause },
    );
  }
  const manifest = parsed(text);
  if (typeof manifest?.kind !== "string" || typeof manifest.formatVersion !== "number") {
    throw new Error(
      `${what}: its ${MANIFEST} is damaged; move ${folder} away and make it again with "${command}"`,
    );
  }
  if (manifest.kind !== kind) {
    throw new Error(`${what}: ${folder} holds no ${kind} but "${manifest.kind}"`);
  }
  if (![formatVersion, ...olderVersions].includes(manifest.formatVersion)) {
    throw new Error(
      `${what}: it has format version ${manifest.formatVersion}, this program reads ` +
        `${formatVersion}; make it again with "${command}"`,
    );
  }
  if (!unseal(text) || !isSound(manifest)) {
    throw new Error(
      `${what}: its ${MANIFEST} was changed or damaged; make it again with "${command}"`,
    );
  }
  return manifest as unknown as M;
}

/** Unchecked fields of a manifest; undefined if the text is not a JSON object. */
export function parsed(text: string): Manifest & { readonly checksum?: unknown } | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a manifest names only files in its own folder. */
export function isSound({ files, generation }: Manifest): boolean {
  return typeof files === "object" && files !== null &&
    Object.keys(files).every((name) => name === basename(name) && !name.startsWith(".")) &&
    (generation === undefined || Number.isSafeInteger(generation) && generation > 0);
}
