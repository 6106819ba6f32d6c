import type { ToneMidi } from "../../midi/tone.ts";
import type { Piece } from "../../tokens/piece.ts";
import type { Plan } from "../../tokens/plan.ts";
import { givenOf } from "./declare.ts";
import { type Roots, SEED } from "./shared.ts";

/** What `generate` makes and how it draws. */
export interface GenerateSettings extends Roots {
  /** Name of the model; needed unless a recipe names it. */
  readonly model?: string;
  /**
   * Name of the file to be made, without ending. Default: the model's name. Where another file has
   * it, the next free number follows it.
   */
  readonly name?: string;
  /** Takes the name in any case, and replaces what has it. Default false. */
  readonly overwrite?: boolean;
  /**
   * The form of the new music: `auto`, the default where the model knows plans, makes a new plan from
   * those of the corpus; the path of a MIDI file: a new piece in the form of that one; a plan of
   * one's own; `none`: the model is free.
   */
  readonly form?: "auto" | "none" | Plan | (string & Record<never, never>);
  /**
   * Chords of the new music: text (`Am F C G`, see `parseChords`), the path of a lead sheet (ChordPro,
   * iReal Pro, chords as text), or `from:FILE.mid` for those that are found in a MIDI file. They are
   * repeated to the end.
   */
  readonly chords?: string;
  /** Key of the new music: `A minor`, `Eb major`. */
  readonly key?: string;
  /** How full it is: a word for the corpus's own range, or the mean number of sounding notes. */
  readonly density?: "sparse" | "medium" | "full" | number;
  /** How high it lies: a word, or semitones higher than it would. */
  readonly register?: "low" | "medium" | "high" | number;
  /** Its metre: `3/4`. */
  readonly metre?: string;
  /** New frames to make; where nothing is asked for, 240 without a form. */
  readonly frames?: number;
  /** New bars to make: the music ends on a bar line. Where nothing is asked for, 32 in a new form. */
  readonly bars?: number;
  /** New music in seconds, at the corpus's tempo. */
  readonly seconds?: number;
  /**
   * Whether music that has a form comes to a close in its last bar, as pieces of the corpus do; what
   * is measured in frames or seconds breaks off. Default true.
   */
  readonly end?: boolean;
  /** Starts from silence and this note (`C4`) or combination (`60,64,67`). Default: nothing, or without a form the first bar of a piece. */
  readonly primerNote?: string;
  /** Starts from the end of this MIDI file: its path, or a `Midi` object of `@tonejs/midi`. */
  readonly primerMidi?: string | ToneMidi;
  /** Starts from this music, on the model's grid, all of which is written; at its tempo, if it has one. */
  readonly primerPiece?: Pick<Piece, "frames" | "metres"> & { readonly beatsPerMinute?: number };
  /** Starts from combinations drawn at random, which are not written. */
  readonly primerRandom?: boolean;
  /** Leaves the primer out of what is written. Default false. */
  readonly dropPrimer?: boolean;
  /** Above 0; below 1 the likely becomes likelier, above 1 rarer. Default 0.9; without a form 1. */
  readonly temperature?: number;
  /** Draws from the K likeliest only; 0: from all. Default 0. */
  readonly topK?: number;
  /** Draws from the likeliest that together have this probability, above 0 to 1. Default 0.97; without a form 1. */
  readonly topP?: number;
  /** Beats (half seconds where the grid has none) after which a frame that stays the same must change; 0: never. Default 8. */
  readonly stuckAfter?: number;
  /** Rules of sampling that are switched off, by name, or `all`; see `SAMPLING_RULES`. */
  readonly without?: readonly string[];
  /** Pieces that are sampled for each one that is kept, 1 to 64. Default 2. */
  readonly candidates?: number;
  /**
   * With a plan: bars sampled for each one that is kept, 1 to 64; the nearest to its plan is. Default: so
   * many that all candidates together sample {@linkcode BARS_AT_ONCE}.
   */
  readonly barCandidates?: number;
  /** Beats in a row that may stand in the training music, in any key; a candidate with more is dropped. Default 6. */
  readonly mostCopied?: number;
  /**
   * How much it counts for the choice of a bar what gives the model's music away, 0 (nothing) to 100,
   * beside how far the bar is from its plan. Default 0.4.
   */
  readonly discriminator?: number;
  /** Mean velocity of the written notes, 1 to 127, or `corpus` for its mean. Default 100. */
  readonly velocity?: number | "corpus";
  /**
   * How far the music is played rather than typed, in loudness, timing, pedal and tempo: 0 not at
   * all, 1 in full, up to 2. Default 1. Reading the file again finds the same notes on the grid.
   */
  readonly touch?: number;
  /** Seed of the sampling. Default 1. Piece k of `count` has seed `seed + k − 1`. */
  readonly seed?: number;
  /** How many pieces to make, each with a file of its own. Default 1. */
  readonly count?: number;
  /**
   * Makes some bars of a MIDI file anew, so that they fit what stands before and after them. Default
   * model: `base`.
   */
  readonly fill?: {
    /** Path of the MIDI file; all that is not named here stays in it as it is. */
    readonly midi: string;
    /** Which bars, as the page counts them (the first full bar is 1, an upbeat 0): `5-8`, or one; with beats (quarter notes): `5.3-6.2`. */
    readonly bars: string | number;
    /** Only notes of this pitch, such as `C4` or 60, and above. */
    readonly above?: string | number;
    /** Only notes below this pitch. */
    readonly below?: string | number;
    /** Only notes of this track of the file, counted from 0. */
    readonly track?: number;
  };
  /** Makes some of the notes of a MIDI file anew. Default model: `base`. */
  readonly vary?: {
    /** Path of the MIDI file. */
    readonly midi: string;
    /** 0: the same notes; 1: all notes anew, only the plan stays; between: so large a share of its beats. */
    readonly distance: number;
    /** Which bars, as `fill` has them. Default: all. */
    readonly bars?: string | number;
  };
  /** Path of a MIDI file whose top line is given: the rest is made. Default model: `base`. */
  readonly melody?: string;
  /** Path of a MIDI file that is given: what stands above it is made. Default model: `base`. */
  readonly accompaniment?: string;
  /** Path of a recipe to be made again; it decides all other settings but the roots and `name`. */
  readonly recipe?: string;
  /** Threads of the backend. Default: all cores, at most 8. */
  readonly threads?: number;
}

/** Defaults of {@linkcode GenerateSettings}. */
export const generateDefaults = {
  overwrite: false,
  frames: 240,
  bars: 32,
  candidates: 2,
  mostCopied: 6,
  discriminator: 0.4,
  primerRandom: false,
  dropPrimer: false,
  stuckAfter: 8,
  velocity: 100,
  touch: 1,
  seed: SEED,
  count: 1,
} as const;

/** Bars sampled at once for a piece by default: for each of two candidates, the best of twelve. */
export const BARS_AT_ONCE = 24;

/** Settings with the defaults of those that are not given. */
export function withDefaults(settings: GenerateSettings) {
  return { ...generateDefaults, ...givenOf(settings) };
}
