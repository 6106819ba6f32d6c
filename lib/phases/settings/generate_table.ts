import { type Take, TAKES } from "../../generate/plan/takes.ts";
import { MOST_STYLE, samplingDefaults } from "../../model/sampling.ts";
import { MOST_BAR_CANDIDATES, SAMPLING_RULES } from "../../model/rules.ts";
import {
  bars,
  checkNames,
  checkSettings,
  chosen,
  list,
  number,
  onOff,
  pair,
  path,
  type Table,
  text,
  whole,
} from "./declare.ts";
import { BARS_AT_ONCE, generateDefaults, type GenerateSettings } from "./generate.ts";
import { roots, seed, threads } from "./shared.ts";

/** Settings that are absent or different on the command line. */
type OfPrograms = "primerMidi" | "primerPiece" | "form" | "bars" | "fill" | "vary";

/** {@linkcode GenerateSettings} on the command line: a word or a number each. */
export interface GenerateWords extends Omit<GenerateSettings, OfPrograms> {
  /** `auto`, `none`, or the path of a MIDI file. */
  readonly form?: string;
  /** Path of the MIDI file from whose end the music continues. */
  readonly primerMidi?: string;
  /** Number of bars, or bars of a file: `5-8`. */
  readonly bars?: string | number;
  /** Path of the MIDI file to be filled, and the notes to be made anew. */
  readonly fill?: string;
  readonly above?: string;
  readonly below?: string;
  readonly track?: number;
  /** Path of the MIDI file to be varied, and the distance. */
  readonly vary?: string;
  readonly distance?: number;
}

/** Default distance of `--vary`. */
export const DISTANCE = 0.5;

const { free, planned } = samplingDefaults;

/** Schema of {@linkcode GenerateWords}. */
export const generateTable: Table<GenerateWords> = {
  model: text("NAME", "Model to generate with", { usually: "the recipe's" }),
  name: text("OUT", "Name of the file; with --count, a number is added", {
    usually: "the model's, with the next free number",
  }),
  overwrite: onOff("Replaces earlier music of this name"),
  form: text(
    "FORM",
    "auto: a new plan from those of the corpus; FILE.mid: a new piece in the form of that one; none",
    { usually: "auto; none for a model without plans" },
  ),
  between: pair(
    "A.mid B.mid",
    "A new piece in the form of A, with a share of its bars taken from B",
  ),
  share: number("S", "With --between: share of the bars taken from B", {
    least: 0,
    most: 1,
    default: generateDefaults.share,
  }),
  take: chosen<Take>(
    "With --between: what is taken: whole bars, or only their harmony or texture",
    {
      choices: TAKES,
      default: generateDefaults.take,
    },
  ),
  chords: text(
    "CHORDS",
    'Chords, one a bar: "Am F C G", "| C . G . |", "1 5 6- 4" with --key; a lead sheet; from:FILE.mid',
  ),
  key: text("KEY", "Key of the plan: A minor, Eb major"),
  density: number(
    "D",
    "Density: sparse, medium, full, or a mean number of sounding notes",
    { words: ["sparse", "medium", "full"] },
  ),
  register: whole("R", "Register: low, medium, high, or a shift in semitones", {
    words: ["low", "medium", "high"],
    least: -48,
    most: 48,
  }),
  metre: text("M", "Metre of the plan: 3/4"),
  frames: whole("N", "Number of new frames", {
    usually: `${generateDefaults.frames} without a form`,
  }),
  bars: bars("N", "Number of new bars. With --fill and --vary, the bars to change: 5-8", {
    usually: `${generateDefaults.bars} in a new form`,
  }),
  seconds: number("S", "Length of the new music in seconds"),
  end: onOff(
    "Does not close in the last bar, as music with a form does if its length is given in bars",
    {
      default: true,
    },
  ),
  primerNote: text("NOTES", "Starts from silence and a note (C4) or combination (60,64,67)", {
    usually: "nothing; without a form the first bar of a piece",
  }),
  primerMidi: path("FILE", "Starts from the end of a MIDI file"),
  primerRandom: onOff("Starts from random combinations, which are not written"),
  dropPrimer: onOff("Leaves the primer out of the file"),
  temperature: number("T", "Below 1, likely notes are sampled more often; above 1, rare ones", {
    above: 0,
    usually: `${planned.temperature}; without a form ${free.temperature}`,
  }),
  topK: whole("K", "Samples from the K likeliest choices; 0: from all", {
    least: 0,
    default: free.topK,
  }),
  topP: number("P", "Samples from the likeliest choices with total probability P", {
    above: 0,
    most: 1,
    usually: `${planned.topP}; without a form ${free.topP}`,
  }),
  stuckAfter: number(
    "BEATS",
    "Beats after which an unchanging frame must change; 0: never",
    { least: 0, default: generateDefaults.stuckAfter },
  ),
  without: list<readonly string[]>(
    "RULES",
    `Rules of sampling that are switched off: ${SAMPLING_RULES.join(",")}, or all`,
    { choices: [...SAMPLING_RULES, "all"] },
  ),
  candidates: whole("N", "Pieces sampled for each one kept", {
    least: 1,
    most: 64,
    default: generateDefaults.candidates,
  }),
  barCandidates: whole(
    "N",
    "With a form: bars sampled for each one kept, the one nearest to its plan",
    { least: 1, most: MOST_BAR_CANDIDATES, usually: `${BARS_AT_ONCE} by the number of candidates` },
  ),
  discriminator: number(
    "W",
    "Weight of the discriminator, which detects the model's music, in choosing bars; 0: none",
    { least: 0, most: 100, default: generateDefaults.discriminator },
  ),
  mostCopied: number("BEATS", "Longest copy from the training music, in beats, in any key", {
    least: 0,
    default: generateDefaults.mostCopied,
  }),
  velocity: whole("V", "Mean velocity of the notes, or corpus for its mean", {
    words: ["corpus"],
    least: 1,
    most: 127,
    default: generateDefaults.velocity,
  }),
  touch: number("S", "Expressiveness of loudness, timing and pedal; 0 flat, 1 full", {
    least: 0,
    most: 2,
    default: generateDefaults.touch,
  }),
  style: number(
    "S",
    "Weight of the model's own style: 0 its base, 1 the model, more: further in its direction",
    {
      least: 0,
      most: MOST_STYLE,
      usually: "1",
    },
  ),
  fill: path(
    "FILE",
    "Replaces the bars of a MIDI file given by --bars 5-8, or beats 5.3-6.2; the rest stays",
  ),
  above: text("NOTE", "With --fill: only notes from C4 up"),
  below: text("NOTE", "With --fill: only notes below C4"),
  track: whole("N", "With --fill: only this track, counted from 0", { least: 0 }),
  vary: path("FILE", "Replaces a share of the notes of a MIDI file, set by --distance"),
  distance: number(
    "D",
    "With --vary: share of the notes replaced; at 1 only the plan stays",
    { least: 0, most: 1, default: DISTANCE },
  ),
  melody: path("FILE", "Makes an accompaniment below the melody (top line) of a MIDI file"),
  accompaniment: path("FILE", "Makes a melody above the notes of a MIDI file"),
  seed,
  count: whole("N", "Pieces to make, each with the next seed", {
    least: 1,
    most: 1000,
    default: generateDefaults.count,
  }),
  recipe: path("FILE", "Makes the music of a recipe again"),
  threads,
  ...roots,
};

/** Settings with a different form in code. */
const OF_PROGRAMS = ["primerPiece", "form", "primerMidi", "fill", "vary"];

/** Fields of `fill` and `vary`, which are objects in code. */
const FILL = ["midi", "bars", "above", "below", "track"], VARY = ["midi", "distance", "bars"];

/**
 * Validates settings against {@linkcode generateTable}, except those that have a different form in
 * code than on the command line.
 * @throws {Error} if one is unknown, of another type or out of its range
 */
export function checkGenerateSettings(
  { form: _, primerMidi: __, primerPiece: ___, fill, vary, ...settings }: GenerateSettings,
): void {
  checkNames("generate with fill", Object.keys(fill ?? {}), FILL);
  checkNames("generate with vary", Object.keys(vary ?? {}), VARY);
  if (typeof settings.bars === "string") { // bars as text, from the shell, belong to a change
    throw new TypeError(
      `Cannot generate with bars "${settings.bars}": needed a number of bars, such as 8; which bars ` +
        "of a file are to change is said in fill or vary",
    );
  }
  const words = { ...settings, track: fill?.track, distance: vary?.distance };
  checkSettings<GenerateWords>("generate", generateTable, words, OF_PROGRAMS);
}
