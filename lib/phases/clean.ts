import { join } from "node:path";
import { type Shown, shown } from "../show/summary.ts";
import { exists, reason, sha256 } from "../store/files.ts";
import type { CleanSettings } from "./settings.ts";

/** What {@linkcode clean} removed. */
export interface CleanSummary {
  /** Paths of files and folders that are gone. */
  readonly removed: readonly string[];
}

/** How {@linkcode clean} asks. */
export interface CleanRun {
  /** Asks a person; true for yes. Called only if there is something to remove. */
  readonly confirm?: (question: string) => Promise<boolean>;
}

/**
 * Removes what the phases wrote: corpora, models, evaluations, and generated music that is still as
 * it was written. All other files stay, the user's MIDI files above all.
 * @throws {Error} if nobody said yes, or something cannot be removed
 */
export async function clean(
  settings: CleanSettings,
  { confirm }: CleanRun = {},
): Promise<CleanSummary & Shown> {
  const data = settings.data ?? "data", models = settings.models ?? "models";
  const found = [
    ...await artifactsIn(join(data, "corpora"), "corpus"),
    ...await artifactsIn(models, "model"),
    ...await generatedIn(join(data, "generated")),
    ...(await entriesIn(join(data, "evaluations"))).filter((path) => path.endsWith(".json")),
  ];
  if (found.length > 0 && !settings.yes) {
    const question = `Remove ${found.length} files and folders?\n${found.join("\n")}\n`;
    if (!await confirm?.(question)) {
      throw new Error("Nothing was removed: nobody said yes; --yes removes without asking");
    }
  }
  for (const path of found) {
    try {
      await Deno.remove(path, { recursive: true });
    } catch (cause) {
      throw new Error(`Cannot remove ${path}: ${reason(cause)}`, { cause });
    }
  }
  return shown({ removed: found }, {
    title: found.length === 0 ? "Nothing to remove" : `Removed ${found.length} files and folders`,
    rows: found.map((path) => ["", path] as const),
  });
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

/** Folders whose manifest says that they are what a phase wrote, and what dead runs left of such. */
async function artifactsIn(folder: string, kind: string): Promise<string[]> {
  const found: string[] = [];
  for (const path of await entriesIn(folder)) {
    const left = /^\..*\.(new|old|lock)$/.test(path.slice(folder.length + 1));
    if (left || (await readJson(join(path, "manifest.json")))?.kind === kind) found.push(path);
  }
  return found;
}

/** Recipes, with the MIDI files that they made and their sound, if these are still the same. */
async function generatedIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const path of (await entriesIn(folder)).filter((path) => path.endsWith(".json"))) {
    const recipe = await readJson(path);
    if (recipe?.kind !== "recipe") continue;
    const midi = path.replace(/json$/, "mid"), wav = path.replace(/json$/, "wav");
    if (await exists(midi) && sha256(await Deno.readFile(midi)) !== recipe.midi) continue;
    for (const file of [midi, wav, path]) if (await exists(file)) found.push(file);
  }
  return found;
}

async function readJson(path: string): Promise<{ kind?: string; midi?: string } | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch {
    return undefined;
  }
}
