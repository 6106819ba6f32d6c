import { chordParts } from "../midi/chord_symbols.ts";
import { CHORD_KINDS } from "../notation/chord_kinds.ts";
import type { ChordDegree } from "../notation/score.ts";
import { escapeMarkup } from "../show/text.ts";

/** A chord symbol as a MusicXML harmony, displayed as it is written; empty if it is none. */
export function harmonyXml(symbol: string): string {
  const parts = chordParts(symbol);
  if (!parts) {
    return `<harmony placement="above"><root><root-step text="">C</root-step></root>` +
      `<kind text="${escapeMarkup(symbol)}">none</kind><staff>1</staff></harmony>`;
  }
  const { root, suffix, bass } = parts, [kind, ...degrees] = CHORD_KINDS[suffix]!;
  return `<harmony placement="above">${toneXml("root", root)}` +
    `<kind text="${shown(suffix)}">${kind}</kind>${
      bass === undefined ? "" : toneXml("bass", bass)
    }` +
    `${degrees.map(degreeXml).join("")}<staff>1</staff></harmony>`;
}

/** A suffix as it is displayed: `m7♭5`. */
function shown(suffix: string): string {
  return suffix.replace(/b(?=\d)/g, "♭").replaceAll("#", "♯");
}

function toneXml(what: "root" | "bass", name: string): string {
  const accidentals = name.slice(1), alter = accidentals.length;
  const sign = accidentals.startsWith("b") ? "-" : "";
  return `<${what}><${what}-step>${name[0]}</${what}-step>` +
    `${alter === 0 ? "" : `<${what}-alter>${sign}${alter}</${what}-alter>`}</${what}>`;
}

/** A degree that the displayed text says already. */
function degreeXml([degree, alter, type]: ChordDegree): string {
  return `<degree print-object="no"><degree-value>${degree}</degree-value>` +
    `<degree-alter>${alter}</degree-alter><degree-type>${type}</degree-type></degree>`;
}
