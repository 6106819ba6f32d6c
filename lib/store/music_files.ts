import { type MidiLimits, midiLimits, type Music } from "../midi/music.ts";
import { readMidi } from "../midi/read.ts";
import { musicOf, type ToneMidi } from "../midi/tone.ts";
import { isScoreName, whyForeign } from "../notation/kinds.ts";
import { scoreLimits } from "../notation/limits.ts";
import { readFileUpTo } from "./files.ts";

/**
 * Reads the content of a file of music. A file larger than the limits is not even opened.
 * @throws {Error} if its format is not read, or it is too large
 */
export async function readMusicContent(
  path: string,
  limits: Partial<MidiLimits> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const foreign = whyForeign(path);
  if (foreign !== undefined) throw new Error(foreign);
  const most = isScoreName(path) ? scoreLimits.bytes : limits.bytes ?? midiLimits.bytes;
  return await readFileUpTo(path, most);
}

/** Reads a file of music as MIDI; only a written score changes. @throws {Error} as {@linkcode readMusicContent} */
export async function readAsMidi(path: string): Promise<Uint8Array> {
  return (await midiIn(path, await readMusicContent(path))).midi;
}

/**
 * Converts a file of music to a MIDI file; only a written score changes.
 * @param name its name, by which scores are told from MIDI files
 * @returns the bytes, and what was put right, guessed or left out when a score became MIDI
 */
async function midiIn(
  name: string,
  content: Uint8Array,
): Promise<{ readonly midi: Uint8Array; readonly remarks: readonly string[] }> {
  if (!isScoreName(name)) return { midi: content, remarks: [] };
  const { midiOfScore, readScore } = await import("../notation/read.ts"); // few have scores
  return midiOfScore(readScore(content));
}

/** The music in a file's content. @throws {Error} with the reason why it cannot be read */
export async function musicIn(
  name: string,
  content: Uint8Array,
  limits: Partial<MidiLimits> = {},
): Promise<Music> {
  const { midi, remarks } = await midiIn(name, content), music = readMidi(midi, limits);
  return remarks.length === 0 ? music : { ...music, repairs: [...remarks, ...music.repairs] };
}

/**
 * Reads a file of music: MIDI, or a written score.
 * @param file its path, or a `Midi` object of `@tonejs/midi`
 * @throws {Error} with the reason why it cannot be read
 */
export async function readMusicFile(file: string | ToneMidi): Promise<Music> {
  if (typeof file !== "string") return musicOf(file);
  return await musicIn(file, await readMusicContent(file));
}
