import type { ToneMidi } from "../../midi/tone.ts";
import type { Piece } from "../../tokens/piece.ts";
import type { Plan } from "../../tokens/plan.ts";
import type { SamplingWishes } from "../../model/sampling.ts";
import { givenOf } from "./declare.ts";
import { type Roots, SEED } from "./shared.ts";

/** Settings of `generate`. */
export interface GenerateSettings extends Roots, SamplingWishes {
  /** Name of the model; needed unless a recipe names it. */
  readonly model?: string;
  /**
   * Name of the output file, without extension. Default: the model's name. If another file has it,
   * the next free number is added.
   */
  readonly name?: string;
  /** Whether to use the name in any case, replacing an existing file. Default false. */
  readonly overwrite?: boolean;
  /**
   * Form of the new music. `auto`, the default where the model supports plans, makes a new plan
   * from those of the corpus; the path of a MIDI file gives a new piece in its form; a plan can be
   * given directly; `none` leaves the model free.
   */
  readonly form?: "auto" | "none" | Plan | (string & Record<never, never>);
  /**
   * Paths of two MIDI files: the new music has the form of the first, and a share of its bars takes
   * from the second. Instead of `form`.
   */
  readonly between?: readonly [string, string];
  /** Share of the bars that take from the second file, 0 to 1. Default 0.3. */
  readonly share?: number;
  /**
   * What these bars take: `bars`, all of their content; `harmony`, their pitch classes; `texture`,
   * all but these. Default `bars`.
   */
  readonly take?: "bars" | "harmony" | "texture";
  /**
   * Chords of the new music: text (`Am F C G`, see `parseChords`), the path of a lead sheet
   * (ChordPro, iReal Pro, chords as text), or `from:FILE.mid` for the chords found in a MIDI file.
   * They are repeated to the end. With `fill`: of its bars, from the first on.
   */
  readonly chords?: string;
  /** Key of the new music: `A minor`, `Eb major`. */
  readonly key?: string;
  /** Density: a word relative to the corpus, or the mean number of sounding notes. */
  readonly density?: "sparse" | "medium" | "full" | number;
  /** Register: a word, or semitones above the usual one. */
  readonly register?: "low" | "medium" | "high" | number;
  /** Metre: `3/4`. */
  readonly metre?: string;
  /** Number of new frames. Default, without a form and any other length: 240. */
  readonly frames?: number;
  /** Number of new bars: the music ends on a bar line. Default, in a new form: 32. */
  readonly bars?: number;
  /** Duration of the new music in seconds, at the corpus's tempo. */
  readonly seconds?: number;
  /**
   * Whether music with a form closes in its last bar, as pieces of the corpus do; music measured in
   * frames or seconds breaks off. Default true.
   */
  readonly end?: boolean;
  /**
   * Primer of silence and this note (`C4`) or combination (`60,64,67`). Default: none, or without a
   * form the first bar of a piece.
   */
  readonly primerNote?: string;
  /** Primer from the end of this MIDI file: its path, or a `Midi` object of `@tonejs/midi`. */
  readonly primerMidi?: string | ToneMidi;
  /**
   * Primer from this music, on the model's grid, all of which is written; at its tempo, if it has
   * one.
   */
  readonly primerPiece?: Pick<Piece, "frames" | "metres"> & { readonly beatsPerMinute?: number };
  /**
   * Whether to use a primer of randomly sampled combinations, which are not written. Default false.
   */
  readonly primerRandom?: boolean;
  /** Whether to leave the primer out of the file. Default false. */
  readonly dropPrimer?: boolean;
  /**
   * Beats (half seconds where the grid has none) after which an unchanged frame must change; 0:
   * never. Default 8.
   */
  readonly stuckAfter?: number;
  /** Pieces sampled for each kept one, 1 to 64. Default 2. */
  readonly candidates?: number;
  /**
   * With a plan: bars sampled for each kept one, 1 to 64; the one nearest to its plan is kept.
   * Default: as many as give {@linkcode BARS_AT_ONCE} over all candidates.
   */
  readonly barCandidates?: number;
  /**
   * Longest copy from the training music in beats, in any key; a candidate with a longer one is
   * rejected. Default 6.
   */
  readonly mostCopied?: number;
  /**
   * Weight of the discriminator in the choice of a bar, 0 (none) to 100, relative to the bar's
   * distance from its plan. Default 0.4.
   */
  readonly discriminator?: number;
  /** Mean velocity of the written notes, 1 to 127, or `corpus` for its mean. Default 100. */
  readonly velocity?: number | "corpus";
  /**
   * Expressiveness of the performance in loudness, timing, pedal and tempo: 0 none, 1 full, up to
   * 2. Default 1. The same notes on the grid are found when the file is read again.
   */
  readonly touch?: number;
  /**
   * Weight of the model's own style against that of the base it was adapted from: 0 is the base, 1
   * the model as it is, more goes further in its direction; at most 1.5. Default 1.
   */
  readonly style?: number;
  /** Seed of the sampling. Default 1. Piece k of `count` has seed `seed + k − 1`. */
  readonly seed?: number;
  /** Number of pieces, each with a file of its own. Default 1. */
  readonly count?: number;
  /**
   * Makes some bars of a MIDI file anew, to fit the music before and after them. Default model:
   * `base`.
   */
  readonly fill?: {
    /** Path of the MIDI file; everything not selected here stays as it is. */
    readonly midi: string;
    /**
     * Bars to fill, as numbered in the score (the first full bar is 1, an upbeat 0): `5-8`, or one;
     * with beats (quarter notes): `5.3-6.2`.
     */
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
    /**
     * Share of the beats made anew, 0 to 1: at 0 the same notes, at 1 all notes anew under the same
     * plan.
     */
    readonly distance: number;
    /** Bars to vary, as in `fill`. Default: all. */
    readonly bars?: string | number;
  };
  /**
   * Path of a MIDI file whose melodic contour is fixed: the rest is made. Default model: `base`.
   */
  readonly melody?: string;
  /** Path of a MIDI file that is fixed: a melody above it is made. Default model: `base`. */
  readonly accompaniment?: string;
  /**
   * Path of a recipe to be made again; it determines all settings except the roots, `name`,
   * `overwrite` and `threads`.
   */
  readonly recipe?: string;
  /** Threads of the backend. Default: all cores, at most 8. */
  readonly threads?: number;
}

/** Defaults of {@linkcode GenerateSettings}. */
export const generateDefaults = {
  overwrite: false,
  frames: 240,
  bars: 32,
  share: 0.3,
  take: "bars",
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

/** Default number of bars sampled at once for a piece: twelve for each of two candidates. */
export const BARS_AT_ONCE = 24;

/** Settings completed with the defaults. */
export function withDefaults(settings: GenerateSettings) {
  return { ...generateDefaults, ...givenOf(settings) };
}

/** Prefix of a music file whose chords are to be found. */
export const FROM = "from:";

/** File name extensions of lead sheets; other text is chords. */
const SHEET_NAME = /\.(txt|cho|crd|chopro|chordpro|pro|html?|irealb?|musicxml|xml|mxl)$/i;

/** File named by `--chords`, if any. */
export function chordFile(chords: string | undefined): string | undefined {
  if (chords?.startsWith(FROM)) return chords.slice(FROM.length);
  return chords !== undefined && SHEET_NAME.test(chords) ? chords : undefined;
}

/** Message after the names of two files with the same music. */
export const SAME_MUSIC = "every seed leads to the same best piece; ask for more bars, or a " +
  "higher temperature, to get another";
