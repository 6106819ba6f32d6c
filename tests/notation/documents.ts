import { deflateRawSync } from "node:zlib";
import type { Music } from "../../lib/midi/music.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { midiOfScore, readScore } from "../../lib/notation/read.ts";

/** Builds small MusicXML documents, and reads them as they would be played. */

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A document with one part; each of `measures` is what stands in a measure. */
export function document(measures: readonly string[], before = ""): string {
  const body = measures.map((measure, i) => `<measure number="${i + 1}">${measure}</measure>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">
<score-partwise version="4.0">${before}<part-list><score-part id="P1"><part-name>Piano</part-name>
</score-part></part-list><part id="P1">${body.join("\n")}</part></score-partwise>`;
}

/** Attributes of a first measure. */
export function attributes(
  { divisions = 4, time = "4/4", fifths = 0, mode = "major", staves = 1, more = "" } = {},
): string {
  const [beats, type] = time.split("/");
  return `<attributes><divisions>${divisions}</divisions><key><fifths>${fifths}</fifths>` +
    `<mode>${mode}</mode></key><time><beats>${beats}</beats><beat-type>${type}</beat-type></time>` +
    `<staves>${staves}</staves>${more}</attributes>`;
}

/** A note such as `C4`, `F#3`, `Bb5`, or a rest `R`. */
export function note(
  name: string,
  duration: number,
  { voice = 1, staff = 1, more = "", head = "" } = {},
): string {
  const [, step, sign, octave] = /^([A-G])([#b]?)(\d)$/.exec(name) ?? [];
  const alter = sign === "#" ? 1 : sign === "b" ? -1 : 0;
  const pitch = step === undefined
    ? "<rest/>"
    : `<pitch><step>${step}</step><alter>${alter}</alter><octave>${octave}</octave></pitch>`;
  const [first, rest] = more.includes("<grace")
    ? [more, ""]
    : [/^<(chord|cue)\/>/.exec(more)?.[0] ?? "", `<duration>${duration}</duration>`];
  const last = more.includes("<grace") ? "" : more.slice(first.length);
  return `<note${head}>${first}${pitch}${rest}${last}<voice>${voice}</voice><staff>${staff}</staff></note>`;
}

export const tie = (...types: string[]): string =>
  types.map((type) => `<tie type="${type}"/>`).join("");

export const backup = (duration: number): string =>
  `<backup><duration>${duration}</duration></backup>`;

/** A document's music. */
export function played(text: string): Music {
  return readMidi(midiOfScore(readScore(bytesOf(text))).midi);
}

/** Notes as texts: pitch, onset and length in quarter notes, such as `60@0+1`. */
export function notesIn(text: string): string[] {
  const { parts, ticksPerBeat } = played(text);
  const round = (ticks: number) => Number((ticks / ticksPerBeat).toFixed(3));
  return parts.flatMap(({ notes }) => notes)
    .sort((a, b) => a.startTicks - b.startTicks || a.pitch - b.pitch)
    .map(({ pitch, startTicks, endTicks }) =>
      `${pitch}@${round(startTicks)}+${round(endTicks - startTicks)}`
    );
}

/** The first pitches of bars of one whole note each, in the order in which they are played. */
export function orderOf(text: string): string {
  return notesIn(text).map((one) => String.fromCharCode(Number(one.split("@")[0]) - 60 + 65)).join(
    "",
  );
}

/** A ZIP archive; `size` is what it states for each file instead of the truth. */
export function zip(files: Readonly<Record<string, string>>, size?: number): Uint8Array {
  const little = (value: number, bytes: number) =>
    Array.from({ length: bytes }, (_, i) => (value >>> (8 * i)) & 255);
  const local: number[] = [], directory: number[] = [];
  for (const [name, text] of Object.entries(files)) {
    const packed = deflateRawSync(bytesOf(text)), at = local.length, nameBytes = bytesOf(name);
    const sizes = [...little(packed.length, 4), ...little(size ?? bytesOf(text).length, 4)];
    const common = [...little(0, 2), ...little(8, 2), ...little(0, 8), ...sizes];
    local.push(...little(0x04034b50, 4), 20, 0, ...common, ...little(nameBytes.length, 2), 0, 0);
    local.push(...nameBytes, ...packed);
    directory.push(
      ...little(0x02014b50, 4),
      20,
      0,
      20,
      0,
      ...common,
      ...little(nameBytes.length, 2),
    );
    directory.push(...little(0, 12), ...little(at, 4), ...nameBytes);
  }
  const count = little(Object.keys(files).length, 2);
  const end = [...little(directory.length, 4), ...little(local.length, 4), 0, 0];
  return new Uint8Array([
    ...local,
    ...directory,
    ...[...little(0x06054b50, 4), 0, 0, 0, 0, ...count, ...count, ...end],
  ]);
}

/** A compressed MusicXML file. */
export function mxl(text: string, size?: number): Uint8Array {
  const container =
    '<container><rootfiles><rootfile full-path="a.musicxml"/><rootfile full-path="b.pdf"/></rootfiles></container>';
  return zip({ "META-INF/container.xml": container, "a.musicxml": text }, size);
}
