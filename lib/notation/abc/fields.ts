import {
  type ChordName,
  isMetre,
  LETTER_PITCH,
  type WrittenKey,
  type WrittenMetre,
} from "../score.ts";

/** Sharps in the major key of each letter. */
const SHARPS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: -1, G: 1, A: 3, B: 5 };

/** Difference in sharps between a mode's signature and that of the major key on its tonic. */
const MODES: Readonly<Record<string, number>> = {
  ...{ "": 0, maj: 0, ion: 0, m: -3, min: -3, aeo: -3, mix: -1, dor: -2, phr: -4, lyd: 1, loc: -5 },
};

/** A key signature with the alteration of each letter. */
export interface AbcKey extends WrittenKey {
  readonly alters: Readonly<Record<string, number>>;
}

/** Reads a K: field, such as `G`, `Am`, `D dorian`, `Bb mix ^f`. */
export function keyOf(text: string): AbcKey {
  const [, letter, sign = "", mode = ""] = /^([A-G])([#b]?)\s*([A-Za-z]*)/.exec(text) ?? [];
  const word = mode.toLowerCase().slice(0, mode === "m" || mode === "M" ? 1 : 3);
  const isMode = mode !== "M" && word in MODES;
  const fifths = text.startsWith("HP") || text.startsWith("Hp")
    ? 2
    : letter === undefined
    ? 0
    : SHARPS[letter]! +
      (sign === "#" ? 7 : sign === "b" ? -7 : 0) + (isMode ? MODES[word]! : 0);
  const alters: Record<string, number> = {};
  [..."FCGDAEB"].forEach((name, i) => {
    alters[name] = Math.floor((fifths + 6 - i) / 7);
  });
  for (const [, signs, name] of text.matchAll(/([=^_]+)([A-Ga-g])(?![a-z])/g)) {
    alters[name!.toUpperCase()] = alterOf(signs!);
  }
  return { fifths: Math.max(-7, Math.min(7, fifths)), minor: isMode && MODES[word] === -3, alters };
}

/** Semitones of an accidental: `^`, `^^`, `=`, `_`, `__`. */
export function alterOf(signs: string): number {
  return signs.split("^").length - signs.split("_").length;
}

/** Reads an M: field; undefined for free metre. */
export function metreOf(text: string): WrittenMetre | undefined {
  if (text.trim() === "C") return { numerator: 4, denominator: 4 };
  if (text.trim() === "C|") return { numerator: 2, denominator: 2 };
  const [, beats, denominator] = /^\(?([\d+ ]{1,20})\)?\/(\d{1,2})/.exec(text.trim()) ?? [];
  const numerator = (beats ?? "0").split("+").reduce((sum, one) => sum + Number(one), 0);
  const metre = { numerator, denominator: Number(denominator) };
  return isMetre(metre.numerator, metre.denominator) ? metre : undefined;
}

/** Parses a fraction such as `1/8`, `3/2`, `/`, `//`, `2`; `otherwise` where there is none. */
export function fractionOf(text: string, otherwise = 1): number {
  const [, over = "", slashes = "", under = ""] = /^(\d{0,4})(\/*)(\d{0,4})$/.exec(text.trim()) ??
    [];
  if (over === "" && slashes === "") return otherwise;
  const divisor = under !== "" ? Number(under) : 2 ** slashes.length;
  return (over === "" ? 1 : Number(over)) / Math.max(1, divisor);
}

/**
 * Tempo of a Q: field in quarter notes per minute, such as `1/4=120`, `"Allegro" 3/8=80`, `120`;
 * NaN where it has none.
 */
export function tempoOf(text: string, unit: number): number {
  const plain = text.replace(/"[^"]*"/g, "");
  const [, beats, count] = /([\d/ ]+)=\s*(\d{1,4}(?:\.\d+)?)/.exec(plain) ?? [];
  if (beats === undefined) return Number(/^\s*(\d{1,4})\s*$/.exec(plain)?.[1] ?? NaN) * 4 * unit;
  const quarters = beats.trim().split(/\s+/).reduce((sum, one) => sum + 4 * fractionOf(one, 0), 0);
  return quarters * Number(count);
}

/** Most parts in an order of parts. */
const MOST_PARTS = 1000;

/** Reads a P: field of a header, such as `ABA`, `A2.B`, `((AB)3.C)2`, as the parts in order. */
export function partsOf(text: string): string[] {
  const open: string[][] = [[]];
  for (const [one] of text.matchAll(/\(|[A-Za-z]\d{0,2}|\)\d{0,2}/g)) {
    if (one === "(") {
      open.push([]);
      continue;
    }
    const times = Number(/\d+/.exec(one)?.[0] ?? 1) || 1;
    const group = one[0] !== ")" ? [one[0]!] : open.length > 1 ? open.pop()! : [];
    const into = open.at(-1)!;
    for (let i = 0; i < times && into.length + group.length <= MOST_PARTS; i++) into.push(...group);
  }
  return open.flat().slice(0, MOST_PARTS);
}

/** MusicXML chord kinds by ABC spelling. */
const KINDS: Readonly<Record<string, string>> = {
  ...{
    "": "major",
    m: "minor",
    min: "minor",
    "7": "dominant",
    maj7: "major-seventh",
    M7: "major-seventh",
  },
  ...{ m7: "minor-seventh", min7: "minor-seventh", dim: "diminished", dim7: "diminished-seventh" },
  ...{ aug: "augmented", "+": "augmented", sus4: "suspended-fourth", sus: "suspended-fourth" },
  ...{ sus2: "suspended-second", "6": "major-sixth", m6: "minor-sixth", m7b5: "half-diminished" },
};

/** Parses a chord symbol such as `Am7/G`; undefined for other text. */
export function chordOf(text: string): ChordName | undefined {
  const match = /^([A-G])([#b]?)([^/\s]{0,8})(?:\/([A-G])([#b]?))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, step, sign, kind, bass, bassSign] = match;
  const alter = (one: string | undefined) => one === "#" ? 1 : one === "b" ? -1 : 0;
  return {
    root: { step: step!, alter: alter(sign) },
    kind: KINDS[kind!] ?? "other",
    text: kind!,
    ...(bass ? { bass: { step: bass, alter: alter(bassSign) } } : {}),
  };
}

/** MIDI pitch of a letter (`C` is middle C, `c` the octave above) with octave marks, unaltered. */
export function pitchOf(letter: string, marks: string): number {
  const octave = (letter === letter.toLowerCase() ? 1 : 0) + marks.split("'").length -
    marks.split(",").length;
  return 60 + 12 * octave + LETTER_PITCH[letter.toUpperCase()]!;
}
