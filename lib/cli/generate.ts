import { DISTANCE, generateTable, type GenerateWords } from "../phases/settings/generate_table.ts";
import { chordFile, generateDefaults, type GenerateSettings } from "../phases/settings/generate.ts";
import type { Command } from "./command.ts";
import { given, rootsOf, taskOf } from "./flags.ts";

/** `deno task generate` */
export const generate: Command = taskOf({
  name: "generate",
  summary: "Makes new music with a model: a MIDI file and the recipe that makes it again.",
  renamed: {
    "seed-note": "primer-note",
    "seed-midi": "primer-midi",
    "seed-random": "primer-random",
    "drop-seed": "drop-primer",
  },
  table: generateTable,
  extra: [{
    name: "page",
    type: "switch",
    help: "Renders audio, too, and writes an HTML page with the pieces side by side",
  }],
  example: "deno task generate --model favourites --bars 32 --temperature 0.9",
  needs: (words) => ({
    read: [
      rootsOf(words).models,
      ...given(
        words.primerMidi,
        formFile(words),
        chordFile(words.chords),
        words.recipe,
        words.fill,
        words.vary,
      ),
      ...given(words.melody, words.accompaniment, ...words.between ?? []),
    ],
    write: [`${rootsOf(words).data}/generated`],
  }),
  run: async (words, run, { page }) => {
    const settings = settingsOf(words);
    const { generate } = await import("../phases/generate.ts");
    const summary = await generate(settings, run);
    if (!page) return summary;
    const { sourceOf, writeAuditionPage } = await import("../phases/audition.ts");
    const { model, models, data, recipe, seed = generateDefaults.seed } = settings;
    const made = (at: number) => recipe === undefined ? `seed ${seed + at}` : "again";
    const source = sourceOf(settings);
    const pieces = summary.pieces.map((piece, at) => ({ piece, made: made(at), source }));
    const path = await writeAuditionPage(
      pieces,
      `New music by "${model ?? (recipe ? "a recipe" : "base")}"`,
      recipe ? undefined : { model: model ?? "base", models, data },
      run,
    );
    return `${summary}\n  to hear them, open ${path} in a browser`;
  },
});

/** Settings from flags, with those of a change put together. @throws {TypeError} if a flag lacks the file it applies to */
function settingsOf(
  { fill, vary, bars, above, below, track, distance, ...rest }: GenerateWords,
): GenerateSettings {
  const needs = (flag: string, of: string): never => {
    throw new TypeError(
      `--${flag} belongs to --${of}: say which file (see "deno task generate --help")`,
    );
  };
  const hands = { above, below, track };
  const hand = Object.entries(hands).find(([, value]) => value !== undefined)?.[0];
  if (hand !== undefined && fill === undefined) needs(hand, "fill");
  if (distance !== undefined && vary === undefined) needs("distance", "vary");
  const changes = {
    // Without bars, the phase says what is missing.
    ...(fill === undefined ? {} : { fill: { midi: fill, bars: bars!, ...hands } }),
    ...(vary === undefined ? {} : { vary: { midi: vary, distance: distance ?? DISTANCE, bars } }),
  };
  if (Object.keys(changes).length > 0) return { ...rest, ...changes };
  return { ...rest, bars: typeof bars === "string" ? needs("bars 5-8", "fill") : bars };
}

/** MIDI file named by `--form`, if any. */
function formFile({ form }: GenerateWords): string | undefined {
  return form === "auto" || form === "none" ? undefined : form;
}
