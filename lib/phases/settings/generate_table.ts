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
  model: text("NAME", "Model to play", { usually: "the recipe's" }),
  name: text("OUT", "Name of the file; with --count each has a number, too", {
    usually: "the model's, with the next free number",
  }),
  overwrite: onOff("Replaces earlier music of this name"),
  form: text(
    "FORM",
    "auto: a new plan made of the corpus's; FILE.mid: a new piece in that one's form; none",
    { usually: "auto; of a model without plans: none" },
  ),
  between: pair("A.mid B.mid", "A new piece in A's form, a share of whose bars takes from B"),
  share: number("S", "With --between: share of the bars that take from B", {
    least: 0,
    most: 1,
    default: generateDefaults.share,
  }),
  take: chosen<Take>("With --between: what they take, all or only harmony or texture", {
    choices: TAKES,
    default: generateDefaults.take,
  }),
  chords: text(
    "CHORDS",
    'Chords, one a bar: "Am F C G", "| C . G . |", "1 5 6- 4" with --key; a lead sheet; from:FILE.mid',
  ),
  key: text("KEY", "Key of the plan: A minor, Eb major"),
  density: number(
    "D",
    "How full it is: sparse, medium, full, or the mean number of sounding notes",
    { words: ["sparse", "medium", "full"] },
  ),
  register: whole("R", "How high it lies: low, medium, high, or semitones higher than it would", {
    words: ["low", "medium", "high"],
    least: -48,
    most: 48,
  }),
  metre: text("M", "Metre of the plan: 3/4"),
  frames: whole("N", "New frames", { usually: `${generateDefaults.frames} without a form` }),
  bars: bars("N", "New bars; ends on a bar line. With --fill and --vary, which bars: 5-8", {
    usually: `${generateDefaults.bars} in a new form`,
  }),
  seconds: number("S", "New music in seconds"),
  end: onOff("Does not come to a close in its last bar; music in a form of so many bars does", {
    default: true,
  }),
  primerNote: text("NOTES", "Starts from silence and a note (C4) or combination (60,64,67)", {
    usually: "nothing; without a form the first bar of a piece",
  }),
  primerMidi: path("FILE", "Starts from the end of a MIDI file"),
  primerRandom: onOff("Starts from random combinations, which are not written"),
  dropPrimer: onOff("Leaves the primer out of the file"),
  temperature: number("T", "Below 1 the likely becomes likelier, above 1 rarer", {
    above: 0,
    usually: `${planned.temperature}; without a form ${free.temperature}`,
  }),
  topK: whole("K", "Samples from the K likeliest; 0: all", {
    least: 0,
    default: free.topK,
  }),
  topP: number("P", "Samples from the likeliest that together have probability P", {
    above: 0,
    most: 1,
    usually: `${planned.topP}; without a form ${free.topP}`,
  }),
  stuckAfter: number(
    "BEATS",
    "Beats after which a frame that stays the same must change; 0: never",
    { least: 0, default: generateDefaults.stuckAfter },
  ),
  without: list<readonly string[]>(
    "RULES",
    `Rules of sampling that are switched off: ${SAMPLING_RULES.join(",")}, or all`,
    { choices: [...SAMPLING_RULES, "all"] },
  ),
  candidates: whole("N", "Pieces sampled for each one that is kept", {
    least: 1,
    most: 64,
    default: generateDefaults.candidates,
  }),
  barCandidates: whole(
    "N",
    "With a form: bars sampled for each one that is kept, the nearest to its plan",
    { least: 1, most: MOST_BAR_CANDIDATES, usually: `${BARS_AT_ONCE} by the number of candidates` },
  ),
  discriminator: number(
    "W",
    "How much a bar's choice goes by what gives the model's music away; 0: nothing",
    { least: 0, most: 100, default: generateDefaults.discriminator },
  ),
  mostCopied: number("BEATS", "Beats in a row that may stand in the training music, in any key", {
    least: 0,
    default: generateDefaults.mostCopied,
  }),
  velocity: whole("V", "Mean velocity of the notes, or corpus for its mean", {
    words: ["corpus"],
    least: 1,
    most: 127,
    default: generateDefaults.velocity,
  }),
  touch: number("S", "How far it is played, not typed: loudness, timing, pedal; 0 flat, 1 full", {
    least: 0,
    most: 2,
    default: generateDefaults.touch,
  }),
  style: number("S", "Between the model's base, 0, and the model, 1, or further in its direction", {
    least: 0,
    most: MOST_STYLE,
    usually: "1",
  }),
  fill: path(
    "FILE",
    "Makes the bars of --bars 5-8, or beats 5.3-6.2, of a MIDI file anew; all else stays",
  ),
  above: text("NOTE", "Fills only with notes from C4 on"),
  below: text("NOTE", "Fills only with notes below C4"),
  track: whole("N", "Fills only this track, from 0", { least: 0 }),
  vary: path("FILE", "Makes a share of the notes of a MIDI file anew: --distance"),
  distance: number(
    "D",
    "With --vary: from the same notes to all anew, of which only the plan stays",
    { least: 0, most: 1, default: DISTANCE },
  ),
  melody: path("FILE", "Makes what is below the top line of a MIDI file"),
  accompaniment: path("FILE", "Makes what is above the notes of a MIDI file"),
  seed,
  count: whole("N", "Pieces to make, each with the next seed", {
    least: 1,
    most: 1000,
    default: generateDefaults.count,
  }),
  recipe: path("FILE", "Makes again what a recipe says"),
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
