import { basename, dirname, join } from "node:path";
import {
  attempt,
  exists,
  type FileContent,
  type FileRecord,
  readPlainFile,
  reason,
  removeIfThere,
  sha256,
  syncFolder,
  writeAndSync,
} from "./files.ts";
import { lock } from "./lock.ts";
import {
  type ArtifactName,
  isSound,
  MANIFEST,
  type Manifest,
  parsed,
  readManifest,
} from "./manifest.ts";
import { seal } from "./seal.ts";
import { partOf, replaceFiles } from "./write.ts";

/**
 * Writes an artifact: a folder with a manifest, and the files of one generation in a folder of
 * their own. A new generation is written beside the old one until it is complete and on disk; then the
 * manifest, which names the current one, is replaced in one step. So a reader finds the old
 * artifact or the new one, however a run ends, and only old generations are ever removed.
 *
 * Once this returns, the new artifact survives a loss of power; before that, the old one does.
 * @throws {Error} if `folder` holds something else (see {@linkcode requireOwn}), or it cannot be
 *   written; the old artifact is untouched then
 */
export async function writeArtifact<M extends Manifest>(
  folder: string,
  manifest: Omit<M, "files" | "generation">,
  files: Readonly<Record<string, FileContent>>,
): Promise<M> {
  const previous = await requireOwn(folder, manifest.kind);
  const generation = (previous?.generation ?? 0) + 1;
  const records: Record<string, FileRecord> = {};
  const whole = () => ({ ...manifest, generation, files: records }) as unknown as M;
  // The first generation comes with its folder, which gets its name when it is whole.
  const home = previous ? folder : partOf(folder);
  const place = join(home, String(generation));
  const names = [...Object.keys(files), ...Object.keys(previous?.files ?? {})];
  await attempt(`write ${folder}`, async () => {
    if (!previous) await removeIfThere(home, true);
    await removeFiles(place, names);
    await Deno.mkdir(place, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      records[name] = await writeAndSync(join(place, name), content);
    }
    await syncFolder(place);
    await replaceFiles({ [join(home, MANIFEST)]: seal(whole()) });
    if (!previous) {
      await removeIfThere(folder); // an empty one
      await Deno.rename(home, folder);
      await syncFolder(dirname(folder));
    }
  }, async () => {
    if (!previous) await removeIfThere(home, true);
    else if ((await requireOwn(folder, manifest.kind))?.generation !== generation) {
      await removeFiles(place, names);
    }
  });
  await removeOthers(folder, generation, previous, names).catch(() => {}); // the next run tries again
  return whole();
}

/**
 * Checks that an artifact of this kind may be written to `folder`: it does not exist, or an
 * artifact of this kind is there.
 * @returns manifest of the existing artifact; undefined if there is none
 * @throws {Error} if anything else is there, saying what it is
 */
export async function requireOwn(folder: string, kind: string): Promise<Manifest | undefined> {
  const what = `Cannot write ${kind} "${basename(folder)}"`;
  const remedy = "it stays as it is: choose another name, or move it away";
  if (!await exists(folder)) return undefined;
  if (!(await Deno.lstat(folder)).isDirectory) {
    throw new Error(`${what}: ${folder} is not a folder but a file or a link; ${remedy}`);
  }
  const found = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  if (found.length === 0) return undefined;
  const manifest = parsed(await readPlainFile(join(folder, MANIFEST)).catch(() => ""));
  if (manifest?.kind === kind && typeof manifest.checksum === "string" && isSound(manifest)) {
    return manifest;
  }
  const more = found.length > 3 ? ` and ${found.length - 3} more` : "";
  throw new Error(
    `${what}: ${folder} holds ${found.slice(0, 3).join(", ")}${more}, and no ${kind} that this ` +
      `program wrote; ${remedy}`,
  );
}

/**
 * Removes the remains of a run killed while saving, beside the current generation. The caller holds
 * the lock.
 */
export async function removeRemains(folder: string, own: Manifest | undefined): Promise<void> {
  if (!own) return;
  await removeIfThere(partOf(join(folder, MANIFEST)));
  await removeOthers(folder, own.generation, undefined, Object.keys(own.files));
}

/**
 * Removes an artifact, and its folder unless it holds files of another origin.
 * @throws {Error} if something other than an artifact of this kind is there, or a run is writing it
 */
export async function removeArtifact(folder: string, kind: string): Promise<void> {
  await using _ = await lock(folder);
  const manifest = await requireOwn(folder, kind);
  await attempt(`remove ${folder}`, async () => {
    if (manifest) await removeOthers(folder, undefined, manifest, Object.keys(manifest.files));
    await removeFiles(folder, [MANIFEST]);
  });
}

/** An artifact opened for reading; each of its files is verified against its manifest. */
export interface Artifact<M extends Manifest> {
  /** Name of its folder. */
  readonly name: string;
  readonly manifest: M;
  /**
   * Content of one of its files.
   * @throws {Error} if it is missing, truncated or changed, with the command to run
   */
  readonly bytes: (file: string) => Promise<Uint8Array>;
  /** Content of one of its files, decoded from UTF-8. */
  readonly text: (file: string) => Promise<string>;
}

/** Opens the artifact in `folder`. @throws {Error} as {@linkcode readManifest} */
export async function openArtifact<M extends Manifest>(
  folder: string,
  as: ArtifactName,
): Promise<Artifact<M>> {
  const manifest = await readManifest<M>(folder, as);
  const bytes = (file: string) => readFile(folder, manifest, file, as.command);
  const text = async (file: string) => new TextDecoder().decode(await bytes(file));
  return { name: basename(folder), manifest, bytes, text };
}

/**
 * Opens an artifact and reads from it, again if a run replaced it meanwhile, so that everything read
 * belongs to one generation.
 */
export async function readArtifact<M extends Manifest, T>(
  folder: string,
  as: ArtifactName,
  read: (artifact: Artifact<M>) => Promise<T>,
): Promise<T> {
  const text = () => readPlainFile(join(folder, MANIFEST)).catch(() => "");
  for (;;) {
    const before = await text();
    try {
      return await read(await openArtifact<M>(folder, as));
    } catch (error) {
      if (await text() === before) throw error;
    }
  }
}

async function readFile(
  folder: string,
  manifest: Manifest,
  name: string,
  command: string,
): Promise<Uint8Array> {
  const what = `Cannot read ${manifest.kind} "${basename(folder)}"`;
  const remedy = `make it again with "${command}"`;
  const record = manifest.files[name];
  if (!record) throw new Error(`${what}: its manifest lists no ${name}; ${remedy}`);
  const path = join(folder, String(manifest.generation ?? ""), name);
  try {
    const { size, isFile } = await Deno.lstat(path);
    if (!isFile) throw new Error(`${name} is no plain file`);
    if (size !== record.bytes) {
      throw new Error(`${name} has ${size} bytes, its manifest says ${record.bytes}`);
    }
    const bytes = await Deno.readFile(path);
    if (sha256(bytes) !== record.sha256) throw new Error(`${name} was changed or damaged`);
    return bytes;
  } catch (cause) {
    // A run may have replaced the generation since its manifest was read: most files are the same.
    const now = parsed(await readPlainFile(join(folder, MANIFEST)).catch(() => ""));
    const same = now && isSound(now) && now.generation !== manifest.generation &&
      now.files[name]?.sha256 === record.sha256;
    if (same) return await readFile(folder, now, name, command);
    throw new Error(`${what}: ${reason(cause)}; ${remedy}`, { cause });
  }
}

/** Removes all generations but one, provided that they hold only files of these names. */
async function removeOthers(
  folder: string,
  kept: number | undefined,
  previous: Manifest | undefined,
  names: string[],
): Promise<void> {
  if (previous && !previous.generation) await removeFiles(folder, Object.keys(previous.files));
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory && /^[1-9]\d*$/.test(name) && Number(name) !== kept) {
      await removeFiles(join(folder, name), names);
    }
  }
}

/** Removes files of these names from a folder, and the folder if it is then empty. */
async function removeFiles(folder: string, names: string[]): Promise<void> {
  if (!await exists(folder)) return;
  if (!(await Deno.lstat(folder)).isDirectory) {
    throw new Error(`${folder} is not a folder but a file or a link; move it away`);
  }
  for (const name of names) await removeIfThere(join(folder, name));
  if ([...Deno.readDirSync(folder)].length === 0) await Deno.remove(folder);
}
