import { escapeMarkup } from "../show/text.ts";
import type { OctaveShift } from "./marks.ts";
import { barLength, isCompound } from "./metre.ts";
import { UNITS } from "./notes.ts";
import { type Spellings, spellingsOf } from "./spelling.ts";
import { harmonyXml } from "./musicxml_harmony.ts";
import { staffXml } from "./musicxml_notes.ts";
import type { ScoreSheet, SheetBar } from "./sheet.ts";

/** Name of the program in a score's metadata. */
const SOFTWARE = "YetAnotherMIDIGenerator";

/** A score as MusicXML 4.0 (partwise): one part with two staves. */
export function musicXml({ title, bars }: ScoreSheet): string {
  const spellings = spellingsOf(bars);
  const measures = bars.map((bar, i) => measure(bars, i, bar, spellings));
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
  spellings: Spellings,
): string {
  const upbeats = bars[0]!.missing > 0 ? 1 : 0;
  const implicit = bar.length < barLength(bar) && index < bars.length - 1 ? ' implicit="yes"' : "";
  const staves = bar.staves.map((staff, number) => {
    const octave = (at: number) => bars[index + at]?.staves[number]?.octave ?? 0;
    const from = octave(0) !== 0 && octave(0) !== octave(-1)
      ? octaveXml(octave(0), number + 1)
      : "";
    const to = octave(0) !== 0 && octave(0) !== octave(1) ? octaveXml(0, number + 1) : "";
    return from + staffXml(staff, bar, number + 1, spellings) + to;
  });
  return [
    `<measure number="${index + 1 - upbeats}"${implicit}>`,
    attributes(bars[index - 1], bar),
    bar.beatsPerMinute === undefined ? "" : tempo(bar.beatsPerMinute, bar),
    bar.dynamic === bars[index - 1]?.dynamic ? "" : dynamicXml(bar.dynamic),
    chordsXml(bar),
    staves.join(`${moveXml("backup", bar.length)}\n`),
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

function tempo(beatsPerMinute: number, bar: SheetBar): string {
  const dotted = isCompound(bar) && bar.denominator <= 16; // a quarter in 6/8, an eighth in 6/16
  const shown = Math.round(dotted ? beatsPerMinute * bar.denominator / 12 : beatsPerMinute);
  const unit = dotted && bar.denominator === 16 ? "eighth" : "quarter";
  const metronome = `<beat-unit>${unit}</beat-unit>${dotted ? "<beat-unit-dot/>" : ""}` +
    `<per-minute>${shown}</per-minute>`;
  const sound = `<sound tempo="${Number(beatsPerMinute.toFixed(2))}"/>`;
  return direction(`<metronome>${metronome}</metronome>`, 1, "above", sound);
}

function dynamicXml(dynamic: SheetBar["dynamic"]): string {
  if (dynamic === undefined) return "";
  return direction(`<dynamics><${dynamic}/></dynamics>`, 1, "below");
}

/** A direction (sign other than a note). @param more its audible effect */
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

/** Start or end of an octave sign. */
function octaveXml(octave: OctaveShift, staff: number): string {
  const [type, placement] = OCTAVE_SIGNS[octave];
  return direction(`<octave-shift type="${type}" size="8"/>`, staff, placement) + "\n";
}

/** Chord symbols of a bar, above the right hand, in a separate pass that goes back to its start. */
function chordsXml({ start, chords }: SheetBar): string {
  const marks = chords.map(({ at, symbol }) => ({ at, xml: harmonyXml(symbol) }));
  return marksXml(start, 1, marks) + moveXml("backup", (chords.at(-1)?.at ?? start) - start);
}

/** Pedal marks of a bar, below the left hand, in a separate pass through the bar. */
function pedalXml({ start, length, pedal }: SheetBar): string {
  if (pedal.length === 0) return "";
  const marks = pedal.map(({ at, type }) => ({
    at,
    xml: direction(`<pedal type="${type}" line="yes" sign="no"/>`, 2, "below"),
  }));
  return moveXml("backup", length) + marksXml(start, 2, marks) +
    moveXml("forward", start + length - pedal.at(-1)!.at, 2);
}

/** Marks in a separate pass through a bar, which ends at the last of them. */
function marksXml(
  start: number,
  staff: number,
  marks: readonly { readonly at: number; readonly xml: string }[],
): string {
  return marks.map(({ at, xml }, i) =>
    moveXml("forward", at - (marks[i - 1]?.at ?? start), staff) + xml
  ).join("");
}

function moveXml(kind: "forward" | "backup", units: number, staff?: number): string {
  if (units <= 0) return "";
  const on = staff === undefined ? "" : `<staff>${staff}</staff>`;
  return `<${kind}><duration>${units}</duration>${on}</${kind}>`;
}
