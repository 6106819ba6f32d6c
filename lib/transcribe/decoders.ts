import { loadPackage } from "../packages.ts";

/** Decoded audio: equally long channels of samples, -1 to 1. */
export interface SoundBlock {
  readonly channels: readonly Float32Array[];
  readonly sampleRate: number;
}

/** Streaming audio decoder. */
export interface Decoder {
  /** Decodes the next part of the file; without one, flushes the remaining audio. */
  decode(part?: Uint8Array): Promise<SoundBlock>;
  /** Bytes to be decoded after those of the file, before flushing. */
  readonly padding?: Uint8Array;
  /** Minimum duration in seconds by the file's header or size; 0 where neither tells, or not yet. */
  statedSeconds(): number;
  /** Frees the decoder's memory. */
  free(): void;
}

/** Common interface of the decoder packages. */
interface Packaged {
  readonly ready: Promise<void>;
  decode(part: Uint8Array): Promise<Decoded> | Decoded;
  flush?(): Promise<Decoded> | Decoded;
  free(): void;
}

interface Decoded {
  readonly channelData: readonly Float32Array[];
  readonly samplesDecoded: number;
  readonly sampleRate: number;
}

/**
 * Chooses the decoder for a file by its first bytes.
 * @param size of the whole file in bytes
 * @throws {Error} with the reason if there is none, fit to follow "skipped: "
 */
export async function decoderFor(head: Uint8Array, size: number): Promise<Decoder> {
  const text = String.fromCharCode(...head.subarray(0, 64));
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WAVE") return wavDecoder(size);
  if (text.startsWith("fLaC")) {
    const decoder = await packaged("@wasm-audio-decoders/flac", "FLACDecoder", flacSeconds(head));
    return { ...decoder, padding: FLAC_PADDING };
  }
  if (text.startsWith("OggS") && text.includes("vorbis")) {
    return await packaged("@wasm-audio-decoders/ogg-vorbis", "OggVorbisDecoder");
  }
  if (text.startsWith("ID3") || (head[0] === 0xff && (head[1]! & 0xe6) === 0xe2)) {
    return await packaged("mpg123-decoder", "MPEGDecoder", size / MOST_MPEG_BYTES);
  }
  const convert = "convert it to MP3, FLAC, Ogg Vorbis or WAV";
  if (text.slice(4, 8) === "ftyp" || (head[0] === 0xff && (head[1]! & 0xf6) === 0xf0)) {
    throw new Error(
      `it is M4A (AAC or Apple Lossless), for which no decoder is free to ship: ${convert}, for ` +
        `example with "ffmpeg -i song.m4a song.flac"`,
    );
  }
  if (text.startsWith("OggS")) throw new Error(`it is Ogg, but not Ogg Vorbis: ${convert}`);
  throw new Error(`it is not a recording in a format that can be read: ${convert}`);
}

/**
 * Zeros after a FLAC file. Without them, the package loses the last frame of files whose third byte
 * from the end is 255, or whose last frame has at most 13 bytes
 * (`findings/flac-last-frame-lost.sh`). A frame followed by zeros still has a valid checksum.
 */
const FLAC_PADDING = new Uint8Array(16);

/** Most bytes that a second of MP3 has. */
const MOST_MPEG_BYTES = 40_000;

/** Duration that the STREAMINFO block of a FLAC file states. (RFC 9639, 8.2.) */
function flacSeconds(head: Uint8Array): number {
  if (head.length < 26) return 0;
  const view = new DataView(head.buffer, head.byteOffset), rate = view.getUint32(18) >>> 12;
  const samples = (view.getUint8(21) & 15) * 2 ** 32 + view.getUint32(22);
  return rate === 0 ? 0 : samples / rate;
}

async function packaged(name: string, decoder: string, seconds = 0): Promise<Decoder> {
  const module = await loadPackage<Record<string, new () => Packaged>>("decode sound", name);
  const inner = new module[decoder]!();
  await inner.ready;
  return {
    decode: async (part) => {
      const { channelData, samplesDecoded, sampleRate } =
        await decodedBy(() => part ? inner.decode(part) : inner.flush?.()) ?? NOTHING;
      return { channels: channelData.map((one) => one.subarray(0, samplesDecoded)), sampleRate };
    },
    statedSeconds: () => seconds,
    free: () => inner.free(),
  };
}

const NOTHING: Decoded = { channelData: [], samplesDecoded: 0, sampleRate: 0 };

/** Calls a decoder. @throws {Error} with a reason where it breaks down */
async function decodedBy<T>(decode: () => T): Promise<Awaited<T>> {
  try {
    return await decode();
  } catch (cause) {
    throw new Error("its sound is damaged: the decoder failed", { cause });
  }
}

/** Sample readers by WAV format tag and bit depth, with full scale. */
const WAV_SAMPLES: Readonly<
  Record<string, (view: DataView, at: number) => number>
> = {
  "1/8": (view, at) => (view.getUint8(at) - 128) / 128,
  "1/16": (view, at) => view.getInt16(at, true) / 2 ** 15,
  "1/24": (view, at) =>
    ((view.getUint8(at) << 8 | view.getUint16(at + 1, true) << 16) >> 8) / 2 ** 23,
  "1/32": (view, at) => view.getInt32(at, true) / 2 ** 31,
  "3/32": (view, at) => view.getFloat32(at, true),
  "3/64": (view, at) => view.getFloat64(at, true),
};

/** Maximum number of bytes before the samples. */
const MOST_WAV_HEADER = 1 << 20;

/** Creates a decoder of RIFF WAVE: PCM of 8 to 32 bits, and floats. */
function wavDecoder(fileBytes: number): Decoder {
  let rest: Uint8Array = new Uint8Array(0);
  let format: { sample: string; channels: number; bytes: number; sampleRate: number } | undefined;
  let left = -1; // remaining bytes of samples; -1: they have not begun
  const header = () => {
    const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
    for (let at = 12; at + 8 <= rest.length;) {
      const id = String.fromCharCode(...rest.subarray(at, at + 4)),
        size = view.getUint32(at + 4, true);
      if (id === "fmt " && at + 24 <= rest.length) {
        let tag = view.getUint16(at + 8, true);
        if (tag === 0xfffe && at + 34 <= rest.length) tag = view.getUint16(at + 32, true); // extensible
        const bits = view.getUint16(at + 22, true), channels = view.getUint16(at + 10, true);
        const sampleRate = view.getUint32(at + 12, true), sample = `${tag}/${bits}`;
        if (!WAV_SAMPLES[sample] || channels === 0) {
          throw new Error(`it is a WAV file of coding ${tag} with ${bits} bits, which is not read`);
        }
        format = { sample, channels, bytes: bits / 8 * channels, sampleRate };
      } else if (id === "data" && format) {
        left = size === 0xffffffff || size === 0 ? Infinity : size; // some recorders leave it empty
        rest = rest.subarray(at + 8);
        return;
      }
      at += 8 + size + size % 2;
    }
    if (rest.length > MOST_WAV_HEADER) throw new Error("it is a WAV file without samples");
  };
  return {
    decode: (part) => {
      if (part) rest = joined(rest, part);
      if (left < 0) header();
      if (left < 0 || !format) return Promise.resolve({ channels: [], sampleRate: 0 });
      const { sample, channels, bytes, sampleRate } = format, read = WAV_SAMPLES[sample]!;
      const frames = Math.floor(Math.min(rest.length, left) / bytes);
      const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
      const out = Array.from({ length: channels }, () => new Float32Array(frames));
      for (let frame = 0, at = 0; frame < frames; frame++) {
        for (let channel = 0; channel < channels; channel++, at += bytes / channels) {
          out[channel]![frame] = read(view, at);
        }
      }
      left -= frames * bytes;
      rest = rest.subarray(frames * bytes);
      return Promise.resolve({ channels: out, sampleRate });
    },
    statedSeconds: () =>
      format && left >= 0 ? Math.min(left, fileBytes) / format.bytes / format.sampleRate : 0,
    free: () => {},
  };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
