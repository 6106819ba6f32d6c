import { LETTER_PITCH, type WrittenNote } from "../score.ts";
import { attribute, numberOf, textOf, type XmlElement } from "../xml.ts";
import type { PartState } from "./part_state.ts";

/** A note as read, or a rest, which has no pitch. */
interface ReadNote extends Pick<WrittenNote, "staff" | "voice" | "tiedTo" | "tiedFrom"> {
  readonly pitch: number | undefined;
  readonly grace: boolean;
  readonly chord: boolean;
  readonly hidden: boolean;
}

/** Reads a note or a rest. */
export function readNote(element: XmlElement, state: PartState): ReadNote {
  let pitch: number | undefined, staff = 0, voice = "", grace = false, chord = false, cue = false;
  const ties: string[] = [], tied: string[] = [];
  for (const one of element.children) {
    switch (one.name) {
      case "pitch":
        pitch = readPitch(one, state.transpose);
        if (pitch === undefined) state.left.beyond++;
        break;
      case "unpitched":
        state.left.unpitched++;
        break;
      case "staff":
        staff = Math.max(0, Math.round(Number(one.text)) - 1) || 0;
        break;
      case "voice":
        voice = one.text;
        break;
      case "grace":
        grace = true;
        break;
      case "cue":
        cue = true;
        break;
      case "chord":
        chord = true;
        break;
      case "tie":
        ties.push(attribute(one, "type") ?? "");
        break;
      case "notations":
        for (const mark of one.children) {
          if (mark.name === "tied") tied.push(attribute(mark, "type") ?? "");
        }
    }
  }
  state.staves = Math.max(state.staves, staff + 1);
  if (cue && !state.cuesSound && pitch !== undefined) {
    state.left.cues++;
    pitch = undefined;
  }
  const binding = ties.length > 0 ? ties : tied;
  return {
    ...{ pitch, staff, voice, grace, chord },
    tiedTo: binding.includes("start"),
    tiedFrom: binding.includes("stop") && !grace,
    hidden: element.head !== "" && attribute(element, "print-object") === "no",
  };
}

/** MIDI pitch; undefined where it is out of range. */
function readPitch(element: XmlElement, transpose: number): number | undefined {
  const step = LETTER_PITCH[textOf(element, "step")];
  const octave = numberOf(element, "octave", NaN);
  if (step === undefined) return undefined;
  const pitch = 12 * (octave + 1) + step + Math.round(numberOf(element, "alter", 0)) + transpose;
  return pitch >= 0 && pitch <= 127 ? pitch : undefined;
}
