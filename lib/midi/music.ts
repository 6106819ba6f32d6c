/** A note with its onset and end in any unit of time. */
export interface TimedNote {
  /** MIDI key number, 0 to 127. */
  readonly pitch: number;
  readonly start: number;
  /** After `start`. */
  readonly end: number;
}

/** A performed note, in any unit of time. */
export interface PlayedNote extends TimedNote {
  /** Velocity, 1 to 127. */
  readonly velocity: number;
}

/** A note: one key pressed and released. */
export interface Note {
  /** MIDI key number, 0 to 127; 60 is middle C. */
  readonly pitch: number;
  /** Velocity, 1 to 127. */
  readonly velocity: number;
  /** Onset in ticks from the beginning, at least 0. */
  readonly startTicks: number;
  /** Release in ticks from the beginning, after `startTicks`. */
  readonly endTicks: number;
}

/** MIDI controller number of the sustain pedal. */
export const SUSTAIN_PEDAL = 64;

/** General MIDI drum channel, counted from 0. */
export const DRUM_CHANNEL = 9;

/** A part: the notes of one track, channel and programme. */
export interface Part {
  /** Track number in the file, from 0. */
  readonly track: number;
  /** MIDI channel, 0 to 15. */
  readonly channel: number;
  /** General MIDI programme, 0 to 127; 0 where the file sets none. */
  readonly program: number;
  /** Whether the file sets the programme. */
  readonly programSet: boolean;
  /** Track name, without control characters; may be empty. */
  readonly name: string;
  /**
   * Whether pitches denote drums: on {@linkcode DRUM_CHANNEL}, unless the track is named a piano.
   */
  readonly drum: boolean;
  /** At least one note, by `startTicks`, then by `pitch`. */
  readonly notes: readonly Note[];
  /** Sustain pedal changes, by `ticks`; presses and releases alternate. */
  readonly pedal: readonly {
    /** Ticks from the beginning. */
    readonly ticks: number;
    /** Whether the pedal goes down, so that notes sound on after their keys are released. */
    readonly down: boolean;
  }[];
  /**
   * Sostenuto pedal changes; it holds only keys that are down when it is pressed. Absent if unused.
   */
  readonly sostenuto?: readonly {
    /** Ticks from the beginning. */
    readonly ticks: number;
    /** Whether it goes down. */
    readonly down: boolean;
  }[];
  /** Levels given by volume and expression, by `ticks`; absent where the level is constant. */
  readonly levels?: readonly {
    /** Ticks from the beginning. */
    readonly ticks: number;
    /** Level from 0 (silent) to 1: the part's loudest volume with full expression. */
    readonly level: number;
  }[];
  /** Whether volume or expression is 0 wherever the part has notes. */
  readonly silent?: boolean;
}

/** A press or release of the sustain pedal. */
export type PedalChange = Part["pedal"][number];

/** Contents of a MIDI file, with every error repaired and listed. */
export interface Music {
  /**
   * Ticks in a quarter note, above 0. A file that counts in SMPTE frames gets half its ticks per
   * second (not always whole) and one tempo of 120, so that times in seconds are preserved.
   */
  readonly ticksPerBeat: number;
  /**
   * Tempo changes, by `ticks`, at most one per tick; the first is at tick 0. A beat is a quarter
   * note.
   */
  readonly tempos: readonly {
    /** Start of the tempo, in ticks from the beginning. */
    readonly ticks: number;
    /** 1 to 16,777,215; 500,000 is 120 beats per minute. */
    readonly microsecondsPerBeat: number;
  }[];
  /** Time signatures, by `ticks`, at most one per tick; the first is at tick 0. */
  readonly timeSignatures: readonly {
    /** Start of the metre, in ticks from the beginning; a bar begins here. */
    readonly ticks: number;
    /** At least 1. */
    readonly numerator: number;
    /** A power of two, 1 to 64. */
    readonly denominator: number;
  }[];
  /** Whether no time signature is stated, so that 4/4 is assumed and bar lines are unknown. */
  readonly isMetreAssumed?: boolean;
  /** Key signatures of the file, by `ticks`, at most one per tick; empty where it has none. */
  readonly keySignatures: readonly {
    /** Start of the signature, in ticks from the beginning. */
    readonly ticks: number;
    /** Sharps, or flats as negative numbers: −7 (C♭ major) to 7 (C♯ major). */
    readonly fifths: number;
    /** Mode as stated; many programs write `major` whatever the mode. */
    readonly mode: "major" | "minor";
  }[];
  /** Chord symbols, by `ticks`, at most one per tick; absent where the file has none. */
  readonly chords?: readonly {
    /** Start of the chord, in ticks from the beginning. */
    readonly ticks: number;
    /** The symbol: a root, a suffix and a bass, as in `F#m7b5/A`; or `N.C.` for no chord. */
    readonly symbol: string;
  }[];
  /** Parts in order of their tracks, then of their first notes; empty when there are no notes. */
  readonly parts: readonly Part[];
  /** Repairs that the file needed, one sentence for each kind. */
  readonly repairs: readonly string[];
}

/** A tempo that holds from a tick on. */
export type TempoChange = Music["tempos"][number];

/** Default tempo where a file sets none: 120 beats per minute. */
export const USUAL_TEMPO: TempoChange = { ticks: 0, microsecondsPerBeat: 500_000 };

/** A time signature that holds from a tick on. */
export type TimeSignature = Music["timeSignatures"][number];

/** A key signature that holds from a tick on. */
export type KeySignature = Music["keySignatures"][number];

/** A chord symbol in force from a tick on. */
export type ChordSymbol = NonNullable<Music["chords"]>[number];

/** Default time signature where a file sets none. */
export const USUAL_METRE: TimeSignature = { ticks: 0, numerator: 4, denominator: 4 };

/** Limits on a file, beyond which it is refused: bounds on time and memory for any input. */
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
  /** Out-of-range values that are repaired before the file counts as damaged throughout. */
  readonly damagedBytes: number;
}

/**
 * Default limits, far beyond any piano music. They bound time and memory whatever a file contains.
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
