/** A score as it is written: bars one after the other, repeats not yet played. */
export interface WrittenScore {
  readonly title: string;
  /** At least one. */
  readonly staves: readonly Staff[];
  readonly bars: readonly WrittenBar[];
  /** Indices of the bars in the order in which they are played. */
  readonly order: readonly number[];
  /** One sentence for each thing that was put right, guessed or left out. */
  readonly remarks: readonly string[];
}

/** One staff of an instrument, or one voice of a format that has no staves. */
export interface Staff {
  /** Fit for the name of a track: that of the instrument, and the hand where it has two staves. */
  readonly name: string;
  /** Which instrument it is of, from 0. */
  readonly instrument: number;
  /** General MIDI programme, 0 to 127, where the score says one. */
  readonly program?: number;
}

/** One bar. All times in it are in quarter notes from its beginning. */
export interface WrittenBar {
  /** Quarter notes. */
  readonly length: number;
  /** The metre in force; undefined where there is none. */
  readonly metre: WrittenMetre | undefined;
  readonly notes: readonly WrittenNote[];
  /** Where key signatures change. */
  readonly keys: readonly (At & WrittenKey)[];
  /** Where tempos change, in quarter notes per minute. */
  readonly tempos: readonly (At & { readonly beatsPerMinute: number })[];
  readonly chords: readonly (At & ChordName)[];
  /** Where the sustain pedal of a staff's instrument goes down or comes up. */
  readonly pedal: readonly (At & { readonly staff: number; readonly down: boolean })[];
}

/** A time within a bar, in quarter notes from its beginning. */
export interface At {
  readonly at: number;
}

/** A time signature as it is written. */
export interface WrittenMetre {
  readonly numerator: number;
  /** A power of two, 1 to 64. */
  readonly denominator: number;
}

/** A key signature. */
export interface WrittenKey {
  /** Sharps, flats below 0; -7 to 7. */
  readonly fifths: number;
  readonly minor: boolean;
}

/** A note as it is written. */
export interface WrittenNote extends At {
  /** MIDI pitch as it sounds, 0 to 127. */
  readonly pitch: number;
  /** Quarter notes; 0 for a grace note. */
  readonly duration: number;
  /** Index of its staff. */
  readonly staff: number;
  /** Name of its voice, by which ties find their notes. */
  readonly voice: string;
  /** 1 to 127. */
  readonly velocity: number;
  /** Whether it goes on into a note that follows. */
  readonly tiedTo: boolean;
  /** Whether it goes on from a note before. */
  readonly tiedFrom: boolean;
  /** For a grace note: how many of its group begin before the main note, itself counted. */
  readonly grace?: { readonly before: number; readonly group: number };
}

/** A chord symbol in the words of MusicXML, into which other formats are brought. */
export interface ChordName {
  /** Letter A to G and semitones that it is raised by; undefined for "no chord". */
  readonly root: { readonly step: string; readonly alter: number } | undefined;
  /** MusicXML's name of the kind, such as `major`, `minor-seventh`, `suspended-fourth`. */
  readonly kind: string;
  /** What is shown for the kind, such as `m7`; may be empty. */
  readonly text: string;
  readonly bass?: { readonly step: string; readonly alter: number };
}

/** Semitones of the letters above C. */
export const LETTER_PITCH: Readonly<Record<string, number>> = {
  ...{ C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 },
};

/** Velocity of what is not marked loud or soft. */
export const PLAIN_VELOCITY = 80;

/** Times closer than this, in quarter notes, are one. */
export const SAME_TIME = 1e-6;

/** The staves of one instrument: where there are two, they are its hands. */
export function stavesOf(
  instrument: number,
  { name, program, count }: { name: string; program?: number | undefined; count: number },
): Staff[] {
  const hands = ["right hand", "left hand"];
  return Array.from({ length: count }, (_, i): Staff => ({
    name: count === 1 ? name : `${name || "Piano"}, ${count === 2 ? hands[i] : `staff ${i + 1}`}`,
    instrument,
    ...(program === undefined ? {} : { program }),
  }));
}
