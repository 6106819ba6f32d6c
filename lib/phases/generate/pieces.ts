import { basename, dirname, join } from "node:path";
import { whyText } from "../../generate/judge/choice.ts";
import { type CopyFinder, copyFinderOf } from "../../generate/judge/copies.ts";
import type { Recipe } from "../../generate/recipe.ts";
import { recipeText } from "../../generate/recipe_text.ts";
import { BUNDLE, PASSAGE_FILES } from "../../model/bundle_files.ts";
import type { LoadedModel } from "../../model/load.ts";
import type { SummaryTable } from "../../show/summary.ts";
import { checkName, requireNoLink, sha256 } from "../../store/files.ts";
import { seal } from "../../store/seal.ts";
import { type Naming, writeTogether } from "../../store/write.ts";
import type { Piece } from "../../tokens/piece.ts";
import type { Plan } from "../../tokens/plan.ts";
import { generatedFolder, type Run } from "../run.ts";
import type { GenerateSettings } from "../settings/generate.ts";

/** One generated piece. */
export interface GeneratedPiece {
  /** Path of the MIDI file. */
  readonly midi: string;
  /** Path of the recipe that makes it again. */
  readonly recipe: string;
  /** All written frames, the primer's first. */
  readonly piece: Piece;
  /** Number of the primer's frames among them. */
  readonly primerFrames: number;
  /** Duration in seconds. */
  readonly seconds: number;
  /** Plan of each bar, from the primer's first frame on; null: the model was free. */
  readonly plan: Plan | null;
  /** Source of the plan, in words. */
  readonly form: string;
  /** Number of sampled candidates, this one included. */
  readonly candidates: number;
  /** Objections to each of the rejected candidates. */
  readonly dropped: readonly string[];
  /** Objections to this one; empty unless there were objections to all. */
  readonly problems: readonly string[];
  /**
   * Why its bars, and the piece as a whole, were kept: for each of the judge's terms, with its name
   * and description, the mean value of the kept ones and of all candidates.
   */
  readonly why: Readonly<
    Record<
      "bars" | "piece",
      readonly {
        readonly name: string;
        readonly words: string;
        readonly kept: number;
        readonly all: number;
      }[]
    >
  >;
}

/** Result of `generate`. */
export interface GenerateSummary {
  /** One per requested piece. */
  readonly pieces: readonly GeneratedPiece[];
  /** New frames per second of computing time. */
  readonly framesPerSecond: number;
}

/** A loaded model and its identity in recipes. */
export interface Player {
  readonly loaded: LoadedModel;
  readonly model: Recipe["model"];
  /** Weight of the model's style, where it is not 1. */
  readonly style?: number;
}

/** Pieces to be made, and their summary. */
export interface Work {
  /** Functions that make one piece each; `onFrame` is called with the number of frames done. */
  readonly pieces: readonly ((
    onFrame: (done: number, total: number) => Promise<void>,
  ) => Promise<MadePiece>)[];
  readonly title: string;
  /** Summary rows of the pieces, without the next step. */
  readonly rows: (
    pieces: readonly GeneratedPiece[],
    framesPerSecond: number,
  ) => SummaryTable["rows"];
}

/** A piece to be written. */
export interface MadePiece {
  readonly piece: Omit<GeneratedPiece, "midi" | "recipe">;
  /** The recipe, and the expected checksum of its music, if any. */
  readonly recipe: { readonly midi: string };
  /** The MIDI file. */
  readonly bytes: Uint8Array;
  /** The music as a MusicXML score, where it was made from a written score. */
  readonly musicXml?: string;
  /** Number of frames computed for it. */
  readonly computed: number;
}

/** Search for copies of the training music and the base's, where the bundle has passage filters. */
export function copyFinder({ files, model }: LoadedModel): CopyFinder | undefined {
  return copyFinderOf(passagesOf(files), model.grid);
}

/** Passage filters of a bundle. */
function passagesOf(files: LoadedModel["files"]): Uint8Array[] {
  return [...files].filter(([name]) => PASSAGE_FILES.test(name)).map(([, bytes]) => bytes);
}

/** Identity of a model: the SHA-256 of its weights and of its vocabulary. */
export function modelHash({ manifest: { files } }: LoadedModel): string {
  return sha256(files[BUNDLE.weights]!.sha256 + files[BUNDLE.vocabulary]!.sha256);
}

/**
 * Output path without number and extension.
 * @throws {Error} if the name would lead elsewhere, or the folder is a link
 */
export async function outputPath(
  { name, recipe, data }: Pick<GenerateSettings, "name" | "recipe" | "data">,
  modelName: string,
): Promise<string> {
  const folder = generatedFolder({ data });
  const own = checkName(name ?? (recipe ? basename(recipe, ".json") : modelName));
  await requireNoLink(folder);
  return join(folder, own);
}

/** Naming of piece `index` of `count`: numbered where there are several. */
export function namingOf(index: number, count: number, overwrite: boolean | undefined): Naming {
  return { number: count === 1 ? undefined : index + 1, overwrite };
}

/**
 * Writes a MIDI file with its recipe beside it, and MusicXML where there is any, and reports a
 * mismatch with the checksum in the recipe.
 */
export async function writeMusic(
  path: string,
  naming: Naming,
  { recipe, bytes, musicXml }: Pick<MadePiece, "recipe" | "bytes" | "musicXml">,
  run: Run,
): Promise<Pick<GeneratedPiece, "midi" | "recipe">> {
  const midi = sha256(bytes);
  if (recipe.midi !== "" && recipe.midi !== midi) {
    run.onMessage?.(
      "This differs from the music that the recipe was written with: the recipe was changed, " +
        "another version of the program wrote it, or this machine computes differently (number " +
        "of threads, processor)",
    );
  }
  const sealed = {
    ...recipe,
    midi,
    ...(musicXml === undefined ? {} : { musicXml: sha256(musicXml) }),
  };
  const files = {
    ".json": seal(sealed, recipeText), // music is never without its recipe
    ".mid": bytes,
    ...(musicXml === undefined ? {} : { ".musicxml": musicXml }),
  };
  const at = await writeTogether(dirname(path), basename(path), files, naming);
  return { midi: `${at}.mid`, recipe: `${at}.json` };
}

/** Objections to pieces that were kept nonetheless, in words. */
export function problemsOf(pieces: readonly GeneratedPiece[]): string[] {
  return pieces.filter(({ problems }) => problems.length > 0).map(({ midi, problems }) =>
    `${basename(midi)} is the least bad: ${problems.join(", ")}`
  );
}

/**
 * Summary rows with the means of the judge's terms, for kept pieces and bars beside all candidates.
 */
export function whyRows(pieces: readonly GeneratedPiece[]): SummaryTable["rows"] {
  if (pieces.length > 1) return [];
  const { bars, piece } = pieces[0]!.why;
  return [
    ...bars.length > 0 ? [["bars kept", whyText(bars)] as const] : [],
    ...pieces[0]!.candidates > 1 ? [["piece kept", whyText(piece)] as const] : [],
  ];
}
