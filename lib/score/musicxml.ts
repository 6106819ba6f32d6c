import { escapeMarkup } from "../show/text.ts";
import { type Beam, beamsIn } from "./beams.ts";
import type { OctaveShift } from "./marks.ts";
import { UNITS } from "./notes.ts";
import { spell, type Spelling } from "./spelling.ts";
import type { ScoreSheet, SheetBar, StaffBar, VoiceBar } from "./sheet.ts";
import { isCompound, type Written } from "./values.ts";
import type { SegmentNote } from "./voices.ts";

/** Who wrote a score, as its file says. */
const SOFTWARE = "YetAnotherMIDIGenerator";

/** MusicXML's names of note values. */
const TYPES: Readonly<Record<number, string>> = {
  1: "whole",
  2: "half",
  4: "quarter",
  8: "eighth",
  16: "16th",
  32: "32nd",
  64: "64th",
};

/** A score as MusicXML 4.0 (partwise): one part with two staves. */
export function musicXml({ title, beatsPerMinute, bars }: ScoreSheet): string {
  const measures = bars.map((bar, i) =>
    measure(bars, i, bar, i === 0 ? beatsPerMinute : undefined)
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">
<score-partwise version="4.0">
<work><work-title>${escapeMarkup(title)}</work-title></work>
<identification><encoding><software>${SOFTWARE}</software></encoding></identification>
<part-list><score-part id="P1"><part-name>Piano</part-name><part-abbreviation/><score-instrument id="P1-I1"><instrument-name>Piano</instrument-name><instrument-sound>keyboard.piano</instrument-sound></score-instrument><midi-instrument id="P1-I1"><midi-channel>1</midi-channel><midi-program>1</midi-program></midi-instrument></score-part></part-list>
<part id="P1">
${measures.join("\n")}
</part>
</score-partwise>
`;
}

function measure(
  bars: readonly SheetBar[],
  index: number,
  bar: SheetBar,
  beatsPerMinute: number | undefined,
): string {
  const upbeats = bars[0]!.missing > 0 ? 1 : 0;
  const full = bar.numerator * 4 * UNITS / bar.denominator;
  const implicit = bar.length < full && index < bars.length - 1 ? ' implicit="yes"' : "";
  const staves = bar.staves.map((staff, number) => {
    const octave = (at: number) => bars[index + at]?.staves[number]?.octave ?? 0;
    const from = octave(0) !== 0 && octave(0) !== octave(-1)
      ? octaveXml(octave(0), number + 1)
      : "";
    const to = octave(0) !== 0 && octave(0) !== octave(1) ? octaveXml(0, number + 1) : "";
    return from + staffXml(staff, bar, number + 1) + to;
  });
  return [
    `<measure number="${index + 1 - upbeats}"${implicit}>`,
    attributes(bars[index - 1], bar),
    beatsPerMinute === undefined ? "" : tempo(beatsPerMinute, bar),
    bar.dynamic === bars[index - 1]?.dynamic ? "" : dynamicXml(bar.dynamic),
    staves.join(`<backup><duration>${bar.length}</duration></backup>\n`),
    pedalXml(bar),
    index === bars.length - 1
      ? '<barline location="right"><bar-style>light-heavy</bar-style></barline>'
      : "",
    "</measure>",
  ].filter((line) => line !== "").join("\n");
}

function attributes(before: SheetBar | undefined, bar: SheetBar): string {
  const { key, numerator, denominator } = bar;
  const lines = [
    before ? "" : `<divisions>${UNITS}</divisions>`,
    before?.key.fifths === key.fifths
      ? ""
      : `<key><fifths>${key.fifths}</fifths><mode>${key.mode}</mode></key>`,
    before?.numerator === numerator && before.denominator === denominator
      ? ""
      : `<time><beats>${numerator}</beats><beat-type>${denominator}</beat-type></time>`,
    before ? "" : "<staves>2</staves>",
    ...bar.staves.map(({ clef }, i) =>
      before !== undefined && before.staves[i]!.clef === clef ? "" : `<clef number="${i + 1}">` +
        (clef === "treble" ? "<sign>G</sign><line>2</line>" : "<sign>F</sign><line>4</line>") +
        "</clef>"
    ),
  ].join("");
  return lines === "" ? "" : `<attributes>${lines}</attributes>`;
}

function tempo(beatsPerMinute: number, { numerator, denominator }: SheetBar): string {
  const compound = isCompound(numerator, denominator) && denominator === 8;
  const shown = Math.round(compound ? beatsPerMinute / 1.5 : beatsPerMinute);
  const metronome = `<beat-unit>quarter</beat-unit>${compound ? "<beat-unit-dot/>" : ""}` +
    `<per-minute>${shown}</per-minute>`;
  const sound = `<sound tempo="${Number(beatsPerMinute.toFixed(2))}"/>`;
  return direction(`<metronome>${metronome}</metronome>`, 1, "above", sound);
}

function dynamicXml(dynamic: SheetBar["dynamic"]): string {
  if (dynamic === undefined) return "";
  return direction(`<dynamics><${dynamic}/></dynamics>`, 1, "below");
}

/** A sign that is no note. @param more what is heard of it */
function direction(type: string, staff: number, placement?: "above" | "below", more = ""): string {
  const place = placement === undefined ? "" : ` placement="${placement}"`;
  return `<direction${place}><direction-type>${type}</direction-type><staff>${staff}</staff>` +
    `${more}</direction>`;
}

const OCTAVE_SIGNS = {
  [-1]: ["up", "below"],
  0: ["stop", undefined],
  1: ["down", "above"],
} as const;

/** An octave sign that begins, or ends. */
function octaveXml(octave: OctaveShift, staff: number): string {
  const [type, placement] = OCTAVE_SIGNS[octave];
  return direction(`<octave-shift type="${type}" size="8"/>`, staff, placement) + "\n";
}

/** The pedal's marks of a bar, below the left hand, in a pass through the bar of their own. */
function pedalXml({ start, length, pedal }: SheetBar): string {
  if (pedal.length === 0) return "";
  const forward = (units: number) =>
    units > 0 ? `<forward><duration>${units}</duration><staff>2</staff></forward>` : "";
  const marks = pedal.map(({ at, type }, i) =>
    forward(at - (pedal[i - 1]?.at ?? start)) +
    direction(`<pedal type="${type}" line="yes" sign="no"/>`, 2, "below")
  );
  return `<backup><duration>${length}</duration></backup>${marks.join("")}` +
    forward(start + length - pedal.at(-1)!.at);
}

/** What an accidental is called. */
const ACCIDENTALS: Readonly<Record<number, string>> = {
  [-2]: "flat-flat",
  [-1]: "flat",
  0: "natural",
  1: "sharp",
  2: "double-sharp",
};

function staffXml({ voices }: StaffBar, bar: SheetBar, staff: number): string {
  const shown = accidentals(voices, bar);
  const lines = voices.map((voice, index) => {
    const beams = beamsIn(voice, bar);
    const place = `<voice>${4 * (staff - 1) + index + 1}</voice>`;
    const sounding = voice.filter(({ notes }) => notes.length > 0)
      .reduce((sum, { start, end }) => sum + end - start, 0);
    const rests = index === 0 || 2 * sounding >= bar.length; // a few notes need no rests around them
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
      return notes.map((note, chord) => {
        const accidental = shown.get(note);
        const sign = accidental === undefined
          ? ""
          : `<accidental>${ACCIDENTALS[accidental]}</accidental>`;
        const ties = [...note.tiedFrom ? ["stop"] : [], ...note.tiedTo ? ["start"] : []];
        return `<note>${chord > 0 ? "<chord/>" : ""}${
          pitchXml(spell(note.pitch, bar.local, bar.key))
        }` +
          duration + ties.map((type) => `<tie type="${type}"/>`).join("") + place +
          valueXml(written, sign) + (chord > 0 ? `<staff>${staff}</staff>` : after) +
          notationsXml(written, voice, i, ties, chord) + "</note>";
      }).join("\n");
    }).join("\n");
  });
  return lines.join(`\n<backup><duration>${bar.length}</duration></backup>\n`) + "\n";
}

function beamXml(beam: Beam, level: number): string {
  return `<beam number="${level + 1}">${beam}</beam>`;
}

function pitchXml({ letter, alter, octave }: Spelling): string {
  return `<pitch><step>${letter}</step>${alter === 0 ? "" : `<alter>${alter}</alter>`}` +
    `<octave>${octave}</octave></pitch>`;
}

/** Note value, dots, accidental and time in a group, in the order that MusicXML wants. */
function valueXml({ value, dots, triplet, wholeBar }: Written, accidental: string): string {
  if (wholeBar) return "";
  return `<type>${TYPES[value]}</type>${"<dot/>".repeat(dots)}${accidental}` +
    (triplet
      ? "<time-modification><actual-notes>3</actual-notes><normal-notes>2</normal-notes>" +
        `<normal-type>${triplet.length === UNITS ? "eighth" : "16th"}</normal-type>` +
        "</time-modification>"
      : "");
}

function notationsXml(
  { triplet, start, end }: Written,
  voice: VoiceBar,
  i: number,
  ties: readonly string[],
  chord: number,
): string {
  const notations = ties.map((type) => `<tied type="${type}"/>`);
  if (triplet && chord === 0) {
    if (start === triplet.start || voice[i - 1]?.triplet?.start !== triplet.start) {
      notations.push('<tuplet type="start" bracket="yes"/>');
    }
    if (end === triplet.start + triplet.length) notations.push('<tuplet type="stop"/>');
  }
  return notations.length === 0 ? "" : `<notations>${notations.join("")}</notations>`;
}

/** Which notes of a staff need an accidental: where their line has another in force in this bar. */
function accidentals(voices: readonly VoiceBar[], bar: SheetBar): Map<SegmentNote, number> {
  const shown = new Map<SegmentNote, number>();
  const inForce = new Map<string, number>();
  const inTime = voices.flat().sort((a, b) => a.start - b.start);
  for (const note of inTime.flatMap(({ notes }) => notes)) {
    const { letter, alter, octave } = spell(note.pitch, bar.local, bar.key);
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
