import { reason } from "../store/files.ts";
import { ownFile } from "../program.ts";

/** Names and sizes of Basic Pitch's weights, in the order of their file. */
const SIZES = {
  cosines: 256 * 36,
  sines: 256 * 36,
  lowpass: 256,
  lengths: 309,
  scale: 1,
  offset: 1,
  contourFilters: 3 * 39 * 8 * 8,
  contourOffsets: 8,
  contour: 5 * 5 * 8,
  contourOffset: 1,
  noteFilters: 7 * 7 * 32,
  noteOffsets: 32,
  note: 7 * 3 * 32,
  noteOffset: 1,
  onsetFilters: 5 * 5 * 8 * 32,
  onsetOffsets: 32,
  onset: 3 * 3 * 33,
  onsetOffset: 1,
} as const;

/** Weights of Basic Pitch: filters are [time, frequency, channels in, channels out]. */
export type Weights = Readonly<Record<keyof typeof SIZES, Float32Array>>;

/**
 * Reads the bundled weights of Basic Pitch 1.0.1 (Spotify, Apache 2.0), each stored once.
 * @throws {Error} if they are missing or damaged
 */
export async function readWeights(): Promise<Weights> {
  const file = ownFile("models/basic-pitch/weights.bin");
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(file);
  } catch (cause) {
    throw new Error(`Cannot read the transcriber's weights: ${reason(cause)}`, { cause });
  }
  const total = Object.values(SIZES).reduce((sum, size) => sum + size, 0);
  if (bytes.length !== 4 * total) {
    throw new Error(
      `Cannot read the transcriber's weights: ${file.pathname} has ${bytes.length} bytes, needed ` +
        `${4 * total}; fetch the program again`,
    );
  }
  const all = new Float32Array(bytes.buffer, bytes.byteOffset, total);
  let at = 0;
  return Object.fromEntries(
    Object.entries(SIZES).map(([name, size]) => [name, all.slice(at, at += size)]),
  ) as Weights;
}
