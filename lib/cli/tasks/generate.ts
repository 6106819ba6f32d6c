import type { Command, Values } from "../command.ts";
import { dataFlag, modelsFlag, rootsOf, seedFlag, settingsOf, threadsFlag } from "../flags.ts";
import { SAMPLING_RULES } from "../../model/rules.ts";
import { generateDefaults, type GenerateSettings, plannedDefaults } from "../../phases/settings.ts";

/** How far `--vary` goes where nobody says. */
const DISTANCE = 0.5;

/** Flags that name a MIDI file to be changed. */
const FILES = ["fill", "vary", "melody", "accompaniment"] as const;

/** `deno task generate` */
export const generate: Command = {
  name: "generate",
  summary: "Makes new music with a model: a MIDI file and the recipe that makes it again.",
  renamed: {
    "seed-note": "primer-note",
    "seed-midi": "primer-midi",
    "seed-random": "primer-random",
    "drop-seed": "drop-primer",
  },
  flags: [
    {
      name: "model",
      type: "text",
      value: "NAME",
      help: "Model to play",
      default: "the recipe's",
    },
    {
      name: "name",
      type: "text",
      value: "OUT",
      help: "Name of the file",
      default: "the model's, with the next free number",
    },
    { name: "overwrite", type: "switch", help: "Replaces earlier music of this name" },
    {
      name: "form",
      type: "text",
      value: "FORM",
      help: "auto: a new form made of the corpus's; FILE.mid: that piece's; none",
      default: "auto; of a model without plans: none",
    },
    { name: "key", type: "text", value: "KEY", help: "Key of the music: A minor, Eb major" },
    {
      name: "density",
      type: "text",
      value: "D",
      help: "How full it is: sparse, medium, full, or the mean number of sounding notes",
    },
    {
      name: "register",
      type: "text",
      value: "R",
      help: "How high it lies: low, medium, high, or semitones higher than it would",
    },
    { name: "metre", type: "text", value: "M", help: "Its metre, such as 3/4" },
    {
      name: "frames",
      type: "integer",
      value: "N",
      help: "New frames",
      default: `${generateDefaults.frames} without a form`,
    },
    {
      name: "bars",
      type: "bars",
      value: "N",
      help: "New bars; ends on a bar line. With --fill and --vary, which bars: 5-8",
      default: `${generateDefaults.bars} in a new form`,
    },
    { name: "seconds", type: "number", value: "S", help: "New music in seconds" },
    {
      name: "end",
      type: "switch",
      negated: true,
      help: "Does not come to a close in its last bar, as music in a form does (--end)",
    },
    {
      name: "primer-note",
      type: "text",
      value: "NOTES",
      help: "Starts from silence and a note (C4) or combination (60,64,67)",
      default: "nothing; without a form the first bar of a piece of the corpus",
    },
    {
      name: "primer-midi",
      type: "path",
      value: "FILE",
      help: "Starts from the end of a MIDI file",
    },
    { name: "primer-random", type: "switch", help: "Starts from random combinations" },
    { name: "drop-primer", type: "switch", help: "Leaves the primer out of the file" },
    {
      name: "temperature",
      type: "number",
      value: "T",
      help: "Below 1: likelier; above 1: bolder",
      default: `${plannedDefaults.temperature}; without a form ${generateDefaults.temperature}`,
    },
    {
      name: "top-k",
      type: "integer",
      value: "K",
      help: "Draws from the K likeliest; 0: all",
      default: generateDefaults.topK,
    },
    {
      name: "top-p",
      type: "number",
      value: "P",
      help: "Draws from the likeliest that together have probability P",
      default: `${plannedDefaults.topP}; without a form ${generateDefaults.topP}`,
    },
    {
      name: "stuck-after",
      type: "number",
      value: "BEATS",
      help: "Beats after which a frame that stays the same must change; 0: never",
      default: generateDefaults.stuckAfter,
    },
    {
      name: "without",
      type: "text",
      value: "RULES",
      help: `Rules of sampling that are switched off: ${SAMPLING_RULES.join(",")}, or all`,
    },
    {
      name: "candidates",
      type: "integer",
      value: "N",
      help: "Pieces sampled for each one that is kept",
      default: generateDefaults.candidates,
    },
    {
      name: "most-copied",
      type: "number",
      value: "BEATS",
      help: "Beats in a row that may stand in the training music, in any key",
      default: generateDefaults.mostCopied,
    },
    {
      name: "velocity",
      type: "text",
      value: "V",
      help: "Mean velocity of the notes, 1 to 127, or corpus for its mean",
      default: generateDefaults.velocity,
    },
    {
      name: "touch",
      type: "number",
      value: "S",
      help: "How far it is played, not typed: loudness, timing, pedal; 0 flat, 1 full, up to 2",
      default: generateDefaults.touch,
    },
    {
      name: "fill",
      type: "path",
      value: "FILE",
      help: "Makes the bars of --bars 5-8 of a MIDI file anew; all else in it stays",
    },
    { name: "above", type: "text", value: "NOTE", help: "Fills only with notes from C4 on" },
    { name: "below", type: "text", value: "NOTE", help: "Fills only with notes below C4" },
    { name: "track", type: "integer", value: "N", help: "Fills only this track, from 0" },
    {
      name: "vary",
      type: "path",
      value: "FILE",
      help: "Makes a share of the notes of a MIDI file anew: --distance",
    },
    {
      name: "distance",
      type: "number",
      value: "D",
      help: "With --vary: 0 the same notes, 1 all anew, only their plan stays",
      default: DISTANCE,
    },
    {
      name: "melody",
      type: "path",
      value: "FILE",
      help: "Makes what is below the top line of a MIDI file",
    },
    {
      name: "accompaniment",
      type: "path",
      value: "FILE",
      help: "Makes what is above the notes of a MIDI file",
    },
    seedFlag,
    {
      name: "count",
      type: "integer",
      value: "N",
      help: "Pieces to make",
      default: generateDefaults.count,
    },
    {
      name: "page",
      type: "switch",
      help: "Plays them too, and puts them side by side on an HTML page to be heard and seen",
    },
    { name: "recipe", type: "path", value: "FILE", help: "Makes again what a recipe says" },
    threadsFlag,
    dataFlag,
    modelsFlag,
  ],
  example: "deno task generate --model favourites --bars 32 --temperature 0.9",
  needs: (values) => ({
    read: [
      rootsOf(values).models,
      values["primer-midi"],
      formFile(values),
      values.recipe,
      ...FILES.map((name) => values[name]),
    ].flatMap((path) => path === undefined ? [] : [String(path)]),
    write: [`${rootsOf(values).data}/generated`],
  }),
  run: async ({ page, ...flags }, run) => {
    const values = changeIn(flags);
    const { generate } = await import("../../phases/generate.ts");
    const { velocity, density, register, without } = values;
    const number = (value: unknown) => Number.isNaN(Number(value)) ? value : Number(value);
    const settings = settingsOf<GenerateSettings>({
      ...values as Values,
      ...(density === undefined ? {} : { density: number(density) as string }),
      ...(register === undefined ? {} : { register: number(register) as string }),
      ...(velocity !== undefined && velocity !== "corpus" ? { velocity: Number(velocity) } : {}),
    });
    const rules = without === undefined ? {} : { without: `${without}`.split(",") };
    const summary = await generate({ ...settings, ...rules } as GenerateSettings, run);
    if (!page) return summary;
    const { writeAuditionPage } = await import("../../phases/audition.ts");
    const seed = Number(values.seed ?? generateDefaults.seed);
    const made = (at: number) => values.recipe === undefined ? `seed ${seed + at}` : "again";
    const pieces = summary.pieces.map((piece, at) => ({ piece, made: made(at) }));
    const path = await writeAuditionPage(
      pieces,
      `New music by "${values.model ?? (values.recipe ? "a recipe" : "base")}"`,
      run,
    );
    return `${summary}\n  to hear them, open ${path} in a browser`;
  },
};

/** The flags with those that belong to a change of a file put together. @throws {TypeError} if one lacks its file */
function changeIn(
  { fill, vary, bars, above, below, track, distance, ...rest }: Values,
): Values & Pick<GenerateSettings, "fill" | "vary"> {
  const needs = (flag: string, of: string) => {
    throw new TypeError(
      `--${flag} belongs to --${of}: say which file (see "deno task generate --help")`,
    );
  };
  const hands = Object.entries({ above, below, track }).filter(([, value]) => value !== undefined);
  if (hands.length > 0 && fill === undefined) needs(hands[0]![0], "fill");
  if (distance !== undefined && vary === undefined) needs("distance", "vary");
  if (typeof bars === "string" && fill === undefined && vary === undefined) {
    needs("bars 5-8", "fill");
  }
  const which = bars === undefined ? {} : { bars };
  const changes = {
    ...(fill === undefined ? {} : { fill: { midi: fill, ...which, ...Object.fromEntries(hands) } }),
    ...(vary === undefined
      ? {}
      : { vary: { midi: vary, distance: distance ?? DISTANCE, ...which } }),
  } as unknown as Pick<GenerateSettings, "fill" | "vary">;
  return { ...rest, ...(Object.keys(changes).length > 0 ? changes : which) } as
    & Values
    & typeof changes;
}

/** The MIDI file whose form is asked for, if one is. */
function formFile({ form }: Values): string | undefined {
  return form === undefined || form === "auto" || form === "none" ? undefined : String(form);
}
