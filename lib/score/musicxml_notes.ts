import { type Beam, beamsIn } from "./beams.ts";
import type { SheetBar, StaffBar, VoiceBar } from "./sheet.ts";
import { spell, type Spelling, type Spellings } from "./spelling.ts";
import type { Written } from "./values.ts";
import type { SegmentNote } from "./voices.ts";

/** MusicXML names of note values. */
const TYPES: Readonly<Record<number, string>> = {
  1: "whole",
  2: "half",
  4: "quarter",
  8: "eighth",
  16: "16th",
  32: "32nd",
  64: "64th",
  128: "128th",
};

/** MusicXML names of accidentals. */
const ACCIDENTALS: Readonly<Record<number, string>> = {
  [-2]: "flat-flat",
  [-1]: "flat",
  0: "natural",
  1: "sharp",
  2: "double-sharp",
};

/** The notes of one staff in a bar, voice by voice. */
export function staffXml(
  { voices }: StaffBar,
  bar: SheetBar,
  staff: number,
  spellings: Spellings,
): string {
  const shown = accidentals(voices, bar, spellings);
  const lines = voices.map((voice, index) => {
    const beams = beamsIn(voice, bar);
    const place = `<voice>${4 * (staff - 1) + index + 1}</voice>`;
    const sounding = voice.filter(({ notes }) => notes.length > 0)
      .reduce((sum, { start, end }) => sum + end - start, 0);
    // a few notes need no rests around them, but tuplets do
    const rests = index === 0 || 2 * sounding >= bar.length || voice.some(({ tuplet }) => tuplet);
    return voice.map((written, i) => {
      const { start, end, notes } = written;
      const duration = `<duration>${end - start}</duration>`;
      const after = `<staff>${staff}</staff>${beams[i]!.map(beamXml).join("")}`;
      if (notes.length === 0 && !rests) return `<forward>${duration}${place}</forward>`;
      if (notes.length === 0) {
        const rest = written.wholeBar ? '<rest measure="yes"/>' : "<rest/>";
        const notations = notationsXml(written, voice, i, [], 0);
        return `<note>${rest}${duration}${place}${
          valueXml(written, "")
        }${after}${notations}</note>`;
      }
      const pitches = notes.flatMap((note) => note.graces);
      const graces = pitches
        .map((pitch, i) => graceXml(pitch, bar, place, staff, graceBeam(i, pitches.length)))
        .join("");
      return graces + notes.map((note, chord) => {
        const accidental = shown.get(note);
        const sign = accidental === undefined
          ? ""
          : `<accidental>${ACCIDENTALS[accidental]}</accidental>`;
        const ties = [...note.tiedFrom ? ["stop"] : [], ...note.tiedTo ? ["start"] : []];
        return `<note>${chord > 0 ? "<chord/>" : ""}${pitchXml(spellings.get(note)!)}` +
          duration + ties.map((type) => `<tie type="${type}"/>`).join("") + place +
          valueXml(written, sign) + (chord > 0 ? `<staff>${staff}</staff>` : after) +
          notationsXml(written, voice, i, ties, chord, note.isRolled) + "</note>";
      }).join("\n");
    }).join("\n");
  });
  return lines.join(`\n<backup><duration>${bar.length}</duration></backup>\n`) + "\n";
}

/** Beam of one of several grace notes; undefined for a single one. */
function graceBeam(index: number, count: number): Beam | undefined {
  if (count === 1) return undefined;
  return index === 0 ? "begin" : index === count - 1 ? "end" : "continue";
}

/** A grace note: an eighth with a slash alone, one of several sixteenths under a beam. */
function graceXml(
  pitch: number,
  bar: SheetBar,
  place: string,
  staff: number,
  beam: Beam | undefined,
): string {
  const spelling = spell(pitch, bar.local, bar.key), { letter, alter } = spelling;
  const sign = alter === signatureAlter(letter, bar.key)
    ? ""
    : `<accidental>${ACCIDENTALS[alter]}</accidental>`;
  const grace = beam ? "<grace/>" : '<grace slash="yes"/>';
  const beams = beam ? beamXml(beam, 0) + beamXml(beam, 1) : "";
  return `<note>${grace}${pitchXml(spelling)}${place}<type>${beam ? "16th" : "eighth"}</type>` +
    `${sign}<staff>${staff}</staff>${beams}</note>\n`;
}

function beamXml(beam: Beam, level: number): string {
  return `<beam number="${level + 1}">${beam}</beam>`;
}

function pitchXml({ letter, alter, octave }: Spelling): string {
  return `<pitch><step>${letter}</step>${alter === 0 ? "" : `<alter>${alter}</alter>`}` +
    `<octave>${octave}</octave></pitch>`;
}

/** Note value, dots, accidental and tuplet ratio, in the order required by MusicXML. */
function valueXml({ value, dots, tuplet, wholeBar }: Written, accidental: string): string {
  if (wholeBar) return "";
  return `<type>${TYPES[value]}</type>${"<dot/>".repeat(dots)}${accidental}` +
    (tuplet
      ? `<time-modification><actual-notes>${tuplet.actual}</actual-notes>` +
        `<normal-notes>${tuplet.normal}</normal-notes>` +
        `<normal-type>${TYPES[tuplet.value]}</normal-type></time-modification>`
      : "");
}

function notationsXml(
  { tuplet, start, end, notes }: Written,
  voice: VoiceBar,
  i: number,
  ties: readonly string[],
  chord: number,
  isRolled = false,
): string {
  const notations = ties.map((type) => `<tied type="${type}"/>`);
  const dotted = notes.some(({ isStaccato }) => isStaccato) && chord === 0;
  if (tuplet && chord === 0) {
    if (start === tuplet.start || voice[i - 1]?.tuplet?.start !== tuplet.start) {
      notations.push('<tuplet type="start" bracket="yes"/>');
    }
    if (end === tuplet.start + tuplet.length) notations.push('<tuplet type="stop"/>');
  }
  if (isRolled && notes.length > 1) notations.push("<arpeggiate/>");
  if (dotted) notations.push("<articulations><staccato/></articulations>");
  return notations.length === 0 ? "" : `<notations>${notations.join("")}</notations>`;
}

/**
 * Notes of a staff that need an accidental: those that differ from the one in force on their staff
 * position.
 */
function accidentals(
  voices: readonly VoiceBar[],
  bar: SheetBar,
  spellings: Spellings,
): Map<SegmentNote, number> {
  const shown = new Map<SegmentNote, number>();
  const inForce = new Map<string, number>();
  const inTime = voices.flat().sort((a, b) => a.start - b.start);
  for (const note of inTime.flatMap(({ notes }) => notes)) {
    const { letter, alter, octave } = spellings.get(note)!;
    const line = `${letter}${octave}`;
    const before = inForce.get(line) ?? signatureAlter(letter, bar.key);
    if (note.tiedFrom || alter === before) continue;
    shown.set(note, alter);
    inForce.set(line, alter);
  }
  return shown;
}

/** Semitones by which a signature raises a letter. */
function signatureAlter(letter: string, { fifths }: SheetBar["key"]): number {
  const place = "FCGDAEB".indexOf(letter);
  return fifths > 0 ? Number(place < fifths) : -Number(place >= 7 + fifths);
}
