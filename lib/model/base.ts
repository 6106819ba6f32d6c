import { BUNDLE, PASSAGE_FILES } from "./bundle_files.ts";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ownFile } from "../program.ts";
import { readArtifactFile, readWhole } from "../store/artifact.ts";
import { exists } from "../store/files.ts";
import type { Grid } from "../tokens/piece.ts";
import { MODEL, readModelArrays, readModelManifest } from "./bundle.ts";
import type { PitchwiseNetwork } from "./pitchwise/adopt.ts";
import { readNetwork, readWeights } from "./pitchwise/weights.ts";

/** A network to start from, and where it came from. */
export interface Base {
  /** `base/beats-4`, or the name of a model. */
  readonly name: string;
  /** SHA-256 of its weights. */
  readonly hash: string;
  /** What it is, and the grid that it knows. */
  readonly network: PitchwiseNetwork;
  /**
   * Files that know the passages of its own training music, for the bundle of the model that starts from
   * it: what is copied from there is copied, too. None where the grids differ.
   */
  readonly passages: Readonly<Record<string, Uint8Array>>;
}

/** The networks that come along, by name, and the grids that they know. */
export const baseGrids: Readonly<Record<string, Grid>> = {
  "beats-4": { unit: "beat", steps: 4, attacks: true },
  "seconds-24": { unit: "second", steps: 24, attacks: true },
  "beats-4-plain": { unit: "beat", steps: 4, attacks: false },
  "beats-1-plain": { unit: "beat", steps: 1, attacks: false },
};

/** Beats per second that compare grids in beats with grids in seconds: 96 beats per minute. */
const BEATS_PER_SECOND = 1.6;

/** Where the networks that come along lie. */
export function baseFolder(): string {
  return fileURLToPath(ownFile("models/base/"));
}

/** Which of the networks that come along is nearest to a grid: attacks or not, then steps in time. */
export function nearestBase(grid: Grid): string {
  const perSecond = ({ unit, steps }: Grid) => unit === "beat" ? steps * BEATS_PER_SECOND : steps;
  const distance = (other: Grid) =>
    (other.attacks === grid.attacks ? 0 : 100) + (other.unit === grid.unit ? 0 : 10) +
    Math.abs(Math.log2(perSecond(other) / perSecond(grid)));
  const [nearest] = Object.entries(baseGrids).sort(([, a], [, b]) => distance(a) - distance(b));
  return nearest![0];
}

/**
 * Reads the network that learning starts from.
 * @param folder of the model, or {@linkcode baseFolder} for the nearest of those that come along
 * @throws {Error} if it is missing, damaged, of another format, or no pitchwise model
 */
export async function readBase(folder: string, grid: Grid): Promise<Base> {
  const shipped = folder === baseFolder();
  const place = shipped ? join(folder, nearestBase(grid)) : folder;
  const name = shipped ? `base/${nearestBase(grid)}` : basename(folder);
  const instead = `train with "--from nothing" to do without`;
  try {
    if (!await exists(place)) throw new Error(`there is no such model in ${place}`);
    return await readWhole(place, () => readGeneration(place, name, grid));
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot start from model "${name}": ${problem}; ${instead}`, { cause });
  }
}

async function readGeneration(place: string, name: string, grid: Grid): Promise<Base> {
  const manifest = await readModelManifest(place);
  if (manifest.model !== "pitchwise") {
    throw new Error(`it is a ${manifest.model} model; needed a pitchwise one`);
  }
  const known = manifest.style.tokenize.grid;
  if (known.attacks !== grid.attacks) {
    throw new Error(
      `it was made ${known.attacks ? "with" : "without"} attacks, and the corpus is the other way`,
    );
  }
  const { layout } = readNetwork(manifest.network);
  const numbers = readWeights(layout, await readModelArrays(place, manifest, "weights"));
  const passages: Record<string, Uint8Array> = {};
  if (known.unit === grid.unit && known.steps === grid.steps) {
    for (const file of Object.keys(manifest.files).filter((file) => PASSAGE_FILES.test(file))) {
      passages[file.replace(".bin", "-base.bin")] = await readArtifactFile(
        place,
        manifest,
        file,
        MODEL.command,
      );
    }
  }
  const hash = manifest.files[BUNDLE.weights]!.sha256;
  return { name, hash, network: { layout, numbers, grid: known }, passages };
}
