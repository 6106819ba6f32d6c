import { BUNDLE, PASSAGE_FILES } from "./bundle_files.ts";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ownFile } from "../program.ts";
import { exists, reason } from "../store/files.ts";
import type { Grid } from "../tokens/piece.ts";
import { readModel, readModelArrays } from "./bundle.ts";
import type { PitchwiseNetwork } from "./pitchwise/adopt.ts";
import { readNetwork, readWeights } from "./pitchwise/weights.ts";

/** A pretrained network as the starting point, with its origin. */
export interface Base {
  /** Name: `base/beats-4`, or the name of a model. */
  readonly name: string;
  /** SHA-256 of the weights. */
  readonly hash: string;
  /** The network, with the grid that it was trained on. */
  readonly network: PitchwiseNetwork;
  /**
   * Passage filters of its own training music, to be added to the bundle of a model that starts
   * from it: copies from that music are copies, too. Empty if the grids differ.
   */
  readonly passages: Readonly<Record<string, Uint8Array>>;
}

/** Grids of the bundled networks, by name. */
export const baseGrids: Readonly<Record<string, Grid>> = {
  "beats-4": { unit: "beat", steps: 4, attacks: true },
  "seconds-24": { unit: "second", steps: 24, attacks: true },
  "beats-4-plain": { unit: "beat", steps: 4, attacks: false },
  "beats-1-plain": { unit: "beat", steps: 1, attacks: false },
};

/** Tempo for comparing grids in beats with grids in seconds: 96 beats per minute. */
const BEATS_PER_SECOND = 1.6;

/** Folder of the bundled networks. */
export function baseFolder(): string {
  return fileURLToPath(ownFile("models/base/"));
}

/** Nearest bundled network to a grid: first by attacks, then by the duration of a step. */
export function nearestBase(grid: Grid): string {
  const perSecond = ({ unit, steps }: Grid) => unit === "beat" ? steps * BEATS_PER_SECOND : steps;
  const distance = (other: Grid) =>
    (other.attacks === grid.attacks ? 0 : 100) + (other.unit === grid.unit ? 0 : 10) +
    Math.abs(Math.log2(perSecond(other) / perSecond(grid)));
  const [nearest] = Object.entries(baseGrids).sort(([, a], [, b]) => distance(a) - distance(b));
  return nearest![0];
}

/**
 * Reads the pretrained network to start from.
 * @param folder of the model, or {@linkcode baseFolder} for the nearest bundled network
 * @throws {Error} if it is missing, damaged, of another format, or not a pitchwise model
 */
export async function readBase(folder: string, grid: Grid): Promise<Base> {
  const shipped = folder === baseFolder();
  const place = shipped ? join(folder, nearestBase(grid)) : folder;
  const name = shipped ? `base/${nearestBase(grid)}` : basename(folder);
  const instead = `train with "--from nothing" to do without`;
  try {
    return { name, ...await readNetworkIn(place, grid) };
  } catch (cause) {
    throw new Error(`Cannot start from model "${name}": ${reason(cause)}; ${instead}`, { cause });
  }
}

/** Folder of the network with a base's name. @param folder of the model that was adapted from it */
export function placeOfBase(name: string, folder: string): string {
  return name.includes("/")
    ? join(baseFolder(), name.slice(name.indexOf("/") + 1))
    : join(dirname(folder), name);
}

/**
 * Reads the network in a model's folder, to start from it on a grid.
 * @throws {Error} with the reason if that is not possible
 */
export async function readNetworkIn(place: string, grid: Grid): Promise<Omit<Base, "name">> {
  if (!await exists(place)) throw new Error(`there is no such model in ${place}`);
  return await readModel(place, async (bundle) => {
    const { model, style: { tokenize: { grid: known } }, network, files } = bundle.manifest;
    if (model !== "pitchwise") throw new Error(`it is a ${model} model; needed a pitchwise one`);
    if (known.attacks !== grid.attacks) {
      throw new Error(
        known.attacks
          ? "it was made with attacks, and the corpus without"
          : "it was made without attacks, and the corpus with them",
      );
    }
    const { layout } = readNetwork(network);
    const numbers = readWeights(layout, await readModelArrays(bundle, "weights"));
    const passages: Record<string, Uint8Array> = {};
    if (known.unit === grid.unit && known.steps === grid.steps) {
      for (const file of Object.keys(files).filter((file) => PASSAGE_FILES.test(file))) {
        passages[file.replace(".bin", "-base.bin")] = await bundle.bytes(file);
      }
    }
    const hash = files[BUNDLE.weights]!.sha256;
    return { hash, network: { layout, numbers, grid: known }, passages };
  });
}
