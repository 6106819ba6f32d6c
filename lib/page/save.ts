/// <reference lib="dom" />
import { recipeText } from "../generate/recipe_text.ts";
import { unpackBytes } from "./bytes.ts";
import { downloadFrom } from "./element.ts";
import { type Session, sessionMidi, type SessionNote } from "./session.ts";
import { SAMPLE_RATE, type Sound } from "./sound.ts";
import { concatenated } from "../numbers.ts";

/** Global variable of `wasm-media-encoders` in a page. */
declare const WasmMediaEncoder: {
  createEncoder(type: "audio/mpeg", wasm: Uint8Array): Promise<{
    configure(how: { channels: 1 | 2; sampleRate: number; bitrate: number }): void;
    encode(samples: readonly Float32Array[]): Uint8Array;
    finalize(): Uint8Array;
  }>;
};

/** Bit rate in thousands of bits per second. */
const KILOBITS = 128;

/** Downloads a file. */
export function download(name: string, bytes: Uint8Array, type: string): void {
  const url = URL.createObjectURL(new Blob([bytes as BlobPart], { type }));
  downloadFrom(url, name);
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/**
 * Files of a session: MIDI and MP3, and each answer as MIDI with its recipe.
 * @param problem is called if there is no MP3
 */
export async function sessionFiles(
  session: Session,
  sound: Sound,
  encoder: string,
  problem: (text: string) => void,
): Promise<Record<string, Uint8Array>> {
  const first = session.notes.reduce((least, { start }) => Math.min(least, start), Infinity);
  const notes = session.notes.map((note) => ({
    ...note,
    start: note.start - first,
    end: note.end - first,
  }));
  const files: Record<string, Uint8Array> = {
    "duet.mid": sessionMidi(session),
  };
  try {
    files["duet.mp3"] = await mp3Of(notes, sound, encoder);
  } catch (error) {
    problem(`Saved without an MP3, which this browser cannot make: ${(error as Error).message}`);
  }
  for (const [index, { recipe, midi }] of session.answers.entries()) {
    files[`answer-${index + 1}.mid`] = midi;
    files[`answer-${index + 1}.json`] = await recipeFile(recipe, midi);
  }
  return files;
}

/** A recipe with the checksum of its music. */
export async function recipeFile(recipe: object, midi: Uint8Array): Promise<Uint8Array> {
  const text = recipeText({ ...recipe, midi: await sha256(midi) });
  return new TextEncoder().encode(`${text}\n`);
}

/** SHA-256 in hexadecimal; empty where the browser does not support it. */
async function sha256(bytes: Uint8Array): Promise<string> {
  if (!globalThis.crypto?.subtle) return "";
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as BufferSource));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Renders notes as MP3, as they sound in the page. */
async function mp3Of(
  notes: readonly SessionNote[],
  sound: Sound,
  packed: string,
): Promise<Uint8Array> {
  const wasm = await unpackBytes(packed);
  const encoder = await WasmMediaEncoder.createEncoder("audio/mpeg", wasm);
  encoder.configure({ channels: 2, sampleRate: SAMPLE_RATE, bitrate: KILOBITS });
  const parts: Uint8Array[] = [];
  for await (const channels of sound.render(notes)) {
    for (let at = 0; at < channels[0]!.length; at += SAMPLE_RATE) {
      const second = channels.map((each) => each.subarray(at, at + SAMPLE_RATE));
      parts.push(encoder.encode(second).slice()); // its buffer is reused
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  parts.push(encoder.finalize().slice());
  return concatenated(parts);
}
