/** Longest text taken from a file, in characters. */
const longest = 120;

/**
 * Decodes text of unknown encoding: UTF-8 where valid, else Shift-JIS, EUC-KR, GBK, Big5, KOI8-R or
 * Windows-1251 where it looks like Japanese, Korean, Chinese or Cyrillic words, else Latin-1.
 * Control, format and unassigned characters become spaces, runs of spaces are joined, and text that
 * is too long is cut. The result may still contain `<` and `&`: escape it before showing it in a
 * page.
 */
export function decodeText(bytes: Uint8Array): string {
  const head = bytes.subarray(0, 4 * longest);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(head, {
      stream: head.length < bytes.length, // the cut may have gone through a character
    });
  } catch {
    text = japanese(head) ?? new TextDecoder(eightBit(head)).decode(head);
  }
  return cleanText(text);
}

/** Least share of multi-byte characters in Japanese words. */
const LEAST_JAPANESE = 0.5;

/** Text decoded as Shift-JIS; undefined if it is implausible. */
function japanese(bytes: Uint8Array): string | undefined {
  let text: string;
  try {
    text = new TextDecoder("shift_jis", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
  // half of such bytes begin with 81 to 9F, which no letter of Latin-1 has
  const wide = text.match(/[\u3040-\u30ff\u4e00-\u9fff\u3000-\u303f\uff00-\uff5e]/g)?.length ?? 0;
  const isLed = bytes.some((byte) => byte >= 0x81 && byte <= 0x9f);
  const letters = bytes.filter((byte) => byte > 0x20).length;
  return isLed && !/\p{Co}/u.test(text) && 2 * wide >= LEAST_JAPANESE * letters ? text : undefined;
}

/** Run of Windows-1251 letters that no Latin-1 word has, and their least share of all letters. */
const CYRILLIC_ROW = 3, LEAST_CYRILLIC = 0.6;

/** Word in lower case, capitalised or in capitals. */
const USUAL_CASE = /^(?:\p{Lu}?\p{Ll}*|\p{Lu}+)$/u;

/** ASCII and two of the common Chinese characters of GBK or more, as bytes. */
const CHINESE = /^(?:[\0-\x7f]*[\xb0-\xd7][\xa1-\xfe]){2,}[\0-\x7f]*$/;

/** ASCII and two syllables of EUC-KR or more, which are Chinese characters of GBK, too. */
const KOREAN = /^(?:[\0-\x7f]*[\xb0-\xc8][\xa1-\xfe]){2,}[\0-\x7f]*$/;

/** Frequent syllables of Korean titles and parts: at least two, and a third of the text's. */
const SYLLABLES =
  "이가다는을의에고하지한도로기사대시아자리어서나인수정일그보오부해라제동전스과상주피노손왼른음악곡랑월";

/** ASCII and two of the common Chinese characters of Big5 or more. */
const TRADITIONAL = /^(?:[\0-\x7f]*?[\xa4-\xc6][\x40-\x7e\xa1-\xfe]){2,}[\0-\x7f]*$/;

/** Encoding of East Asian text; undefined where it looks like none. */
function eastAsian(bytes: Uint8Array): string | undefined {
  const text = String.fromCharCode(...bytes);
  if (KOREAN.test(text)) {
    const syllables = new TextDecoder("euc-kr").decode(bytes).match(/[가-힣]/g) ?? [];
    const frequent = syllables.filter((one) => SYLLABLES.includes(one)).length;
    if (frequent >= 2 && 3 * frequent >= syllables.length) return "euc-kr";
  }
  if (CHINESE.test(text)) return "gbk";
  if (!TRADITIONAL.test(text)) return undefined;
  const others = text.replace(/[\xa4-\xc6][\x40-\x7e\xa1-\xfe]/g, "");
  const letters = others.match(/[a-z]/gi)?.length ?? 0, pairs = text.length - others.length;
  return pairs >= LEAST_TRADITIONAL * (pairs + letters) ? "big5" : undefined;
}

/** Least share of such characters' bytes: capitals with accents begin words of Latin-1. */
const LEAST_TRADITIONAL = 0.6;

/** Names of parts in Chinese and Korean: in few bytes, which may look like Cyrillic capitals. */
const PART_NAMES = /^(?:[右左]手|钢琴|鋼琴|[高低]音|伴奏|旋律|오른손|왼손|피아노|반주)/;

/** Encoding of text that is neither UTF-8 nor Shift-JIS. */
function eightBit(bytes: Uint8Array): string {
  const part = ["gbk", "big5", "euc-kr"]
    .find((encoding) => PART_NAMES.test(new TextDecoder(encoding).decode(bytes)));
  if (part) return part;
  const isWords = (encoding: string) => {
    const text = new TextDecoder(encoding).decode(bytes), words = text.match(/\p{L}+/gu) ?? [];
    return !/[\u2500-\u257f]/.test(text) && words.every((word) => USUAL_CASE.test(word));
  };
  const cyrillic = isCyrillic(bytes) ? ["windows-1251", "koi8-r"] : []; // with letters of other case
  const likely = cyrillic.find(isWords);
  if (likely) return likely;
  return eastAsian(bytes) ?? cyrillic[0] ?? "latin1";
}

function isCyrillic(bytes: Uint8Array): boolean {
  let letters = 0, cyrillic = 0, row = 0;
  for (const byte of bytes) {
    const isHigh = byte >= 0xc0 || byte === 0xa8 || byte === 0xb8; // А to я, Ё, ё
    if (isHigh || /[A-Za-z]/.test(String.fromCharCode(byte))) letters++;
    row = isHigh ? row + 1 : 0;
    if (row === CYRILLIC_ROW) cyrillic += CYRILLIC_ROW;
    else if (row > CYRILLIC_ROW) cyrillic++;
  }
  return cyrillic > 0 && cyrillic >= LEAST_CYRILLIC * letters;
}

/** Text without control characters and of limited length, fit for display and for writing. */
export function cleanText(text: string): string {
  const plain = text.replace(/\p{C}+/gu, " ").replace(/\s+/gu, " ").trim();
  return [...plain.slice(0, 2 * longest)].slice(0, longest).join("");
}
