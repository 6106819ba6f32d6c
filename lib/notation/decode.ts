/**
 * Decodes a text document: UTF-8 or UTF-16 by byte order mark, else the encoding of an XML
 * declaration, else UTF-8 where valid, else Latin-1.
 * @throws {Error} if the declared encoding is unknown
 */
export function decodeDocument(bytes: Uint8Array): string {
  const label = markedEncoding(bytes) ?? declaredEncoding(bytes);
  if (label === undefined) {
    // most documents are ASCII, and decoded several times faster as what is one byte a character
    if (isAscii(bytes)) return new TextDecoder("latin1").decode(bytes);
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      return new TextDecoder("latin1").decode(bytes);
    }
  }
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label);
  } catch {
    throw new Error(`it is in an unknown encoding, "${label}"; save it as UTF-8`);
  }
  return decoder.decode(bytes);
}

function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if (bytes[at]! > 127) return false;
  return true;
}

function markedEncoding([a, b]: Uint8Array): string | undefined {
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0)) return "utf-16le";
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c)) return "utf-16be";
  return undefined;
}

function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  const [, label] =
    /^\s*(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(
      head,
    ) ?? [];
  // what is declared in single bytes is not in units of two, whatever it says
  return /^(utf|ucs|iso-10646)/i.test(label ?? "") ? undefined : label;
}
