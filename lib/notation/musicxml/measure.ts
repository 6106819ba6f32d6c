import {
  type At,
  type ChordDegree,
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
import { readAttributes } from "./attributes.ts";
import { type Direction, readDirection, readSound, velocityOf } from "./direction.ts";
import { readNote } from "./note.ts";
import type { PartState } from "./part_state.ts";

/** A repeat sign or an ending's edge at a bar line within a measure. */
export interface MidBar extends At {
  /** Whether a repeated section begins there. */
  readonly begins: boolean;
  /** Number of times the section ending there is played; 0 where none ends. */
  readonly times: number;
  readonly endingBegins: ReadonlySet<number> | undefined;
  readonly endingEnds: boolean;
}

/** A measure of one part, with all times in quarter notes from its beginning. */
export interface Measure extends Direction {
  /** The metre in force at its end. */
  readonly metre: WrittenMetre | undefined;
  /** End of its visible notes and rests; of all, where none is visible. */
  readonly reach: number;
  /** End of all that it holds, also of hidden rests and of gaps (`<forward>`). */
  readonly filled: number;
  /** Whether a visible note or rest ends where the metre's bar does. */
  readonly isFull: boolean;
  /** Notes, with staves counted from 0 within the part. */
  readonly notes: readonly WrittenNote[];
  readonly keys: (At & WrittenKey)[];
  readonly chords: (At & ChordName)[];
  times: number;
  endingBegins: ReadonlySet<number> | undefined;
  endingEnds: boolean;
  /** Repeat signs within the measure. */
  readonly middles: MidBar[];
  /** Number of measures without a bar line of all parts that it was joined from. */
  readonly joined?: number;
}

/**
 * Reads a measure of one part. Time advances by `<duration>` alone, never by the note's type: notes
 * that are not printed are written-out ornaments whose types mean nothing. `<backup>` goes back no
 * further than the bar line.
 */
export function readMeasure(element: XmlElement, state: PartState): Measure {
  const notes: (WrittenNote & { velocity: number })[] = [];
  const own = new Map<number, number>(); // velocities of single notes
  const measure: Measure = {
    ...{ metre: undefined, reach: 0, filled: 0, isFull: false, notes },
    ...{ keys: [], chords: [], tempos: [], pedal: [] },
    ...{ begins: false, times: 0, endingBegins: undefined, endingEnds: false, dynamics: [] },
    middles: [],
  };
  let at = 0, last = 0, all = 0;
  const ends: number[] = []; // of visible notes and rests
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
          const velocity = velocityOf(attribute(one, "dynamics"));
          if (velocity !== undefined) own.set(notes.length, velocity);
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
        if (!note.hidden && !note.grace) ends.push(at);
        break;
      }
      case "backup": {
        endGraces(); // after a voice's last note
        const back = at - quarters(one);
        if (back < -SAME_TIME) state.left.backedUp++;
        at = Math.max(0, back);
        break;
      }
      case "forward":
        all = Math.max(all, at += quarters(one));
        break;
      case "attributes":
        readAttributes(one, state, measure.keys, at);
        break;
      case "direction":
        readDirection(one, measure, at, state.divisions);
        state.swings ||= child(child(child(one, "sound"), "swing"), "first") !== undefined;
        break;
      case "sound":
        readSound(one, measure, at);
        break;
      case "harmony":
        measure.chords.push(...readHarmony(one, at, state.divisions));
        break;
      case "barline":
        readBarline(one, measure, at);
    }
  }
  endGraces();
  const marks = measure.dynamics.toSorted((a, b) => a.at - b.at);
  for (const [index, note] of notes.entries()) {
    note.velocity = own.get(index) ?? marks.findLast((mark) =>
      mark.at <= note.at + SAME_TIME
    )?.velocity ??
      state.velocity;
  }
  state.velocity = marks.at(-1)?.velocity ?? state.velocity;
  const { metre } = state, length = metre && 4 * metre.numerator / metre.denominator;
  const isFull = length !== undefined && ends.some((end) => Math.abs(end - length) < SAME_TIME);
  const reach = ends.reduce((most, end) => Math.max(most, end), 0) || all;
  return Object.assign(measure, { metre, reach, filled: all, isFull });
}

/** Reads a chord symbol; none where it is written as a function or numeral of the key. */
function readHarmony(element: XmlElement, at: number, divisions: number): (At & ChordName)[] {
  const kind = child(element, "kind");
  const tone = (name: string) => {
    const one = child(element, name), step = textOf(one, `${name}-step`);
    if (LETTER_PITCH[step] === undefined) return undefined;
    return { step, alter: Math.round(numberOf(one, `${name}-alter`, 0)) };
  };
  const bass = tone("bass"), root = tone("root");
  if (!root && kind?.text !== "none") return [];
  const degrees = childrenOf(element, "degree").map((one): ChordDegree => {
    const type = textOf(one, "degree-type");
    const alter = Math.round(numberOf(one, "degree-alter", 0));
    return [numberOf(one, "degree-value", 0), alter, type === "alter" ? type : "add"];
  });
  return [{
    at: Math.max(0, at + numberOf(element, "offset", 0) / divisions),
    root: kind?.text === "none" ? undefined : root,
    kind: kind?.text ?? "",
    text: kind ? attribute(kind, "text") ?? "" : "",
    ...(bass ? { bass } : {}),
    ...(degrees.length > 0 ? { degrees } : {}),
  }];
}

function readBarline(element: XmlElement, into: Measure, at: number): void {
  const repeat = child(element, "repeat"), ending = child(element, "ending");
  if (!repeat && !ending) return;
  let measure: Pick<Measure, "begins" | "times" | "endingBegins" | "endingEnds"> = into;
  if (attribute(element, "location") === "middle") {
    const mark = { at, begins: false, times: 0, endingBegins: undefined, endingEnds: false };
    into.middles.push(mark);
    measure = mark;
  }
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
