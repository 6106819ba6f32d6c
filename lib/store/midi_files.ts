import { join } from "node:path";
import { type MidiLimits, midiLimits, type Music } from "../midi/music.ts";
import { readMidi } from "../midi/read.ts";
import { readFileUpTo, reason } from "./files.ts";

const MIDI_ENDING = /\.(mid|midi|kar|rmi)$/i;

/**
 * The MIDI files in a folder and the folders in it: `.mid`, `.midi`, `.kar`, `.rmi` in any case. Links are
 * followed, each folder read once, so that a circle of links ends.
 * @param path a folder, or one MIDI file
 * @returns the folder that the names are relative to, the names in a stable order, and what could
 *   not be opened
 * @throws {Error} if there is nothing at `path` or it cannot be read
 */
export async function findMidiFiles(path: string): Promise<MidiFiles> {
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
  const visited = new Set<string>();
  const walk = async (folder: string, prefix: string): Promise<void> => {
    const real = await Deno.realPath(folder);
    if (visited.has(real)) return;
    visited.add(real);
    for await (const entry of Deno.readDir(folder)) {
      const name = prefix + entry.name, full = join(folder, entry.name);
      try {
        const { isDirectory, isFile } = entry.isSymlink ? await Deno.stat(full) : entry;
        if (isDirectory) await walk(full, `${name}/`);
        else if (isFile && MIDI_ENDING.test(entry.name)) names.push(name);
        else if (MIDI_ENDING.test(entry.name)) unreadable.push({ name, reason: "no regular file" });
      } catch (error) {
        if (entry.isDirectory || MIDI_ENDING.test(entry.name)) {
          unreadable.push({ name, reason: reason(error) });
        }
      }
    }
  };
  try {
    await walk(root, "");
  } catch (cause) {
    throw new Error(`Cannot read MIDI files from ${path}: ${reason(cause)}`, { cause });
  }
  const byName = (a: string, b: string) => a < b ? -1 : a > b ? 1 : 0;
  return {
    folder: root,
    names: names.sort(byName),
    unreadable: unreadable.sort((a, b) => byName(a.name, b.name)),
  };
}

/**
 * Reads a MIDI file; one that is larger than the limits allow is not even opened.
 * @throws {Error} with the reason why it cannot be read
 */
export async function readMidiFile(
  path: string,
  limits: Partial<MidiLimits> = {},
): Promise<Music> {
  return readMidi(await readMidiBytes(path, limits), limits);
}

/** Like {@linkcode readMidiFile}, but for making sense of the bytes. */
export function readMidiBytes(
  path: string,
  limits: Partial<MidiLimits> = {},
): Promise<Uint8Array> {
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
