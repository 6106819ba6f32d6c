import { createHash, type Hash } from "node:crypto";
import { attempt, removeIfThere } from "../store/files.ts";
import { partOf } from "../store/write.ts";
import type { Block } from "./render.ts";
import { samplesHashIn, WAV_HEADER_BYTES, wavHeader } from "./wav.ts";

/**
 * Writer of a WAV file (stereo, 16 bit): floats at first, because the gain is known only at the
 * end.
 */
interface WavWriter {
  /** Appends audio at any level. */
  write(block: Block): Promise<void>;
  /** Number of sample frames so far. */
  frames(): number;
  /** Converts the file with `gain` applied to every sample, and gives it its final name. */
  finish(gain: number): Promise<void>;
  /** Closes the file, and removes it if unfinished. */
  [Symbol.asyncDispose](): Promise<void>;
}

const CHUNK_FRAMES = 1 << 15;
const FLOAT_FRAME_BYTES = 8;
const FRAME_BYTES = 4;
/** Maximum number of sample frames in a file: RIFF counts bytes with 32 bits. */
export const MOST_FRAMES = Math.floor((2 ** 32 - 64) / FLOAT_FRAME_BYTES);

/**
 * Opens a WAV file for writing. All audio is streamed to disk, so that an hour of music needs no
 * more memory than a second; until {@linkcode WavWriter.finish} it has a temporary name. The caller
 * holds a lock.
 * @param path final path of the file; an existing file stays until then
 */
export async function createWav(path: string, sampleRate: number): Promise<WavWriter> {
  const temporary = partOf(path);
  await removeIfThere(temporary);
  const file = await Deno.open(temporary, { read: true, write: true, createNew: true });
  const chunk = new Float32Array(2 * CHUNK_FRAMES);
  let frames = 0;
  let filled = 0;
  let open = true;
  const flush = () =>
    attempt(`write ${path}`, async () => {
      const at = WAV_HEADER_BYTES + frames * FLOAT_FRAME_BYTES;
      await writeAt(file, at, new Uint8Array(chunk.buffer, 0, filled * FLOAT_FRAME_BYTES));
      frames += filled;
      filled = 0;
    });
  return {
    async write({ left, right, count }) {
      if (frames + filled + count > MOST_FRAMES) {
        throw new RangeError(
          `Cannot write ${path}: a WAV file holds 3 hours of this sound at most`,
        );
      }
      for (let i = 0; i < count; i++) {
        chunk[2 * filled] = left[i]!;
        chunk[2 * filled + 1] = right[i]!;
        if (++filled === CHUNK_FRAMES) await flush();
      }
    },
    frames: () => frames + filled,
    async finish(gain) {
      await flush();
      await attempt(`write ${path}`, async () => {
        const hash = createHash("sha256");
        await floatsToIntegers(file, frames, gain, hash);
        await writeAt(file, 0, wavHeader({ sampleRate, channels: 2, frames }, hash.digest("hex")));
        await file.truncate(WAV_HEADER_BYTES + frames * FRAME_BYTES);
        await file.sync();
        file.close();
        open = false;
        await Deno.rename(temporary, path);
      });
    },
    async [Symbol.asyncDispose]() {
      if (!open) return;
      file.close();
      await Deno.remove(temporary).catch(() => {});
    },
  };
}

/** Whether `path` is a WAV file written by {@linkcode createWav} with unchanged samples. */
export async function isOwnWav(path: string): Promise<boolean> {
  const there = await Deno.lstat(path).catch(() => undefined);
  if (!there?.isFile || there.size < WAV_HEADER_BYTES) return false;
  using file = await Deno.open(path, { read: true });
  const header = new Uint8Array(WAV_HEADER_BYTES);
  await readAt(file, 0, header);
  const written = samplesHashIn(header);
  if (written === undefined) return false;
  const hash = createHash("sha256");
  const chunk = new Uint8Array(CHUNK_FRAMES * FRAME_BYTES);
  for (let count; (count = await file.read(chunk)) !== null;) hash.update(chunk.subarray(0, count));
  return hash.digest("hex") === written;
}

/**
 * Converts floats to integers in place: an integer frame is half as long, so writing stays behind
 * reading.
 */
async function floatsToIntegers(
  file: Deno.FsFile,
  frames: number,
  gain: number,
  hash: Hash,
): Promise<void> {
  const floats = new Float32Array(2 * CHUNK_FRAMES);
  const integers = new Int16Array(floats.length);
  for (let frame = 0; frame < frames; frame += CHUNK_FRAMES) {
    const count = Math.min(CHUNK_FRAMES, frames - frame);
    const bytes = new Uint8Array(floats.buffer, 0, count * FLOAT_FRAME_BYTES);
    await readAt(file, WAV_HEADER_BYTES + frame * FLOAT_FRAME_BYTES, bytes);
    for (let i = 0; i < 2 * count; i++) {
      integers[i] = Math.max(-32768, Math.min(32767, Math.round(32767 * gain * floats[i]!)));
    }
    const at = WAV_HEADER_BYTES + frame * FRAME_BYTES;
    const samples = new Uint8Array(integers.buffer, 0, count * FRAME_BYTES);
    hash.update(samples);
    await writeAt(file, at, samples);
  }
}

async function writeAt(file: Deno.FsFile, at: number, bytes: Uint8Array): Promise<void> {
  await file.seek(at, Deno.SeekMode.Start);
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}

async function readAt(file: Deno.FsFile, at: number, bytes: Uint8Array): Promise<void> {
  await file.seek(at, Deno.SeekMode.Start);
  for (let done = 0; done < bytes.length;) {
    const count = await file.read(bytes.subarray(done));
    if (count === null) throw new Error("the file ended early: is the disk full?");
    done += count;
  }
}
