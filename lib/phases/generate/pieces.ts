import { basename, dirname, join } from "node:path";
import { whyText } from "../../generate/choice.ts";
import { type CopyFinder, copyFinderOf } from "../../generate/copies.ts";
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

/** One piece that `generate` made. */
export interface GeneratedPiece {
  /** The MIDI file. */
  readonly midi: string;
  /** The recipe that makes it again. */
  readonly recipe: string;
  /** All frames that were written, the primer's first. */
  readonly piece: Piece;
  /** How many of them are the primer's. */
  readonly primerFrames: number;
  /** How long it sounds. */
  readonly seconds: number;
  /** What each bar was to be like, from the primer's first frame on; null: the model was free. */
  readonly plan: Plan | null;
  /** Where the plan came from, in words. */
  readonly form: string;
  /** How many candidates were sampled, this one included. */
  readonly candidates: number;
  /** What spoke against each of the others that was dropped. */
  readonly dropped: readonly string[];
  /** What speaks against this one; empty unless something spoke against all. */
  readonly problems: readonly string[];
  /**
   * Why its bars were kept, and it as a whole: for each of the judge's terms, by name and in words, the
   * mean value of what was kept and of all that it was chosen from.
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

/** What `generate` made. */
export interface GenerateSummary {
  /** One per piece that was asked for. */
  readonly pieces: readonly GeneratedPiece[];
  /** New frames per second of computing. */
  readonly framesPerSecond: number;
}

/** A model that is loaded, and how recipes name it. */
export interface Player {
  readonly loaded: LoadedModel;
  readonly model: Recipe["model"];
}

/** Pieces that are to be made, and how a person is told of them. */
export interface Work {
  /** Makes a piece each; `onFrame` is called with how many of its frames are there. */
  readonly pieces: readonly ((
    onFrame: (done: number, total: number) => Promise<void>,
  ) => Promise<MadePiece>)[];
  readonly title: string;
  /** What is shown of the pieces, but for what to do next. */
  readonly rows: (
    pieces: readonly GeneratedPiece[],
    framesPerSecond: number,
  ) => SummaryTable["rows"];
}

/** A piece that is to be written. */
export interface MadePiece {
  readonly piece: Omit<GeneratedPiece, "midi" | "recipe">;
  /** What makes it again, with the checksum of the music that is expected to come of it, if any. */
  readonly recipe: { readonly midi: string };
  /** The MIDI file. */
  readonly bytes: Uint8Array;
  /** The music written down, where it was made from a written score. */
  readonly musicXml?: string;
  /** Frames that were computed for it. */
  readonly computed: number;
}

/** The passages of the training music, and of its base's, where the bundle knows them. */
export function copyFinder({ files, model }: LoadedModel): CopyFinder | undefined {
  return copyFinderOf(passagesOf(files), model.grid);
}

/** The bundle's files that know passages. */
export function passagesOf(files: LoadedModel["files"]): Uint8Array[] {
  return [...files].filter(([name]) => PASSAGE_FILES.test(name)).map(([, bytes]) => bytes);
}

/** Which model it was: the SHA-256 of its weights and of its vocabulary. */
export function modelHash({ manifest: { files } }: LoadedModel): string {
  return sha256(files[BUNDLE.weights]!.sha256 + files[BUNDLE.vocabulary]!.sha256);
}

/**
 * Path of what is made, without number and ending.
 * @throws {Error} if the name would lead elsewhere, or the folder is a link
 */
export async function outputPath(
  { name, recipe, ...roots }: GenerateSettings,
  modelName: string,
): Promise<string> {
  const folder = generatedFolder(roots);
  const own = checkName(name ?? (recipe ? basename(recipe, ".json") : modelName));
  await requireNoLink(folder);
  return join(folder, own);
}

/** How piece `index` of `count` is named: where there are several, each has its number. */
export function namingOf({ overwrite }: GenerateSettings, index: number, count: number): Naming {
  return { number: count === 1 ? undefined : index + 1, overwrite };
}

/**
 * Writes a MIDI file with its recipe beside it, and MusicXML where there is any, and tells if it is not
 * the music that the recipe says.
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
      "This is not the music that the recipe was written with: the recipe was changed, or this " +
        "machine computes in another way (other threads, other instructions)",
    );
  }
  const sealed = {
    ...recipe,
    midi,
    ...(musicXml === undefined ? {} : { musicXml: sha256(musicXml) }),
  };
  const files = {
    ".json": seal(sealed, recipeText), // no music is ever without its recipe
    ".mid": bytes,
    ...(musicXml === undefined ? {} : { ".musicxml": musicXml }),
  };
  const at = await writeTogether(dirname(path), basename(path), files, naming);
  return { midi: `${at}.mid`, recipe: `${at}.json` };
}

/** What speaks against pieces that were kept nonetheless, in words. */
export function problemsOf(pieces: readonly GeneratedPiece[]): string[] {
  return pieces.filter(({ problems }) => problems.length > 0).map(({ midi, problems }) =>
    `${basename(midi)} is the least bad: ${problems.join(", ")}`
  );
}

/** Why a piece was kept, and each of its bars: the judge's terms beside those of all that was sampled. */
export function whyRows(pieces: readonly GeneratedPiece[]): SummaryTable["rows"] {
  if (pieces.length > 1) return [];
  const { bars, piece } = pieces[0]!.why;
  return [
    ...bars.length > 0 ? [["bars kept", whyText(bars)] as const] : [],
    ...pieces[0]!.candidates > 1 ? [["piece kept", whyText(piece)] as const] : [],
  ];
}
