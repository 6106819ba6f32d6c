import { basename, dirname, join } from "node:path";
import { nameOf } from "../phases/audition.ts";
import type { GeneratedPiece } from "../phases/generate.ts";
import { checkName, exists, requireNoLink } from "../store/files.ts";
import { writeTogether } from "../store/write.ts";
import { type AuditionVariant, type Chosen, chosen } from "./audition.ts";
import { inCell, note } from "./cell.ts";

/** Paths of a kept variant. */
type Kept = Awaited<ReturnType<typeof keep>>;

/** Paths of the variants that were kept. */
const keptAs = new WeakMap<GeneratedPiece, Kept>();

/**
 * Moves a variant, its recipe and its audio to `data/favourites`, where nothing is ever replaced:
 * if the name is taken, the next free number is added.
 * @param name without extension. Default: its own
 * @returns the new paths of the MIDI file and its recipe, and all `files` including the audio
 * @throws {Error} if there is no such variant, or its files are missing
 * @example
 * ```ts
 * import { audition, keep } from "../../mod.ts";
 * await audition({ model: "mine", count: 2, bars: 4 });
 * const { midi } = await keep(1, "evening");
 * console.log(midi);
 * ```
 */
export async function keep(
  which: Chosen,
  name?: string,
): Promise<Pick<GeneratedPiece, "midi" | "recipe"> & { readonly files: readonly string[] }> {
  return await inCell({
    work: async () => {
      const variant = chosen(which);
      return await move(variant, checkName(name ?? nameOf(variant.piece)));
    },
    shows: ({ midi }) => [note(`Kept as ${midi}`)],
  });
}

/** Current paths of a variant's files. */
export function whereabouts(
  piece: GeneratedPiece,
): { readonly midi: string; readonly recipe: string } {
  return keptAs.get(piece) ?? piece;
}

async function move({ piece, settings }: AuditionVariant, name: string): Promise<Kept> {
  const before = keptAs.get(piece);
  if (before) throw new Error(`Cannot keep ${piece.midi}: it was kept already, as ${before.midi}`);
  const from = join(dirname(piece.midi), basename(piece.midi, ".mid"));
  const files: Record<string, Uint8Array> = {};
  const sources: string[] = [];
  for (const ending of [".json", ".mid", ".musicxml", ".wav"]) {
    const path = `${from}${ending}`;
    if (!await exists(path)) continue;
    files[ending] = await Deno.readFile(path);
    sources.push(path);
  }
  if (files[".mid"] === undefined) {
    throw new Error(`Cannot keep ${piece.midi}: it is no longer there`);
  }
  const favourites = join(settings.data ?? "data", "favourites");
  await requireNoLink(favourites);
  const to = await writeTogether(favourites, name, files);
  for (const path of sources) await Deno.remove(path);
  const kept = {
    midi: `${to}.mid`,
    recipe: `${to}.json`,
    files: Object.keys(files).map((ending) => `${to}${ending}`),
  };
  keptAs.set(piece, kept);
  return kept;
}
