import { join } from "node:path";
import { isOwnWav } from "../audio/wav_file.ts";
import { CORPUS } from "../corpus/corpus.ts";
import { RECIPES } from "../generate/recipe.ts";
import { MODEL } from "../model/bundle.ts";
import { type Shown, shown } from "../show/summary.ts";
import { removeArtifact, requireOwn } from "../store/artifact.ts";
import {
  attempt,
  exists,
  readPlainFile,
  removeIfThere,
  requireNoLink,
  sha256,
} from "../store/files.ts";
import { tryLock } from "../store/lock.ts";
import { isSealed, unseal } from "../store/seal.ts";
import { wholeOf } from "../store/write.ts";
import { generatedFolder, SHIPPED_MODEL } from "./run.ts";
import { type CleanSettings, cleanTable } from "./settings/clean.ts";
import { checkSettings } from "./settings/declare.ts";

/** A file or folder to remove, and how. */
interface Found {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/**
 * Removes unmodified outputs of the phases: corpora, models, evaluations, generated music with its
 * audio, and remains of killed runs. All other files stay, also within the folders of artifacts;
 * links are not followed; the shipped model stays.
 * @returns paths of the removed files and folders
 * @throws {Error} if removal is not confirmed, a run is writing, or something cannot be removed
 * @example
 * ```ts
 * import { clean } from "../../mod.ts";
 * const { removed } = await clean({ yes: true });
 * console.log(removed);
 * ```
 */
export async function clean(
  settings: CleanSettings,
  { confirm }: {
    /** Asks for confirmation; true for yes. Called only if there is something to remove. */
    readonly confirm?: (question: string) => Promise<boolean>;
  } = {},
): Promise<{ readonly removed: readonly string[] } & Shown> {
  checkSettings("clean", cleanTable, settings);
  const corpora = join(settings.data ?? "data", "corpora"), models = settings.models ?? "models";
  const evaluations = join(settings.data ?? "data", "evaluations");
  const generated = generatedFolder(settings);
  for (const folder of [corpora, generated, evaluations]) await requireNoLink(folder);
  const places = [
    artifactsIn(corpora, CORPUS.kind),
    artifactsIn(models, MODEL.kind, join(models, SHIPPED_MODEL)),
    generatedIn(generated),
    evaluationsIn(evaluations),
    ...[corpora, models, generated, evaluations].map(partsIn),
  ];
  const found: Found[] = [];
  for (const place of places) for await (const one of place) found.push(one);
  if (found.length > 0 && !settings.yes) {
    const list = found.map(({ path }) => path).join("\n");
    if (!await confirm?.(`Remove ${found.length} files and folders?\n${list}\n`)) {
      throw new Error("Nothing was removed, as it was not confirmed; --yes removes without asking");
    }
  }
  for (const { path, remove } of found) await attempt(`remove ${path}`, remove);
  const removed = found.map(({ path }) => path);
  const left: string[] = [];
  for (const path of removed) if (await exists(path)) left.push(path);
  return shown({ removed }, {
    title: found.length === 0 ? "Nothing to remove" : `Removed ${found.length} files and folders`,
    rows: removed.map((path) =>
      [
        "",
        left.includes(path) ? `${path}, but for files that are not the program's` : path,
      ] as const
    ),
  });
}

/** Folders whose manifest says that a phase wrote them, except one. */
async function* artifactsIn(folder: string, kind: string, but?: string): AsyncGenerator<Found> {
  for (const path of await entriesIn(folder)) {
    const own = await requireOwn(path, kind).catch(() => undefined);
    if (own && path !== but) yield { path, remove: () => removeArtifact(path, kind) };
  }
}

/** Recipes with the MIDI files that they made and their audio, if these are unmodified. */
async function* generatedIn(folder: string): AsyncGenerator<Found> {
  for (const path of (await entriesIn(folder)).filter((path) => path.endsWith(".json"))) {
    const recipe = unseal(await readPlainFile(path).catch(() => ""));
    if (!Object.keys(RECIPES).some((kind) => kind === recipe?.kind)) continue;
    const midi = path.replace(/json$/, "mid"), wav = path.replace(/json$/, "wav");
    if (await exists(midi)) {
      if (!(await Deno.lstat(midi)).isFile) continue;
      if (sha256(await Deno.readFile(midi)) !== recipe?.midi) continue;
      yield file(midi);
    }
    const xml = path.replace(/json$/, "musicxml");
    const written = typeof recipe?.musicXml === "string" && await exists(xml) &&
      sha256(await readPlainFile(xml).catch(() => "")) === recipe.musicXml;
    if (written) yield file(xml);
    if (await isOwnWav(wav)) yield file(wav);
    yield file(path);
  }
}

async function* evaluationsIn(folder: string): AsyncGenerator<Found> {
  for (const path of await entriesIn(folder)) if (await isSealed(path)) yield file(path);
}

/** Remains of runs killed while writing; files of a running one are not listed. */
async function* partsIn(folder: string): AsyncGenerator<Found> {
  for (const path of await entriesIn(folder)) {
    const whole = wholeOf(path);
    if (whole === undefined) continue;
    await using free = await tryLock(whole);
    if (free) yield { path, remove: () => removeIfThere(path, true) };
  }
}

function file(path: string): Found {
  return { path, remove: () => removeIfThere(path) };
}

async function entriesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) names.push(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort().map((name) => join(folder, name));
}
