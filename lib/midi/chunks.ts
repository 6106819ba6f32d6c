import { repaired, type Repairs } from "./repairs.ts";

/** Header of a MIDI file. */
export interface Header {
  /** 0: one track; 1: tracks that sound together; 2: tracks that are pieces of their own. */
  readonly format: 0 | 1 | 2;
  /** Number of tracks that the header declares. */
  readonly declaredTracks: number;
  /** Ticks per quarter note, or, with the highest of 16 bits set, an SMPTE rate. */
  readonly division: number;
  /** Position of the header's first byte. */
  readonly start: number;
  /** Position of the first byte after the header. */
  readonly end: number;
}

/** Byte range of a track's events. */
export interface TrackRange {
  /** Position of the first event. */
  readonly start: number;
  /** Position after the last byte that can belong to the track. */
  readonly end: number;
  /** Whether the declared length agrees with the bytes that follow. */
  readonly lengthHolds: boolean;
}

const headerId = 0x4d546864; // MThd
const trackId = 0x4d54726b; // MTrk
const clipId = "SMF2CLIP";

/**
 * Finds the header, wherever it begins: a RIFF container, a mail header or a Macintosh header may
 * come first.
 * @throws {Error} when there is none, or it gives no unit of time
 */
export function readHeader(bytes: Uint8Array, repairs: Repairs): Header {
  if (bytes.length === 0) throw new Error("the file is empty");
  if (startsWith(bytes, clipId)) throw new Error("a MIDI 2.0 clip; only MIDI 1.0 files are read");
  const start = find(bytes, headerId, 0);
  if (start < 0) throw new Error(`not a MIDI file: ${otherKind(bytes)}`);
  if (start + 14 > bytes.length) throw new Error("the MIDI header is cut off");
  if (/^RIFF....RMID/s.test(String.fromCharCode(...bytes.subarray(0, 12)))) {
    repaired(repairs, "riff");
  } else repaired(repairs, "wrapped", start);

  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const format = view.getUint16(start + 8);
  if (format > 2) repaired(repairs, "format");
  const division = view.getUint16(start + 12);
  if (division === 0 || (division >= 0x8000 && (division & 0xff) === 0)) {
    throw new Error("its time division is 0, which gives the notes no time");
  }
  let end = start + 8 + view.getUint32(start + 4);
  if (end !== start + 14 && (end < start + 14 || !isChunk(bytes, end))) {
    repaired(repairs, "headerLength");
    end = start + 14;
  }
  return {
    format: format <= 2 ? format as 0 | 1 | 2 : 1,
    declaredTracks: view.getUint16(start + 10),
    division,
    start,
    end,
  };
}

/**
 * Range of the MIDI file in a RIFF container (.rmi); undefined for a plain file or a damaged
 * container.
 */
export function riffData(bytes: Uint8Array): { start: number; end: number } | undefined {
  if (!startsWith(bytes, "RIFF") || !startsWith(bytes.subarray(8), "RMID")) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 12; at + 8 <= bytes.length;) {
    const start = at + 8, size = view.getUint32(at + 4, true);
    if (startsWith(bytes.subarray(at), "data")) {
      return start + size <= bytes.length ? { start, end: start + size } : undefined;
    }
    at = start + size + size % 2;
  }
  return undefined;
}

/** Kind of a file without a MIDI header, as far as its first bytes tell. */
function otherKind(bytes: Uint8Array): string {
  const begin = String.fromCharCode(...bytes.subarray(0, 512)).replace(/^\xef\xbb\xbf/, "").trim();
  for (const [pattern, kind] of OTHER_KINDS) if (pattern.test(begin)) return kind;
  return "it has no MIDI header";
}

const OTHER_KINDS: readonly (readonly [RegExp, string])[] = [
  // deno-lint-ignore no-control-regex -- the first bytes of a gzip archive
  [/^\x1f\x8b/, "a gzip archive; unpack it first"],
  // deno-lint-ignore no-control-regex -- and of a ZIP archive
  [/^PK\x03\x04/, "a ZIP archive; unpack it first (a MusicXML score: name it .mxl)"],
  [/^(7z\xbc\xaf|Rar!)/, "an archive; unpack it first"],
  [/<(!doctype )?html/i, "a web page, saved in place of a file"],
  [/<(!doctype )?score-(partwise|timewise)/i, "a MusicXML score; name it .musicxml"],
  [/^<\?xml/, "an XML text"],
  [/^RIFF....(WAVE|sfbk)/s, "sound, not notes"],
  [/^(ID3|OggS|fLaC|\xff[\xe2-\xff]|FORM....AIF)/s, "sound, not notes"],
  [/^....ftyp/s, "sound or film, not notes"],
  // deno-lint-ignore no-control-regex -- the first bytes of an AppleDouble file
  [/^\x00\x05\x16\x07/, "a companion file of macOS, which holds no music; it can be deleted"],
  [/^(FORM....X(DIR|MID)|CAT ....XMID)/s, "an XMI file of a game; convert it to MIDI first"],
  [/^version https:\/\/git-lfs/, 'a Git LFS pointer in place of the file; run "git lfs pull"'],
  // deno-lint-ignore no-control-regex -- the first bytes of a MUS file
  [/^MUS\x1a/, "a MUS file of a game; convert it to MIDI first"],
  [/^.FICHIER GUITAR PRO/s, "a Guitar Pro file; export it as MIDI"],
  [/^%PDF/, "a PDF; notes cannot be read from pictures"],
  [/^[[{]/, "a JSON text"],
];

/**
 * The next track at or after `position`, skipping chunks of other kinds and junk; undefined if
 * none.
 */
export function nextTrack(
  bytes: Uint8Array,
  position: number,
  repairs: Repairs,
): TrackRange | undefined {
  while (isChunk(bytes, position) && !isTrack(bytes, position)) {
    const end = position + 8 + uint32(bytes, position + 4);
    repaired(repairs, "junk", end - position);
    position = end;
  }
  const found = find(bytes, trackId, position);
  repaired(repairs, "junk", (found < 0 ? bytes.length : found) - position);
  if (found < 0) return undefined;

  const start = Math.min(found + 8, bytes.length);
  const end = found + 8 <= bytes.length ? start + uint32(bytes, found + 4) : Infinity;
  const lengthHolds = end === bytes.length || isChunk(bytes, end) || endsTrack(bytes, end);
  if (lengthHolds) return { start, end, lengthHolds };
  const next = find(bytes, trackId, start);
  return { start, end: next < 0 ? bytes.length : next, lengthHolds };
}

/** Whether a chunk of any kind can begin here: four letters, and a length that fits in the file. */
function isChunk(bytes: Uint8Array, position: number): boolean {
  if (position + 8 > bytes.length) return false;
  if (isTrack(bytes, position)) return true;
  for (let i = 0; i < 4; i++) {
    const letter = bytes[position + i]!;
    if (letter < 0x20 || letter > 0x7e) return false;
  }
  return position + 8 + uint32(bytes, position + 4) <= bytes.length;
}

function isTrack(bytes: Uint8Array, position: number): boolean {
  return position + 8 <= bytes.length && uint32(bytes, position) === trackId;
}

/** Whether the three bytes before `end` are the event that ends a track. */
export function endsTrack(bytes: Uint8Array, end: number): boolean {
  return end <= bytes.length && bytes[end - 3] === 0xff && bytes[end - 2] === 0x2f &&
    bytes[end - 1] === 0;
}

function uint32(bytes: Uint8Array, position: number): number {
  return ((bytes[position]! << 24) | (bytes[position + 1]! << 16) | (bytes[position + 2]! << 8) |
    bytes[position + 3]!) >>> 0;
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return text === String.fromCharCode(...bytes.subarray(0, text.length));
}

/** Position of the next occurrence of four bytes, or -1. */
function find(bytes: Uint8Array, id: number, from: number): number {
  const first = id >>> 24;
  for (let i = bytes.indexOf(first, from); i >= 0; i = bytes.indexOf(first, i + 1)) {
    if (i + 4 <= bytes.length && uint32(bytes, i) === id) return i;
  }
  return -1;
}
