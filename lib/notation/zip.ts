import { inflateRawSync } from "node:zlib";
import { atMost, type ScoreLimits } from "./limits.ts";

/** An entry of a ZIP archive, from its central directory. */
export interface ZipEntry {
  readonly name: string;
  /** Unpacked size in bytes, as the archive states. */
  readonly size: number;
  /** Unpacks the entry. @throws {Error} if it cannot be unpacked, or its size is not as stated */
  readonly read: () => Uint8Array;
}

const END = 0x06054b50, ENTRY = 0x02014b50, LOCAL = 0x04034b50;
/** The end record has 22 bytes and a comment of at most 65,535. */
const END_BYTES = 22, LONGEST_COMMENT = 65_535;
const ENCRYPTED = 1, STORED = 0, DEFLATED = 8;

/** Whether bytes begin with a ZIP signature. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2]! <= 7 && bytes[3]! <= 8;
}

/**
 * Lists the entries of a ZIP archive. Nothing is unpacked before it is requested, and then no more
 * than the archive stated. (PKWARE's APPNOTE, 4.3; no ZIP64, no encryption, as MusicXML has
 * neither.)
 * @throws {Error} if it is damaged or exceeds a limit
 */
export function zipEntries(
  bytes: Uint8Array,
  limits: Pick<ScoreLimits, "archiveEntries" | "documentBytes">,
): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endRecord(view);
  const count = view.getUint16(end + 10, true);
  atMost(count, limits.archiveEntries, "files in its archive");
  let at = view.getUint32(end + 16, true);
  return Array.from({ length: count }, () => {
    if (at + 46 > end || view.getUint32(at, true) !== ENTRY) throw damaged();
    const [flags, method] = [8, 10].map((offset) => view.getUint16(at + offset, true));
    const [packed, size] = [20, 24].map((offset) => view.getUint32(at + offset, true));
    const [nameBytes, extra, comment] = [28, 30, 32]
      .map((offset) => view.getUint16(at + offset, true));
    const local = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes!));
    at += 46 + nameBytes! + extra! + comment!;
    const read = () => {
      atMost(size!, limits.documentBytes, "bytes once it is unpacked");
      if (flags! & ENCRYPTED) throw new Error("its archive is encrypted");
      if (local + 30 > bytes.length || view.getUint32(local, true) !== LOCAL) throw damaged();
      const start = local + 30 + view.getUint16(local + 26, true) +
        view.getUint16(local + 28, true);
      if (start + packed! > bytes.length) throw damaged();
      return unpack(bytes.subarray(start, start + packed!), method!, size!);
    };
    return { name, size: size!, read };
  });
}

function endRecord(view: DataView): number {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw damaged();
}

function unpack(packed: Uint8Array, method: number, size: number): Uint8Array {
  if (method !== STORED && method !== DEFLATED) {
    throw new Error(
      `its archive uses compression method ${method}; needed 0 (stored) or ${DEFLATED} (deflated)`,
    );
  }
  let unpacked: Uint8Array = packed;
  if (method === DEFLATED) {
    try {
      unpacked = inflateRawSync(packed, { maxOutputLength: size + 1 });
    } catch (cause) {
      const more = cause instanceof Error && "code" in cause &&
        cause.code === "ERR_BUFFER_TOO_LARGE";
      throw more ? unlike(size) : damaged(cause);
    }
  }
  if (unpacked.length !== size) throw unlike(size);
  return unpacked;
}

function unlike(size: number): Error {
  return new Error(`its archive does not unpack to the ${size} bytes that it states`);
}

function damaged(cause?: unknown): Error {
  return new Error("its archive is damaged or cut off", { cause });
}
