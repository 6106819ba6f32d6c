import { join } from "node:path";
import { writeMidi } from "../../lib/midi/write.ts";
import { generate } from "../../lib/phases/generate.ts";
import { preprocess } from "../../lib/phases/preprocess.ts";
import { train } from "../../lib/phases/train.ts";
import { Random } from "../../lib/random.ts";
import { seal } from "../../lib/store/seal.ts";
import { type FileRecord, sha256 } from "../../lib/store/files.ts";
import { type ModelManifest, openModel } from "../../lib/model/bundle.ts";
import { packArrays } from "../../lib/model/arrays.ts";
import { type Layout, layOut } from "../../lib/model/pitchwise/layout.ts";
import { initialise, nameWeights } from "../../lib/model/pitchwise/weights.ts";
import { randomPiece } from "./music.ts";
import { applied, type Change } from "./changes.ts";
import { isReason } from "./target.ts";

/** Small models of each kind, recipes for both, and a folder for damaged copies. */
export interface Workbench {
  readonly folder: string;
  readonly roots: { readonly data: string; readonly models: string; readonly threads: number };
  /** Well-formed bundles: the manifest as text, and the files. */
  readonly bundles: ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>;
  /** Well-formed recipes by file name. */
  readonly recipes: ReadonlyMap<string, Uint8Array>;
  /** A MIDI file outside the training music. */
  readonly midi: string;
}

/** Kinds of models on the workbench. */
export const KINDS = ["combination", "pitchwise"] as const;

let bench: Promise<Workbench> | undefined;

/** Workbench of this thread: created once, always the same. */
export function workbench(): Promise<Workbench> {
  return bench ??= make();
}

async function make(): Promise<Workbench> {
  const folder = await Deno.makeTempDir({ prefix: "fuzz-" });
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  const folders = { data: join(folder, "data"), models: join(folder, "models") };
  const roots = { ...folders, threads: 1 };
  const music = join(folder, "music"), midi = join(folder, "unseen.mid");
  await Deno.mkdir(music);
  const random = new Random(7);
  for (const name of ["a", "b"]) {
    await Deno.writeFile(join(music, `${name}.mid`), writeMidi(randomPiece(random)));
  }
  await Deno.writeFile(midi, writeMidi(randomPiece(random)));
  await preprocess({ ...folders, midi: music, name: "c", tracks: "all" });
  const bundles = new Map<string, Map<string, Uint8Array>>();
  const recipes = new Map<string, Uint8Array>();
  for (const model of KINDS) {
    const how = { window: 4, batchSize: 64, epochs: 1 };
    const { window: _, ...usual } = how;
    await train({
      ...roots,
      ...(model === "combination" ? how : { ...usual, from: "nothing" }),
      corpus: "c",
      name: model,
      model,
    });
    bundles.set(model, await smallBundle(join(roots.models, model)));
    const { pieces } = await generate({ ...roots, model, frames: 8, candidates: 1 });
    recipes.set(`${model}.json`, await Deno.readFile(pieces[0]!.recipe));
  }
  return { folder, roots, bundles, recipes, midi };
}

/** Files of a bundle without a checkpoint and with the smallest possible network. */
async function smallBundle(folder: string): Promise<Map<string, Uint8Array>> {
  const manifest = { ...(await openModel(folder)).manifest } as ModelManifest & {
    checksum?: string;
  };
  const bundle = new Map<string, Uint8Array>();
  for (const name of Object.keys(manifest.files)) {
    if (name === "checkpoint.bin") continue;
    bundle.set(name, await Deno.readFile(join(folder, `${manifest.generation}`, name)));
  }
  let { weights, network } = manifest;
  if (network) {
    const shape = { ...network, width: 24, layers: 1, lags: [1, 2, 4, 8] } as unknown as Layout;
    const layout = layOut(shape, shape);
    const frequencies = new Float32Array(layout.states * layout.pitches).fill(0.1);
    const numbers = initialise(layout, frequencies, new Random(1));
    const packed = packArrays(nameWeights(layout, numbers));
    weights = packed.specs;
    network = shape;
    bundle.set("weights.bin", Uint8Array.from(packed.parts.flatMap((part) => [...part])));
  }
  const files = Object.fromEntries([...bundle].map(([name, bytes]) => [name, recordOf(bytes)]));
  const { checksum: _, ...rest } = { ...manifest, weights, network, files, checkpoint: [] };
  return bundle.set("manifest.json", new TextEncoder().encode(seal(rest)));
}

const records = new WeakMap<Uint8Array, FileRecord>();

/** Size and checksum of a file, cached for unchanged files. */
function recordOf(bytes: Uint8Array): FileRecord {
  const known = records.get(bytes);
  if (known) return known;
  const record = { bytes: bytes.length, sha256: sha256(bytes) };
  records.set(bytes, record);
  return record;
}

const onDisk = new Map<string, Uint8Array>();

/** Writes a file unless its last written content is the same. */
async function put(path: string, bytes: Uint8Array): Promise<void> {
  if (onDisk.get(path) === bytes) return;
  await Deno.writeFile(path, bytes);
  onDisk.set(path, bytes);
}

/**
 * Writes a changed copy of a bundle to the models folder with valid checksums. Returns its name.
 */
export async function putBundle(
  { roots, bundles }: Workbench,
  model: string,
  changes: readonly Change[],
): Promise<string> {
  const files = new Map(bundles.get(model)!);
  for (const change of changes) {
    const bytes = files.get(change.file);
    if (bytes) files.set(change.file, applied(bytes, change));
  }
  const manifest = manifestIn(files.get("manifest.json")!);
  const name = `damaged ${model}`, folder = join(roots.models, name), place = join(folder, "1");
  await Deno.mkdir(place, { recursive: true });
  for (const [file, bytes] of files) {
    if (file === "manifest.json") continue;
    await put(join(place, file), bytes);
    if (manifest?.files?.[file]) manifest.files[file] = recordOf(bytes);
  }
  if (typeof manifest === "object" && manifest !== null) manifest.generation = 1;
  await Deno.writeTextFile(join(folder, "manifest.json"), seal(manifest));
  return name;
}

function manifestIn(bytes: Uint8Array) {
  try {
    const { checksum: _, ...manifest } = JSON.parse(new TextDecoder().decode(bytes));
    return manifest;
  } catch {
    return {}; // damaged beyond being sealed
  }
}

/**
 * Runs an action and returns whether it was refused.
 * @throws {Error} whatever is no reason that a person can use
 */
export async function refused(action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action();
    return false;
  } catch (error) {
    if (!isReason(error, [Error, RangeError]) || !/^(Cannot|None|No) /.test(error.message)) {
      throw error;
    }
    return true;
  }
}
