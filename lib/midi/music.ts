/** One note: a key that is struck and let go. */
export interface Note {
  /** MIDI key number, 0 to 127; 60 is middle C. */
  readonly pitch: number;
  /** How hard it is struck, 1 to 127. */
  readonly velocity: number;
  /** When it is struck, in ticks from the beginning, at least 0. */
  readonly startTicks: number;
  /** When it is let go, in ticks from the beginning, after `startTicks`. */
  readonly endTicks: number;
}

/** MIDI's number of the sustain pedal among the controllers. */
export const SUSTAIN_PEDAL = 64;

/** General MIDI's channel of the drums, from 0. */
export const DRUM_CHANNEL = 9;

/** What one instrument plays: the notes of one track, one channel and one programme. */
export interface Part {
  /** Number of the track in the file, from 0. */
  readonly track: number;
  /** MIDI channel, 0 to 15. */
  readonly channel: number;
  /** General MIDI programme, 0 to 127; 0 where the file sets none. */
  readonly program: number;
  /** Whether the file sets the programme. */
  readonly programSet: boolean;
  /** The track's name, without control characters; may be empty. */
  readonly name: string;
  /** Whether pitch means which drum: on {@linkcode DRUM_CHANNEL}, unless its track is called a piano. */
  readonly drum: boolean;
  /** At least one note, by `startTicks`, then by `pitch`. */
  readonly notes: readonly Note[];
  /** When the part's sustain pedal goes down or comes up, by `ticks`; the two alternate. */
  readonly pedal: readonly {
    /** Ticks from the beginning. */
    readonly ticks: number;
    /** Whether it goes down, so that notes sound on after their keys are let go. */
    readonly down: boolean;
  }[];
  /** The same of the sostenuto pedal, which holds only what is down when it goes down; absent: unused. */
  readonly sostenuto?: readonly {
    /** Ticks from the beginning. */
    readonly ticks: number;
    /** Whether it goes down. */
    readonly down: boolean;
  }[];
  /** How loud volume and expression make the part, by `ticks`; absent: as loud throughout. */
  readonly levels?: readonly {
    /** Ticks from the beginning. */
    readonly ticks: number;
    /** 0 (silent) to 1: the part's loudest volume with full expression. */
    readonly level: number;
  }[];
  /** Whether its volume or expression is 0 wherever it has notes. */
  readonly silent?: boolean;
}

/** The sustain pedal goes down or comes up. */
export type PedalChange = Part["pedal"][number];

/** What a MIDI file says, with everything that was wrong in it put right and named. */
export interface Music {
  /**
   * Ticks in a quarter note, above 0. A file that counts in SMPTE frames gets half its ticks per
   * second (not always whole) and one tempo of 120, so that ticks mean the same seconds.
   */
  readonly ticksPerBeat: number;
  /** How long a beat (a quarter note) lasts. By `ticks`, each at another tick; the first is at tick 0. */
  readonly tempos: readonly {
    /** Where it begins, in ticks from the beginning. */
    readonly ticks: number;
    /** 1 to 16,777,215; 500,000 is 120 beats per minute. */
    readonly microsecondsPerBeat: number;
  }[];
  /** The metres of the bars. By `ticks`, each at another tick; the first is at tick 0. */
  readonly timeSignatures: readonly {
    /** Where it begins, in ticks from the beginning; a bar begins here. */
    readonly ticks: number;
    /** At least 1. */
    readonly numerator: number;
    /** A power of two, 1 to 64. */
    readonly denominator: number;
  }[];
  /** The key signatures that the file gives, by `ticks`, each at another tick; empty where it has none. */
  readonly keySignatures: readonly {
    /** Where it begins, in ticks from the beginning. */
    readonly ticks: number;
    /** Its sharps, or its flats below 0: −7 (C♭ major) to 7 (C♯ major). */
    readonly fifths: number;
    /** Many programs write `major` whatever the mode. */
    readonly mode: "major" | "minor";
  }[];
  /** In order of the tracks, and within a track of their first notes; empty when there are no notes. */
  readonly parts: readonly Part[];
  /** One sentence for each kind of repair that the file needed. */
  readonly repairs: readonly string[];
}

/** From a tick on, a beat lasts this long. */
export type TempoChange = Music["tempos"][number];

/** The tempo where a file sets none: 120 beats per minute. */
export const USUAL_TEMPO: TempoChange = { ticks: 0, microsecondsPerBeat: 500_000 };

/** From a tick on, bars have this metre. */
export type TimeSignature = Music["timeSignatures"][number];

/** From a tick on, the signature is this one. */
export type KeySignature = Music["keySignatures"][number];

/** The metre where a file sets none. */
export const USUAL_METRE: TimeSignature = { ticks: 0, numerator: 4, denominator: 4 };

/** How much of a file is read before it is refused: bounds on time and memory for any input. */
export interface MidiLimits {
  /** Bytes in the file. */
  readonly bytes: number;
  /** Tracks in the file, whatever its header declares. */
  readonly tracks: number;
  /** Events in the file, of all kinds and tracks. */
  readonly events: number;
  /** Notes in the file, of all tracks. */
  readonly notes: number;
  /** Seconds from the beginning to the end of the last note. */
  readonly seconds: number;
  /** Beats (quarter notes) from the beginning to the end of the last note. */
  readonly beats: number;
  /** Seconds that one note may last; a longer one is cut, which is a repair. */
  readonly noteSeconds: number;
  /** Values out of range that are put right before the file counts as damaged throughout. */
  readonly damagedBytes: number;
}

/**
 * Limits that no music for a pianist comes near. They bound time and memory for whatever a file is
 * filled with.
 */
export const midiLimits: MidiLimits = {
  bytes: 16 * 2 ** 20, // a dense hour of piano has about a quarter of a megabyte
  tracks: 65_535, // the most that a header can declare; an empty one costs nothing
  events: 1_000_000, // four for each of the notes
  notes: 250_000, // the longest piano recordings have some 30,000
  seconds: 6 * 60 * 60, // an opera
  beats: 100_000, // six hours at 277 beats per minute
  noteSeconds: 600, // a drone; no string of a piano sounds that long
  damagedBytes: 64, // some programs write a few values of 128 or more; wreckage has thousands
};
