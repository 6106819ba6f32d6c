/** Prefix of the software tag in the files; a SHA-256 of all samples follows. */
const WRITTEN_BY = "YetAnotherMIDIGenerator ";
const WRITTEN_BY_BYTES = WRITTEN_BY.length + 64;

/** Size in bytes of the header that {@linkcode wavHeader} writes. */
export const WAV_HEADER_BYTES = 44 + 20 + WRITTEN_BY_BYTES;

/** Sample format of a WAV file. */
interface WavFormat {
  /** Sample rate in Hz. */
  readonly sampleRate: number;
  /** Number of channels: 1 or 2. */
  readonly channels: number;
  /** Number of sample frames. */
  readonly frames: number;
}

/**
 * Header of a RIFF WAVE file of 16-bit PCM, to be followed by the samples.
 * @param samplesHash SHA-256 of the samples' bytes, in hexadecimal; it is stored in the list chunk
 *   after the program's name, so that the program can recognise its own files
 */
export function wavHeader(
  { sampleRate, channels, frames }: WavFormat,
  samplesHash: string,
): Uint8Array {
  const frameBytes = 2 * channels;
  const dataBytes = frames * frameBytes;
  const view = new DataView(new ArrayBuffer(WAV_HEADER_BYTES));
  const text = (at: number, letters: string) =>
    [...letters].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, WAV_HEADER_BYTES - 8 + dataBytes, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, 16, true);
  text(36, "LIST");
  view.setUint32(40, 12 + WRITTEN_BY_BYTES, true);
  text(44, "INFOISFT"); // software tag
  view.setUint32(52, WRITTEN_BY_BYTES, true);
  text(56, `${WRITTEN_BY}${samplesHash}`);
  text(WAV_HEADER_BYTES - 8, "data");
  view.setUint32(WAV_HEADER_BYTES - 4, dataBytes, true);
  return new Uint8Array(view.buffer);
}

/**
 * Hash of the samples in a header written by {@linkcode wavHeader}; undefined for other headers.
 */
export function samplesHashIn(header: Uint8Array): string | undefined {
  const text = String.fromCharCode(...header.subarray(56, WAV_HEADER_BYTES - 8));
  return text.startsWith(WRITTEN_BY) ? text.slice(WRITTEN_BY.length) : undefined;
}

/** Contents of a WAV file. */
export interface Wav extends WavFormat {
  /** Samples with interleaved channels, -32,768 to 32,767. */
  readonly samples: Int16Array;
}

/**
 * Reads a WAV file of 16-bit PCM, as {@linkcode listen} writes them.
 * @throws {Error} if `bytes` are anything else
 */
export function readWav(bytes: Uint8Array): Wav {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  const fail = (found: string): never => {
    throw new Error(`Cannot read WAV: ${found}; needed RIFF WAVE with 16-bit PCM`);
  };
  if (bytes.length < 12 || text(0) !== "RIFF" || text(8) !== "WAVE") fail("not a RIFF WAVE file");
  let format: { sampleRate: number; channels: number } | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (text(at) === "fmt " && body + 16 <= bytes.length) {
      const [coding, bits] = [view.getUint16(body, true), view.getUint16(body + 14, true)];
      if (coding !== 1 || bits !== 16) fail(`coding ${coding} with ${bits} bits`);
      format = {
        channels: view.getUint16(body + 2, true),
        sampleRate: view.getUint32(body + 4, true),
      };
    } else if (text(at) === "data" && format && format.channels > 0) {
      const frames = Math.floor(Math.min(size, bytes.length - body) / (2 * format.channels));
      const samples = new Int16Array(bytes.slice(body, body + 2 * frames * format.channels).buffer);
      return { ...format, frames, samples };
    }
    at = body + size + size % 2;
  }
  return fail("no samples");
}
