/** Largest page of an Ogg file in bytes: a header of 282, and 255 segments of 255. (RFC 3533, 6.) */
export const MOST_PAGE_BYTES = 282 + 255 * 255;

const HEADER_BYTES = 27, SERIAL = 14, GRANULE = 6, SEGMENTS = 26;
/** Sample rate in the identification header of Ogg Vorbis, whose page has one segment. */
const RATE = HEADER_BYTES + 1 + 12;

/**
 * Duration in seconds that an Ogg Vorbis file states: from the sample position of its first page of
 * sound to that of its last one; 0 where they are not found.
 * @param head first bytes, which hold the first pages
 * @param tail last {@linkcode MOST_PAGE_BYTES} bytes
 */
export function oggSeconds(head: Uint8Array, tail: Uint8Array): number {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < RATE + 4 || !isPage(head, 0)) return 0;
  const rate = view.getUint32(RATE, true), serial = view.getUint32(SERIAL, true);
  const first = positions(head, serial).find((samples) => samples > 0n);
  const last = positions(tail, serial).at(-1);
  if (rate === 0 || first === undefined || last === undefined) return 0;
  return Math.max(0, Number(last - first) / rate);
}

/** The first pages of an Ogg Vorbis file, with at least `seconds` of sound; all if it has less. */
export function oggBeginning(bytes: Uint8Array, seconds: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = seconds * view.getUint32(RATE, true);
  for (let at = 0; at + HEADER_BYTES <= bytes.length && isPage(bytes, at);) {
    const position = Number(view.getBigInt64(at + GRANULE, true)), sizes = at + HEADER_BYTES;
    at = sizes + bytes[at + SEGMENTS]!;
    for (const size of bytes.subarray(sizes, at)) at += size;
    if (position >= samples) return bytes.subarray(0, at);
  }
  return bytes;
}

/** Sample positions that the pages of a stream state, in order. */
function positions(bytes: Uint8Array, serial: number): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: bigint[] = [];
  for (let at = bytes.indexOf(0x4f); at >= 0; at = bytes.indexOf(0x4f, at + 1)) {
    if (at + HEADER_BYTES > bytes.length) break;
    if (!isPage(bytes, at) || view.getUint32(at + SERIAL, true) !== serial) continue;
    const samples = view.getBigInt64(at + GRANULE, true);
    if (samples >= 0n) found.push(samples); // -1: no packet ends on the page
  }
  return found;
}

/** Whether an Ogg page of version 0 begins at a position. */
function isPage(bytes: Uint8Array, at: number): boolean {
  return [0x4f, 0x67, 0x67, 0x53, 0].every((byte, i) => bytes[at + i] === byte);
}
