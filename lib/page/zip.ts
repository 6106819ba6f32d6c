import { concatenated } from "../numbers.ts";

/** A ZIP archive of uncompressed files (method 0: stored). (PKWARE, APPNOTE.TXT 6.3.) */
export function zipOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [], directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const path = new TextEncoder().encode(name);
    // version, flags (UTF-8), method, time, date (1980-01-01), CRC, sizes, lengths of name and
    // extra
    const shared = [
      ...[...two(20), ...two(0x800), ...two(0), ...two(0), ...two(0x21)],
      ...[...four(crc32(bytes)), ...four(bytes.length), ...four(bytes.length)],
      ...[...two(path.length), ...two(0)],
    ];
    const local = Uint8Array.from([...four(0x04034b50), ...shared, ...path]);
    directory.push(Uint8Array.from([
      ...[...four(0x02014b50), ...two(20), ...shared, ...two(0), ...two(0), ...two(0), ...four(0)],
      ...[...four(offset), ...path],
    ]));
    parts.push(local, bytes);
    offset += local.length + bytes.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0), count = directory.length;
  const end = Uint8Array.from([
    ...[...four(0x06054b50), ...two(0), ...two(0), ...two(count), ...two(count)],
    ...[...four(size), ...four(offset), ...two(0)],
  ]);
  return concatenated([...parts, ...directory, end]);
}

function two(value: number): number[] {
  return [value & 255, value >> 8 & 255];
}

function four(value: number): number[] {
  return [...two(value), ...two(value >>> 16)];
}

/** CRC-32 of bytes (ISO 3309). */
function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc >>> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
