/** The longest text that is taken from a file, in characters. */
const longest = 120;

/**
 * Makes text of bytes that a file calls text: UTF-8 where they are, else Latin-1; control, format
 * and unassigned characters become spaces, spaces are joined, and what is too long is cut. The
 * result may still hold `<` and `&`: whoever shows it in a page has to escape it.
 */
export function decodeText(bytes: Uint8Array): string {
  const head = bytes.subarray(0, 4 * longest);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(head, {
      stream: head.length < bytes.length, // the cut may have gone through a character
    });
  } catch {
    text = new TextDecoder("latin1").decode(head);
  }
  return cleanText(text);
}

/** Text without control characters and of limited length, fit to be shown and to be written. */
export function cleanText(text: string): string {
  const plain = text.replace(/\p{C}+/gu, " ").replace(/\s+/gu, " ").trim();
  return [...plain.slice(0, 2 * longest)].slice(0, longest).join("");
}
