import { join } from "node:path";
import { type MidiLimits, midiLimits, type Music } from "../midi/music.ts";
import { readMidi } from "../midi/read.ts";
import { musicOf, type ToneMidi } from "../midi/tone.ts";
import { exists, isInside, readFileUpTo, reason } from "./files.ts";

const MIDI_ENDING = /\.(mid|midi|kar|rmi)$/i;

/**
 * The MIDI files in a folder and the folders in it: `.mid`, `.midi`, `.kar`, `.rmi` in any case. Links to
 * files are followed; links to folders are not, for they may lead to all of the disk or in a circle:
 * those that lead out of the folder are named among what could not be opened.
 * @param path a folder, or one MIDI file; a link to either
 * @param signal ends the search
 * @returns the folder that the names are relative to, the names in a stable order, and what could
 *   not be opened
 * @throws {Error} if there is nothing at `path` or it cannot be read
 */
export async function findMidiFiles(
  path: string,
  { signal }: { readonly signal?: AbortSignal } = {},
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
      const isMidi = MIDI_ENDING.test(entry.name);
      try {
        const { isDirectory, isFile } = entry.isSymlink ? await Deno.stat(full) : entry;
        if (isDirectory && entry.isSymlink) {
          if (!isInside(root, await Deno.realPath(full))) skip(name, LEADS_OUT);
        } else if (isDirectory) await walk(full, `${name}/`);
        else if (isFile && isMidi && await hasUtf8Name(full)) names.push(name);
        else if (isFile && isMidi) skip(name, NOT_UTF8);
        else if (isMidi) skip(name, "no regular file");
      } catch (error) {
        signal?.throwIfAborted();
        const why = await hasUtf8Name(full) ? reason(error) : NOT_UTF8;
        if (entry.isDirectory || isMidi) skip(name, why);
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
  return {
    folder: root,
    names: names.sort(byName),
    unreadable: unreadable.sort((a, b) => byName(a.name, b.name)),
  };
}

const LEADS_OUT = "a link to a folder elsewhere, which is not followed: copy it, or name it itself";
const NOT_UTF8 = "its name is not in UTF-8, so that it cannot be opened: rename it";

/** Whether a name came as it is: one that is not UTF-8 comes with U+FFFD, under which there is nothing. */
async function hasUtf8Name(path: string): Promise<boolean> {
  return !path.includes("\ufffd") || await exists(path);
}

/**
 * Reads a MIDI file; one that is larger than the limits allow is not even opened.
 * @param file its path, or a `Midi` object of `@tonejs/midi`
 * @throws {Error} with the reason why it cannot be read
 */
export async function readMidiFile(
  file: string | ToneMidi,
  limits: Partial<MidiLimits> = {},
): Promise<Music> {
  if (typeof file !== "string") return musicOf(file);
  return readMidi(await readMidiBytes(file, limits), limits);
}

/** Like {@linkcode readMidiFile}, but for making sense of the bytes. */
export function readMidiBytes(path: string, limits: Partial<MidiLimits> = {}): Promise<Uint8Array> {
  return readFileUpTo(path, limits.bytes ?? midiLimits.bytes);
}

/** What {@linkcode findMidiFiles} found. */
export interface MidiFiles {
  /** The folder that names are relative to; empty if one file was asked for. */
  readonly folder: string;
  /** Paths relative to `folder`, sorted. */
  readonly names: readonly string[];
  /** What could not be opened, and why. */
  readonly unreadable: readonly { readonly name: string; readonly reason: string }[];
}
