import { join } from "node:path";
import { type Corpus, loadCorpus } from "../../corpus/corpus.ts";
import { holdOut } from "../../corpus/holdout.ts";
import type { TimedPiece } from "../../evaluate/blind.ts";
import type { MusicRead } from "../../evaluate/report.ts";
import type { TrainingMusic } from "../../evaluate/training.ts";
import { endOf } from "../../tokens/excerpt.ts";
import { barsInRange } from "../../generate/change/prepare.ts";
import { type PieceRecipe, readRecipe, type Recipe } from "../../generate/recipe.ts";
import type { Music } from "../../midi/music.ts";
import type { ModelManifest } from "../../model/bundle.ts";
import { Random } from "../../random.ts";
import { nextStep } from "../../show/next_step.ts";
import { noneText } from "../../show/text.ts";
import { exists, reason, sha256 } from "../../store/files.ts";
import { findMidiFiles } from "../../store/midi_files.ts";
import { readMusicFile } from "../../store/music_files.ts";
import { decodeFrames } from "../../tokens/grid.ts";
import type { Grid, Piece } from "../../tokens/piece.ts";
import { placeOnGrid } from "../../tokens/placed.ts";
import { tokenize, type TokenizeSettings } from "../../tokens/tokenize.ts";
import { corpusFolder, type Run } from "../run.ts";
import { type EvaluateSettings, recipeBeside } from "../settings/evaluate.ts";
import type { Roots } from "../settings/shared.ts";

/** Music to be measured. */
export interface MusicToMeasure {
  readonly pieces: readonly TimedPiece[];
  readonly read: MusicRead;
}

/**
 * All pieces of a folder, cut as the model's corpus was; duplicates count separately. The part of a
 * piece that was given to the model is left out if a recipe lies beside it.
 * @throws {Error} if there is no usable MIDI file
 */
export async function readPieces(
  path: string,
  settings: TokenizeSettings,
  run: Run,
): Promise<MusicToMeasure> {
  const { folder, names, unreadable } = await findMidiFiles(path, run);
  const pieces: TimedPiece[] = [];
  const skipped = unreadable.map(({ name, reason }) => ({ file: name, reason }));
  let primerFrames = 0;
  for (const [index, name] of names.entries()) {
    run.signal?.throwIfAborted();
    run.onProgress?.({ task: "read", done: index, total: names.length, detail: name });
    try {
      const file = join(folder, name);
      const recipe = await recipeOf(file);
      const { piece, leftOut } = newFrames(await readMusicFile(file), recipe, settings, name);
      pieces.push(piece);
      primerFrames += leftOut;
    } catch (error) {
      skipped.push({ file: name, reason: reason(error) });
    }
  }
  if (pieces.length === 0) {
    throw new Error(
      skipped.length > 0
        ? noneText(skipped, { noun: "file", folder: path, done: "evaluated" })
        : `Cannot evaluate on ${path}: it holds no MIDI files (.mid, .midi, .kar, .rmi) and no scores`,
    );
  }
  return { pieces, read: { ...counts(pieces, settings.grid), path, primerFrames, skipped } };
}

function counts(pieces: readonly Piece[], grid: Grid) {
  const sum = (of: (piece: Piece) => number) =>
    pieces.reduce((total, piece) => total + of(piece), 0);
  return {
    pieces: pieces.length,
    frames: sum(({ frames }) => frames.length),
    notes: sum(({ frames }) => decodeFrames(frames, grid.attacks).length),
  };
}

/** The recipe beside a MIDI file that made it. */
async function recipeOf(midi: string): Promise<Recipe | undefined> {
  const path = recipeBeside(midi);
  if (path === midi || !await exists(path)) return undefined;
  try {
    const recipe = await readRecipe(path);
    return recipe.midi === sha256(await Deno.readFile(midi)) ? recipe : undefined;
  } catch {
    return undefined; // some other JSON file
  }
}

/**
 * The frames of a file made by a model, if its recipe tells: those after the primer, or the changed
 * bars.
 * @throws {Error} if there are none
 */
function newFrames(
  music: Music,
  recipe: Recipe | undefined,
  settings: TokenizeSettings,
  name: string,
): { readonly piece: Piece; readonly leftOut: number } {
  if (recipe?.kind === "recipe of a change" && recipe.range) {
    const placed = placeOnGrid(music, settings);
    const piece = barsInRange(placed, recipe.range, settings.grid, name);
    return { piece, leftOut: placed.steps - piece.frames.length };
  }
  const { frames, metres, beatsPerMinute } = tokenize(music, settings);
  const primer = recipe?.kind === "recipe" ? primerFrames(recipe) : 0;
  if (primer >= frames.length) throw new Error("it holds nothing beyond its primer");
  const piece = { name, frames, metres, beatsPerMinute };
  return { piece: endOf(piece, frames.length - primer), leftOut: primer };
}

/** Number of frames at the start of a piece that were given to the model. */
function primerFrames({ dropPrimer, start: { frames, written } }: PieceRecipe): number {
  if (dropPrimer) return 0;
  const given = frames.slice(frames.length - written);
  const silent = given.findIndex((frame) => frame !== ""); // rests before the first note are not written
  return silent < 0 ? 0 : given.length - silent;
}

/** Music that a model is measured on. */
interface MeasuredMusic {
  /** The training music; null if the corpus is missing. */
  readonly training: TrainingMusic | null;
  /** The model's own music; null if there is none. */
  readonly generated: MusicToMeasure | null;
  /** The held-out music; null if there is none. */
  readonly heldOut: MusicToMeasure | null;
  /** Warning about a missing corpus. */
  readonly warning?: string;
}

/**
 * The music named by the settings, and that of the model's corpus. Where the settings name no
 * unseen music, it is the held-out part of the corpus.
 * @throws {Error} if there is nothing to measure, or a folder has no usable MIDI file
 */
export async function musicToMeasure(
  { model, midi, generated, ...roots }: EvaluateSettings,
  manifest: ModelManifest,
  run: Run,
): Promise<MeasuredMusic> {
  const own = await ownMusic(roots, manifest);
  const read = (path: string) => readPieces(path, manifest.style.tokenize, run);
  const music = {
    ...own,
    generated: generated === undefined ? null : await read(generated),
    heldOut: midi === undefined ? own.heldOut : await read(midi),
  };
  if (music.generated || music.heldOut) return music;
  throw new Error(
    `Cannot evaluate "${model}" on nothing: give --midi with music that it did not learn from, ` +
      `or --generated with music that it made, or train it with --holdout 0.1`,
  );
}

/** The training and held-out pieces, if the model's corpus exists and is unchanged. */
async function ownMusic(
  roots: Roots,
  manifest: ModelManifest,
): Promise<Omit<MeasuredMusic, "generated">> {
  const { name, hash } = manifest.corpus;
  const folder = corpusFolder(roots, name);
  const without = "so that baselines, copying and overlap are missing";
  if (!await exists(folder)) {
    const at = roots.data === undefined ? {} : { data: roots.data };
    const remedy = nextStep("preprocess", { midi: "DIR", name }, at);
    const warning = `the model's corpus is not in ${folder}, ${without}; make it again: ${remedy}`;
    return { training: null, heldOut: null, warning };
  }
  const corpus = await loadCorpus(folder);
  if (corpus.hash !== hash) {
    const warning = `${folder} is no longer what the model learned from, ${without}`;
    return { training: null, heldOut: null, warning };
  }
  const { holdout, seed } = manifest.settings;
  const lengths = corpus.pieces.map(({ length }) => length);
  const { training, heldOut } = holdOut(lengths, holdout, new Random(seed)); // as in training
  return {
    training: { ...corpus, pieces: training.map((index) => corpus.pieces[index]!) },
    heldOut: heldOut.length > 0 ? heldOutOf(corpus, heldOut) : null,
  };
}

function heldOutOf(corpus: Corpus, indexes: readonly number[]): MusicToMeasure {
  const pieces = indexes.map((index) => corpus.piece(index));
  const path = `the pieces of corpus "${corpus.name}" that were held out`;
  return { pieces, read: { ...counts(pieces, corpus.grid), path, primerFrames: 0, skipped: [] } };
}
