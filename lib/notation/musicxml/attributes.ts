import { type At, isMetre, type WrittenKey, type WrittenMetre } from "../score.ts";
import { attribute, child, childrenOf, numberOf, textOf, type XmlElement } from "../xml.ts";
import type { PartState } from "./part_state.ts";

/**
 * Reads what changes at a time: key, metre, duration units, transposition, number of staves. Where
 * staves of a part differ in key or metre, those of its first staff hold.
 */
export function readAttributes(
  element: XmlElement,
  state: PartState,
  keys: (At & WrittenKey)[],
  at: number,
): void {
  for (const one of element.children) {
    const isOfFirst = (attribute(one, "number") ?? "1") === "1";
    if (one.name === "divisions") {
      const divisions = Number(one.text);
      if (divisions > 0 && Number.isFinite(divisions)) state.divisions = divisions;
    } else if (one.name === "key" && isOfFirst) {
      const fifths = Math.round(numberOf(one, "fifths", NaN));
      if (Math.abs(fifths) <= 7) {
        keys.push({ at, fifths, minor: /^(minor|aeolian)$/.test(textOf(one, "mode")) });
      }
    } else if (one.name === "time" && isOfFirst) state.metre = readTime(one, state.metre);
    else if (one.name === "staves") {
      state.staves = Math.max(state.staves, Math.round(Number(one.text)) || 1);
    } else if (one.name === "measure-style") {
      const sign = child(one, "measure-repeat");
      if (sign) {
        state.barRepeat = attribute(sign, "type") === "start"
          ? Math.max(1, Math.round(Number(sign.text)) || 1)
          : 0;
      }
    } else if (one.name === "transpose") {
      state.transpose = Math.round(
        numberOf(one, "chromatic", 0) + 12 * numberOf(one, "octave-change", 0),
      );
    }
  }
}

/** Reads a time signature; sums such as 3+2 and composites such as 2/4 with 3/8 are added up. */
function readTime(
  element: XmlElement,
  before: WrittenMetre | undefined,
): WrittenMetre | undefined {
  if (child(element, "senza-misura")) return undefined;
  const beats = childrenOf(element, "beats")
    .map(({ text }) => text.split("+").reduce((sum, one) => sum + Number(one), 0));
  const types = childrenOf(element, "beat-type").map(({ text }) => Number(text));
  const denominator = types.reduce((most, type) => Math.max(most, type), -Infinity);
  const numerator = beats.reduce((sum, count, i) => sum + count * denominator / types[i]!, 0);
  return isMetre(numerator, denominator) ? { numerator, denominator } : before;
}
