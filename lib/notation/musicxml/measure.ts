import {
  type At,
  type ChordName,
  LETTER_PITCH,
  PLAIN_VELOCITY,
  SAME_TIME,
  type WrittenKey,
  type WrittenMetre,
  type WrittenNote,
} from "../score.ts";
import { passesOf } from "../repeats.ts";
import { attribute, child, childrenOf, numberOf, textOf, type XmlElement } from "../xml.ts";
import { type Direction, readDirection, readSound } from "./direction.ts";

/** State of a part that carries over from measure to measure. */
export interface PartState {
  /** Duration units per quarter note. */
  divisions: number;
  /** Transposition in semitones from written to sounding pitch. */
  transpose: number;
  metre: WrittenMetre | undefined;
  /** Velocity of the last dynamic mark. */
  velocity: number;
  /**
   * Whether cue notes sound: MuseScore marks all small notes as cues; other programs so mark silent
   * ones.
   */
  readonly cuesSound: boolean;
  /** Number of staves so far, at least 1. */
  staves: number;
  /** Counts of omitted items, by kind. */
  readonly left: { unpitched: number; beyond: number; backedUp: number; cues: number };
}

/** The state at the beginning of a part. */
export function newPart(cuesSound: boolean): PartState {
  return {
    cuesSound,
    ...{ divisions: 1, transpose: 0, metre: undefined, velocity: PLAIN_VELOCITY, staves: 1 },
    left: { unpitched: 0, beyond: 0, backedUp: 0, cues: 0 },
  };
}

/** A measure of one part, with all times in quarter notes from its beginning. */
export interface Measure extends Direction {
  /** The metre in force at its end. */
  readonly metre: WrittenMetre | undefined;
  /** End of its visible notes and rests; of all, where none is visible. */
  readonly reach: number;
  /** Notes, with staves counted from 0 within the part. */
  readonly notes: readonly WrittenNote[];
  readonly keys: (At & WrittenKey)[];
  readonly chords: (At & ChordName)[];
  begins: boolean;
  times: number;
  endingBegins: ReadonlySet<number> | undefined;
  endingEnds: boolean;
}

/**
 * Reads a measure of one part. Time advances by `<duration>` alone, never by the note's type: notes
 * that are not printed are written-out ornaments whose types mean nothing. `<backup>` goes back no
 * further than the bar line.
 */
export function readMeasure(element: XmlElement, state: PartState): Measure {
  const notes: (WrittenNote & { velocity: number })[] = [];
  const measure: Measure = {
    ...{ metre: undefined, reach: 0, notes, keys: [], chords: [], tempos: [], pedal: [] },
    ...{ begins: false, times: 0, endingBegins: undefined, endingEnds: false, dynamics: [] },
  };
  let at = 0, last = 0, all = 0, visible = 0;
  let graces: number[][] = []; // grace chords before their main note
  const endGraces = () => {
    const group = graces.length;
    graces.forEach((chord, i) => {
      for (const index of chord) {
        notes[index] = { ...notes[index]!, grace: { before: group - i, group } };
      }
    });
    graces = [];
  };
  const quarters = (one: XmlElement) => Math.max(0, numberOf(one, "duration", 0)) / state.divisions;
  for (const one of element.children) {
    switch (one.name) {
      case "note": {
        const note = readNote(one, state);
        const duration = note.grace ? 0 : quarters(one);
        const start = note.chord ? last : at;
        if (!note.grace && !note.chord) endGraces();
        if (note.pitch !== undefined) {
          if (note.grace && note.chord) graces.at(-1)?.push(notes.length);
          else if (note.grace) graces.push([notes.length]);
          const { pitch, staff, voice, tiedTo, tiedFrom } = note;
          notes.push({
            ...{ pitch, staff, voice, tiedTo, tiedFrom, at: start, duration },
            velocity: PLAIN_VELOCITY,
          });
        }
        if (!note.chord) {
          last = at;
          at += duration;
        }
        all = Math.max(all, at);
        if (!note.hidden && !note.grace) visible = Math.max(visible, at);
        break;
      }
      case "backup": {
        const back = at - quarters(one);
        if (back < -SAME_TIME) state.left.backedUp++;
        at = Math.max(0, back);
        break;
      }
      case "forward":
        all = Math.max(all, at += quarters(one));
        break;
      case "attributes":
        readAttributes(one, state, measure, at);
        break;
      case "direction":
        readDirection(one, measure, at, state.divisions);
        break;
      case "sound":
        readSound(one, measure, at);
        break;
      case "harmony":
        measure.chords.push(readHarmony(one, at, state.divisions));
        break;
      case "barline":
        readBarline(one, measure);
    }
  }
  endGraces();
  const marks = measure.dynamics.toSorted((a, b) => a.at - b.at);
  for (const note of notes) {
    note.velocity = marks.findLast((mark) => mark.at <= note.at + SAME_TIME)?.velocity ??
      state.velocity;
  }
  state.velocity = marks.at(-1)?.velocity ?? state.velocity;
  return Object.assign(measure, { metre: state.metre, reach: visible > 0 ? visible : all });
}

/** A note as read, or a rest, which has no pitch. */
interface ReadNote extends Pick<WrittenNote, "staff" | "voice" | "tiedTo" | "tiedFrom"> {
  readonly pitch: number | undefined;
  readonly grace: boolean;
  readonly chord: boolean;
  readonly hidden: boolean;
}

function readNote(element: XmlElement, state: PartState): ReadNote {
  let pitch: number | undefined, staff = 0, voice = "", grace = false, chord = false, cue = false;
  const ties = new Set<string>(), tied = new Set<string>();
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
        ties.add(attribute(one, "type") ?? "");
        break;
      case "notations":
        for (const mark of one.children) {
          if (mark.name === "tied") tied.add(attribute(mark, "type") ?? "");
        }
    }
  }
  state.staves = Math.max(state.staves, staff + 1);
  if (cue && !state.cuesSound && pitch !== undefined) {
    state.left.cues++;
    pitch = undefined;
  }
  const binding = ties.size > 0 ? ties : tied;
  return {
    ...{ pitch, staff, voice, grace, chord },
    tiedTo: binding.has("start") && !grace,
    tiedFrom: binding.has("stop") && !grace,
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

function readAttributes(
  element: XmlElement,
  state: PartState,
  measure: Pick<Measure, "keys">,
  at: number,
): void {
  for (const one of element.children) {
    if (one.name === "divisions") {
      const divisions = Number(one.text);
      if (divisions > 0 && Number.isFinite(divisions)) state.divisions = divisions;
    } else if (one.name === "key") {
      const fifths = Math.round(numberOf(one, "fifths", NaN));
      if (Math.abs(fifths) <= 7) {
        measure.keys.push({ at, fifths, minor: /^(minor|aeolian)$/.test(textOf(one, "mode")) });
      }
    } else if (one.name === "time") state.metre = readTime(one, state.metre);
    else if (one.name === "staves") {
      state.staves = Math.max(state.staves, Math.round(Number(one.text)) || 1);
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
  const denominator = Math.max(...types);
  const numerator = beats.reduce((sum, count, i) => sum + count * denominator / types[i]!, 0);
  return isMetre(numerator, denominator) ? { numerator, denominator } : before;
}

/** Whether a time signature can be written in MIDI. */
export function isMetre(numerator: number, denominator: number): boolean {
  return Number.isInteger(numerator) && numerator >= 1 && numerator <= 255 &&
    [1, 2, 4, 8, 16, 32, 64].includes(denominator);
}

function readHarmony(element: XmlElement, at: number, divisions: number): At & ChordName {
  const kind = child(element, "kind");
  const tone = (name: string) => {
    const one = child(element, name), step = textOf(one, `${name}-step`);
    if (LETTER_PITCH[step] === undefined) return undefined;
    return { step, alter: Math.round(numberOf(one, `${name}-alter`, 0)) };
  };
  const bass = tone("bass");
  return {
    at: Math.max(0, at + numberOf(element, "offset", 0) / divisions),
    root: kind?.text === "none" ? undefined : tone("root"),
    kind: kind?.text ?? "",
    text: kind ? attribute(kind, "text") ?? "" : "",
    ...(bass ? { bass } : {}),
  };
}

function readBarline(element: XmlElement, measure: Measure): void {
  const repeat = child(element, "repeat"), ending = child(element, "ending");
  if (repeat && attribute(repeat, "direction") === "forward") measure.begins = true;
  else if (repeat) {
    measure.times = Math.min(64, Math.max(2, Number(attribute(repeat, "times")) || 2));
  }
  if (!ending) return;
  if (attribute(ending, "type") !== "start") measure.endingEnds = true;
  else {
    const passes = passesOf(attribute(ending, "number") ?? "");
    measure.endingBegins = passes.size > 0 ? passes : passesOf(ending.text || "1");
  }
}
