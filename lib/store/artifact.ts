import { basename, dirname, join } from "node:path";
import {
  attempt,
  exists,
  type FileContent,
  type FileRecord,
  namesIn,
  reason,
  removeIfThere,
  sha256,
  writeAndSync,
} from "./files.ts";

/** What every artifact says of itself in its `manifest.json`. */
export interface Manifest {
  /** What it is: `corpus`, `model`. */
  readonly kind: string;
  /** Version of the kind's layout on disk. */
  readonly formatVersion: number;
  /** Size in bytes and SHA-256 in hexadecimal of every other file of the artifact. */
  readonly files: Readonly<Record<string, FileRecord>>;
}

const MANIFEST = "manifest.json";

/**
 * Puts a whole artifact, a folder of files and their manifest, in place of whatever stands at
 * `folder`. The new files are complete and on disk before the old ones go, so that a run that
 * dies leaves one of the two; {@linkcode recover} finishes what it was about to do.
 */
export async function writeArtifact<M extends Manifest>(
  folder: string,
  manifest: Omit<M, "files">,
  files: Readonly<Record<string, FileContent>>,
): Promise<M> {
  const { staged, old } = asideOf(folder);
  await recover(folder);
  const records: Record<string, FileRecord> = {};
  await attempt(`write ${folder}`, async () => {
    await Deno.mkdir(staged, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      records[name] = await writeAndSync(join(staged, name), content);
    }
    // The manifest comes last: a staged folder that has one is complete.
    const body = { ...manifest, files: records };
    const text = JSON.stringify({ ...body, checksum: checksumOf(body) }, null, 2) + "\n";
    await writeAndSync(join(staged, MANIFEST), text);
    if (await exists(folder)) await Deno.rename(folder, old);
    await Deno.rename(staged, folder);
    await removeIfThere(old, true);
  }, () => removeIfThere(staged, true));
  return { ...manifest, files: records } as unknown as M;
}

/**
 * Puts right what a run that died in {@linkcode writeArtifact} left beside `folder`. Reading and
 * writing call it; it does nothing where nothing was left.
 */
export async function recover(folder: string): Promise<void> {
  const { staged, old } = asideOf(folder);
  if (!await exists(folder)) {
    if (await exists(join(staged, MANIFEST))) await Deno.rename(staged, folder);
    else if (await exists(old)) await Deno.rename(old, folder);
  }
  await removeIfThere(staged, true);
  await removeIfThere(old, true);
}

/** How to speak of an artifact in an error. */
export interface ArtifactName {
  /** `corpus`, `model`. */
  readonly kind: string;
  /** The layout's version that can be read. */
  readonly formatVersion: number;
  /** What makes it anew: `deno task preprocess`. */
  readonly command: string;
}

/**
 * Reads an artifact's manifest.
 * @throws {Error} if there is none, or it is of another kind or version, with the command to run
 */
export async function readManifest<M extends Manifest>(
  folder: string,
  { kind, formatVersion, command }: ArtifactName,
): Promise<M> {
  const what = `Cannot read ${kind} "${basename(folder)}"`;
  await attempt(`read ${folder}`, () => recoverIfWritable(folder));
  let text: string;
  try {
    text = await Deno.readTextFile(join(folder, MANIFEST));
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) {
      throw new Error(`${what}: ${reason(cause)}`, { cause });
    }
    const others = await namesIn(dirname(folder));
    const known = others.length === 0 ? "" : `; there is ${others.join(", ")}`;
    throw new Error(
      `${what}: there is none in ${dirname(folder)}${known}. Make it with "${command}"`,
      {
        cause,
      },
    );
  }
  let manifest: M;
  try {
    manifest = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${what}: its ${MANIFEST} is damaged; make it anew with "${command}"`, {
      cause,
    });
  }
  if (manifest?.kind !== kind || typeof manifest.files !== "object" || manifest.files === null) {
    throw new Error(`${what}: ${folder} holds no ${kind} but "${manifest?.kind}"`);
  }
  const { checksum, ...body } = manifest as M & { checksum?: string };
  if (manifest.formatVersion !== formatVersion) {
    throw new Error(
      `${what}: it has format version ${manifest.formatVersion}, this program reads ` +
        `${formatVersion}; make it anew with "${command}"`,
    );
  }
  if (checksum !== checksumOf(body)) {
    throw new Error(
      `${what}: its ${MANIFEST} was changed or damaged; make it anew with "${command}"`,
    );
  }
  return manifest;
}

/**
 * Reads one file of an artifact and checks it against the manifest before it is used.
 * @throws {Error} if it is missing, cut or changed, with the command to run
 */
export async function readArtifactFile(
  folder: string,
  manifest: Manifest,
  name: string,
  command: string,
): Promise<Uint8Array> {
  const what = `Cannot read ${manifest.kind} "${basename(folder)}"`;
  const remedy = `make it anew with "${command}"`;
  const record = manifest.files[name];
  if (!record) throw new Error(`${what}: its manifest lists no ${name}; ${remedy}`);
  const path = join(folder, name);
  try {
    const { size } = await Deno.stat(path);
    if (size !== record.bytes) {
      throw new Error(`${name} has ${size} bytes, its manifest says ${record.bytes}`);
    }
    const bytes = await Deno.readFile(path);
    if (sha256(bytes) !== record.sha256) throw new Error(`${name} was changed or damaged`);
    return bytes;
  } catch (cause) {
    throw new Error(`${what}: ${reason(cause)}; ${remedy}`, { cause });
  }
}

/** Like {@linkcode readArtifactFile}, as text. */
export async function readArtifactText(
  folder: string,
  manifest: Manifest,
  name: string,
  command: string,
): Promise<string> {
  return new TextDecoder().decode(await readArtifactFile(folder, manifest, name, command));
}

/** SHA-256 of a manifest, but for this checksum itself. */
function checksumOf(body: object): string {
  return sha256(JSON.stringify(body));
}

function asideOf(folder: string): { staged: string; old: string } {
  const name = basename(folder), parent = dirname(folder);
  return { staged: join(parent, `.${name}.new`), old: join(parent, `.${name}.old`) };
}

async function recoverIfWritable(folder: string): Promise<void> {
  try {
    if (!await exists(folder)) await recover(folder);
  } catch (error) {
    // A reader without the right to write may still read what is there.
    if (
      !(error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.PermissionDenied)
    ) throw error;
  }
}
