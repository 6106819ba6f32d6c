import { type Frame, HELD, isHeld, pitchOf, REST } from "./frame.ts";

/**
 * The canonical text of a frame: pitches ascending, joined by commas, a held pitch followed by
 * `~`. The rest is the empty text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeCombination, encodeCombination } from "./combination.ts";
 *
 * assertEquals(encodeCombination([48 + 128, 60, 64]), "48~,60,64");
 * assertEquals(decodeCombination("48~,60,64"), [48 + 128, 60, 64]);
 * ```
 */
export function encodeCombination(frame: Iterable<number>): string {
  let text = "";
  for (const code of frame) {
    if (text !== "") text += ",";
    text += isHeld(code) ? `${code - HELD}~` : `${code}`;
  }
  return text;
}

/**
 * Parses the text of a combination into its frame.
 * @throws {Error} if the text is no combination or not in canonical order
 */
export function decodeCombination(text: string): Frame {
  if (text === "") return REST;
  const frame = text.split(",").map((part) => {
    const match = /^(\d{1,3})(~?)$/.exec(part);
    const pitch = Number(match?.[1]);
    if (!match || pitch > 127) {
      throw new Error(
        `Cannot read combination "${text}": "${part}" is not a pitch from 0 to 127, or one ` +
          `followed by "~"; write it like 60,64,67`,
      );
    }
    return match[2] ? pitch + HELD : pitch;
  });
  for (let i = 1; i < frame.length; i++) {
    if (pitchOf(frame[i]!) <= pitchOf(frame[i - 1]!)) {
      throw new Error(`Cannot read combination "${text}": its pitches must ascend`);
    }
  }
  return frame;
}
