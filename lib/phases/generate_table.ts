import { SAMPLING_RULES } from "../model/rules.ts";
import { MOST_BAR_CANDIDATES } from "../generate/recipe.ts";
import { checkSettings, type Table } from "./declare.ts";
import {
  BARS_AT_ONCE,
  generateDefaults,
  type GenerateSettings,
  plannedDefaults,
} from "./settings.ts";
import { roots, seed, threads } from "./tables.ts";

/** What only programs say, or say in another way. */
type OfPrograms = "primerMidi" | "primerPiece" | "form" | "bars" | "fill" | "vary";

/** {@linkcode GenerateSettings} as the shell has them: a word or a number each. */
export interface GenerateWords extends Omit<GenerateSettings, OfPrograms> {
  /** `auto`, `none`, or the path of a MIDI file. */
  readonly form?: string;
  /** Path of the MIDI file at whose end the music starts. */
  readonly primerMidi?: string;
  /** How many, or which of a file: `5-8`. */
  readonly bars?: string | number;
  /** Path of the MIDI file of which bars are filled, and with what. */
  readonly fill?: string;
  readonly above?: string;
  readonly below?: string;
  readonly track?: number;
  /** Path of the MIDI file that is varied, and how far. */
  readonly vary?: string;
  readonly distance?: number;
}

/** How far `--vary` goes where nobody says. */
export const DISTANCE = 0.5;

/** What {@linkcode GenerateWords} may be. */
export const generateTable: Table<GenerateWords> = {
  model: { type: "text", value: "NAME", help: "Model to play", usually: "the recipe's" },
  name: {
    type: "text",
    value: "OUT",
    help: "Name of the file; with --count each has a number, too",
    usually: "the model's, with the next free number",
  },
  overwrite: { type: "switch", help: "Replaces earlier music of this name" },
  form: {
    type: "text",
    value: "FORM",
    help: "auto: a new plan made of the corpus's; FILE.mid: a new piece in that one's form; none",
    usually: "auto; of a model without plans: none",
  },
  key: { type: "text", value: "KEY", help: "Key of the plan: A minor, Eb major" },
  density: {
    type: "number",
    value: "D",
    help: "How full it is: sparse, medium, full, or the mean number of sounding notes",
    words: ["sparse", "medium", "full"],
  },
  register: {
    type: "integer",
    value: "R",
    help: "How high it lies: low, medium, high, or semitones higher than it would",
    words: ["low", "medium", "high"],
    least: -48,
    most: 48,
  },
  metre: { type: "text", value: "M", help: "Metre of the plan: 3/4" },
  frames: {
    type: "integer",
    value: "N",
    help: "New frames",
    usually: `${generateDefaults.frames} without a form`,
  },
  bars: {
    type: "bars",
    value: "N",
    help: "New bars; ends on a bar line. With --fill and --vary, which bars: 5-8",
    usually: `${generateDefaults.bars} in a new form`,
  },
  seconds: { type: "number", value: "S", help: "New music in seconds" },
  end: {
    type: "switch",
    help: "Does not come to a close in its last bar; music in a form of so many bars does",
    default: true,
  },
  primerNote: {
    type: "text",
    value: "NOTES",
    help: "Starts from silence and a note (C4) or combination (60,64,67)",
    usually: "nothing; without a form the first bar of a piece",
  },
  primerMidi: { type: "path", value: "FILE", help: "Starts from the end of a MIDI file" },
  primerRandom: { type: "switch", help: "Starts from random combinations, which are not written" },
  dropPrimer: { type: "switch", help: "Leaves the primer out of the file" },
  temperature: {
    type: "number",
    value: "T",
    help: "Below 1 the likely becomes likelier, above 1 rarer",
    above: 0,
    usually: `${plannedDefaults.temperature}; without a form ${generateDefaults.temperature}`,
  },
  topK: {
    type: "integer",
    value: "K",
    help: "Samples from the K likeliest; 0: all",
    least: 0,
    default: generateDefaults.topK,
  },
  topP: {
    type: "number",
    value: "P",
    help: "Samples from the likeliest that together have probability P",
    above: 0,
    most: 1,
    usually: `${plannedDefaults.topP}; without a form ${generateDefaults.topP}`,
  },
  stuckAfter: {
    type: "number",
    value: "BEATS",
    help: "Beats after which a frame that stays the same must change; 0: never",
    least: 0,
    default: generateDefaults.stuckAfter,
  },
  without: {
    type: "list",
    value: "RULES",
    help: `Rules of sampling that are switched off: ${SAMPLING_RULES.join(",")}, or all`,
    choices: [...SAMPLING_RULES, "all"],
  },
  candidates: {
    type: "integer",
    value: "N",
    help: "Pieces sampled for each one that is kept",
    least: 1,
    most: 64,
    default: generateDefaults.candidates,
  },
  barCandidates: {
    type: "integer",
    value: "N",
    help: "With a form: bars sampled for each one that is kept, the nearest to its plan",
    least: 1,
    most: MOST_BAR_CANDIDATES,
    usually: `${BARS_AT_ONCE} by the number of candidates`,
  },
  mostCopied: {
    type: "number",
    value: "BEATS",
    help: "Beats in a row that may stand in the training music, in any key",
    least: 0,
    default: generateDefaults.mostCopied,
  },
  velocity: {
    type: "integer",
    value: "V",
    help: "Mean velocity of the notes, or corpus for its mean",
    words: ["corpus"],
    least: 1,
    most: 127,
    default: generateDefaults.velocity,
  },
  touch: {
    type: "number",
    value: "S",
    help: "How far it is played, not typed: loudness, timing, pedal; 0 flat, 1 full",
    least: 0,
    most: 2,
    default: generateDefaults.touch,
  },
  fill: {
    type: "path",
    value: "FILE",
    help: "Makes the bars of --bars 5-8, or beats 5.3-6.2, of a MIDI file anew; all else stays",
  },
  above: { type: "text", value: "NOTE", help: "Fills only with notes from C4 on" },
  below: { type: "text", value: "NOTE", help: "Fills only with notes below C4" },
  track: { type: "integer", value: "N", help: "Fills only this track, from 0", least: 0 },
  vary: {
    type: "path",
    value: "FILE",
    help: "Makes a share of the notes of a MIDI file anew: --distance",
  },
  distance: {
    type: "number",
    value: "D",
    help: "With --vary: from the same notes to all anew, of which only the plan stays",
    least: 0,
    most: 1,
    default: DISTANCE,
  },
  melody: { type: "path", value: "FILE", help: "Makes what is below the top line of a MIDI file" },
  accompaniment: {
    type: "path",
    value: "FILE",
    help: "Makes what is above the notes of a MIDI file",
  },
  seed,
  count: {
    type: "integer",
    value: "N",
    help: "Pieces to make, each with the next seed",
    least: 1,
    most: 1000,
    default: generateDefaults.count,
  },
  recipe: { type: "path", value: "FILE", help: "Makes again what a recipe says" },
  threads,
  ...roots,
};

/**
 * Makes sure that settings are as {@linkcode generateTable} has them, but for what programs say in
 * another way than the shell.
 * @throws {Error} if one is of another type or out of its range
 */
export function checkGenerateSettings(
  { form: _, primerMidi: __, primerPiece: ___, bars: ____, fill, vary, ...settings }:
    GenerateSettings,
): void {
  const words = { ...settings, track: fill?.track, distance: vary?.distance };
  checkSettings<GenerateWords>("generate", generateTable, words);
}
