import { join } from "node:path";
import { isRecordingName, isScoreName, whyForeign } from "../notation/kinds.ts";
import { exists, isInside, reason } from "./files.ts";

const MIDI_ENDING = /\.(mid|midi|kar|rmi)$/i;

/**
 * Whether a file counts as music by its name, unsupported formats included, so that a reason is
 * given.
 */
function isMusicName(name: string): boolean {
  return MIDI_ENDING.test(name) || isScoreName(name) || whyForeign(name) !== undefined;
}

/**
 * Finds the files of music in a folder and its subfolders: MIDI files (`.mid`, `.midi`, `.kar`,
 * `.rmi`) and written scores, in any case. Links to files are followed; links to folders are not,
 * as they may lead to the whole disk or in a circle; those that lead out of the folder are listed
 * among the files that could not be opened.
 * @param path a folder, or one MIDI file; a link to either
 * @param signal ends the search
 * @returns the folder that the names are relative to, the names in a stable order, and what could
 *   not be opened
 * @throws {Error} if there is nothing at `path` or it cannot be read
 */
export async function findMidiFiles(
  path: string,
  { signal, accepts = isMusicName }: {
    readonly signal?: AbortSignal;
    /** Filter on file names. Default: all files of music. */
    readonly accepts?: (name: string) => boolean;
  } = {},
): Promise<MidiFiles> {
  let root: string;
  try {
    root = await Deno.realPath(path);
    if ((await Deno.stat(root)).isFile) {
      return { folder: "", names: [path], unreadable: [] };
    }
  } catch (cause) {
    throw new Error(`Cannot read MIDI files from ${path}: ${reason(cause)}`, { cause });
  }
  const names: string[] = [], unreadable: { name: string; reason: string }[] = [];
  const skip = (name: string, reason: string) => unreadable.push({ name, reason });
  const walk = async (folder: string, prefix: string): Promise<void> => {
    for await (const entry of Deno.readDir(folder)) {
      signal?.throwIfAborted();
      const name = prefix + entry.name, full = join(folder, entry.name);
      const isMusic = accepts(entry.name);
      try {
        const { isDirectory, isFile } = entry.isSymlink ? await Deno.stat(full) : entry;
        if (isDirectory && entry.isSymlink) {
          if (!isInside(root, await Deno.realPath(full))) skip(name, LEADS_OUT);
        } else if (isDirectory) await walk(full, `${name}/`);
        else if (isFile && isMusic && await hasUtf8Name(full)) names.push(name);
        else if (isFile && isMusic) skip(name, NOT_UTF8);
        else if (isMusic) skip(name, "no regular file");
      } catch (error) {
        signal?.throwIfAborted();
        const why = await hasUtf8Name(full) ? reason(error) : NOT_UTF8;
        if (entry.isDirectory || isMusic) skip(name, why);
      }
    }
  };
  try {
    await walk(root, "");
  } catch (cause) {
    signal?.throwIfAborted();
    throw new Error(`Cannot read MIDI files from ${path}: ${reason(cause)}`, { cause });
  }
  const byName = (a: string, b: string) => a < b ? -1 : a > b ? 1 : 0;
  const music = new Set(names.filter((name) => !isRecordingName(name)).map(bareName));
  return {
    folder: root,
    names: names.filter((name) => !isRecordingName(name) || !music.has(bareName(name)))
      .sort(byName), // the sound of a piece beside its notes is no piece of its own
    unreadable: unreadable.sort((a, b) => byName(a.name, b.name)),
  };
}

function bareName(name: string): string {
  return name.replace(/\.[^.]*$/, "");
}

const LEADS_OUT = "a link to a folder elsewhere, which is not followed: copy it, or name it itself";
const NOT_UTF8 = "its name is not in UTF-8, so that it cannot be opened: rename it";

/**
 * Whether a file name is valid UTF-8: others are reported with U+FFFD, under which no file exists.
 */
async function hasUtf8Name(path: string): Promise<boolean> {
  return !path.includes("\ufffd") || await exists(path);
}

/** Result of {@linkcode findMidiFiles}. */
export interface MidiFiles {
  /** The folder that names are relative to; empty if one file was asked for. */
  readonly folder: string;
  /** Paths relative to `folder`, sorted. */
  readonly names: readonly string[];
  /** Files and folders that could not be opened, with the reasons. */
  readonly unreadable: readonly { readonly name: string; readonly reason: string }[];
}
