/** A written score: bars in notated order, with repeats not expanded. */
export interface WrittenScore {
  readonly title: string;
  /** Staves, at least one. */
  readonly staves: readonly Staff[];
  readonly bars: readonly WrittenBar[];
  /** Indices of the bars in playing order. */
  readonly order: readonly number[];
  /** Repairs, guesses and omissions, one sentence each. */
  readonly remarks: readonly string[];
}

/** A staff of an instrument, or a voice of a format that has no staves. */
export interface Staff {
  /** Track name: that of the instrument, and the hand where it has two staves. */
  readonly name: string;
  /** Index of the instrument, from 0. */
  readonly instrument: number;
  /** General MIDI programme, 0 to 127, where the score gives one. */
  readonly program?: number;
  /** Whether its pitches denote drums. */
  readonly drums?: boolean;
}

/** A written bar, with all times in quarter notes from its beginning. */
export interface WrittenBar {
  /** Length in quarter notes. */
  readonly length: number;
  /** Index of the measure in MusicXML; several bars have the same where a repeat begins within. */
  readonly measure?: number;
  /** Metre in force; undefined where there is none. */
  readonly metre: WrittenMetre | undefined;
  readonly notes: readonly WrittenNote[];
  /** Key signature changes. */
  readonly keys: readonly (At & WrittenKey)[];
  /** Tempo changes, in quarter notes per minute. */
  readonly tempos: readonly (At & { readonly beatsPerMinute: number })[];
  readonly chords: readonly (At & ChordName)[];
  /** Sustain pedal changes of a staff's instrument. */
  readonly pedal: readonly (At & { readonly staff: number; readonly down: boolean })[];
}

/** A position within a bar, in quarter notes from its beginning. */
export interface At {
  readonly at: number;
}

/** A time signature as written. */
export interface WrittenMetre {
  readonly numerator: number;
  /** Denominator: a power of two, 1 to 64. */
  readonly denominator: number;
}

/** Whether a time signature can be written in MIDI. */
export function isMetre(numerator: number, denominator: number): boolean {
  return Number.isInteger(numerator) && numerator >= 1 && numerator <= 255 &&
    [1, 2, 4, 8, 16, 32, 64].includes(denominator);
}

/** A key signature. */
export interface WrittenKey {
  /** Sharps, or flats as negative numbers; -7 to 7. */
  readonly fifths: number;
  readonly minor: boolean;
}

/** A note as written. */
export interface WrittenNote extends At {
  /** Sounding MIDI pitch, 0 to 127. */
  readonly pitch: number;
  /** Duration in quarter notes; 0 for a grace note. */
  readonly duration: number;
  /** Index of the staff. */
  readonly staff: number;
  /** Name of the voice, which ties are matched by. */
  readonly voice: string;
  /** Velocity, 1 to 127. */
  readonly velocity: number;
  /** Whether the note is tied to a following one; a grace note sounds on until its main note then. */
  readonly tiedTo: boolean;
  /** Whether the note is tied from a previous one. */
  readonly tiedFrom: boolean;
  /** Position of a grace note: how many of its group begin before the main note, itself counted. */
  readonly grace?: { readonly before: number; readonly group: number };
}

/** A note that a MusicXML chord kind lacks: its degree, its alteration, and what becomes of it. */
export type ChordDegree = readonly [degree: number, alter: number, type: "add" | "alter"];

/** A chord symbol in the terms of MusicXML, to which other formats are converted. */
export interface ChordName {
  /** Root: letter A to G and its alteration in semitones; undefined for "no chord". */
  readonly root: { readonly step: string; readonly alter: number } | undefined;
  /** MusicXML chord kind, such as `major`, `minor-seventh`, `suspended-fourth`. */
  readonly kind: string;
  /** Displayed text of the kind, such as `m7`; may be empty. */
  readonly text: string;
  readonly bass?: { readonly step: string; readonly alter: number };
  /** Degrees that its kind lacks or has unaltered. */
  readonly degrees?: readonly ChordDegree[];
}

/** Semitones of the letters above C. */
export const LETTER_PITCH: Readonly<Record<string, number>> = {
  ...{ C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 },
};

/** Velocity of notes without dynamic marks. */
export const PLAIN_VELOCITY = 80;

/** Time difference in quarter notes below which two times are the same. */
export const SAME_TIME = 1e-6;

/** Names of the staves of one instrument: where there are two, they are its hands. */
export function stavesOf(
  instrument: number,
  { name, program, drums, count }: {
    name: string;
    program?: number | undefined;
    drums?: boolean;
    count: number;
  },
): Staff[] {
  const hands = ["right hand", "left hand"];
  return Array.from({ length: count }, (_, i): Staff => ({
    name: count === 1 ? name : `${name || "Piano"}, ${count === 2 ? hands[i] : `staff ${i + 1}`}`,
    instrument,
    ...(program === undefined ? {} : { program }),
    ...(drums ? { drums } : {}),
  }));
}
