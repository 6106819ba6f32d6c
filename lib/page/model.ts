import type { CorpusStyle } from "../corpus/corpus.ts";
import { type CopyFinder, copyFinderOf } from "../generate/judge/copies.ts";
import { type Discriminator, readDiscriminator } from "../generate/judge/discriminator.ts";
import { BUNDLE } from "../model/bundle_files.ts";
import type { Recipe } from "../generate/recipe.ts";
import { type ArraySpec, unpackArrays } from "../model/arrays.ts";
import type { ByPitch, Model } from "../model/model.ts";
import { loadPitchwiseModel } from "../model/pitchwise/model.ts";
import type { PlanOfPiece } from "../tokens/plan.ts";
import { decodePlans } from "../tokens/plan_text.ts";
import { createOwnHeap } from "../wasm/own_heap.ts";
import { packBytes, unpackBytes } from "./bytes.ts";

/** The parts of a model embedded in a page. */
export interface PageModel {
  /** Identity of the model in recipes. */
  readonly model: Recipe["model"];
  readonly style: CorpusStyle;
  /** The network and its weights, from the bundle's manifest. */
  readonly network: unknown;
  readonly weights: readonly ArraySpec[];
  readonly files: {
    readonly weights: Uint8Array<ArrayBuffer>;
    /** Kernels, with relaxed and with plain SIMD. */
    readonly relaxed: Uint8Array<ArrayBuffer>;
    readonly plain: Uint8Array<ArrayBuffer>;
    /** Plans of the corpus, encoded by `encodePlans`. */
    readonly plans: Uint8Array<ArrayBuffer>;
    /** File of the discriminator; empty where there is none. */
    readonly discriminator: Uint8Array<ArrayBuffer>;
    /** Passage filters of the training music. */
    readonly [passages: `passages${number}`]: Uint8Array<ArrayBuffer>;
  };
}

/** A model ready to generate in a page, and the criteria for its music. */
export interface PagePlayer {
  readonly model: Model & { readonly byPitch: ByPitch };
  readonly name: Recipe["model"];
  readonly style: CorpusStyle;
  /** Decoded when they are first used. */
  readonly plans: readonly PlanOfPiece[];
  readonly copies: CopyFinder | undefined;
  readonly discriminator: Discriminator | undefined;
  /** Description of its backend. */
  readonly backend: string;
}

/**
 * Loads a page's model.
 * @throws {Error} if part of it is damaged
 */
export async function loadPagePlayer(
  { model: name, style, network, weights, files }: PageModel,
): Promise<PagePlayer> {
  const { grid } = style.tokenize, heap = await createOwnHeap(files);
  const arrays = unpackArrays(weights, files.weights);
  const model = loadPitchwiseModel(arrays, { grid, network }, heap);
  const passages = Object.entries(files).flatMap(([name, bytes]) =>
    name.startsWith("passages") ? [bytes] : []
  );
  const own = new Map(
    files.discriminator.length ? [[BUNDLE.discriminator, files.discriminator] as const] : [],
  );
  let plans: readonly PlanOfPiece[] | undefined;
  return {
    model: { ...model, byPitch: model.byPitch! },
    name,
    style,
    get plans() {
      return plans ??= decodePlans(new TextDecoder().decode(files.plans));
    },
    copies: copyFinderOf(passages, grid),
    discriminator: readDiscriminator(own, grid),
    backend: heap.describe(),
  };
}

/** A page's model as text without `<`, with compressed files. */
export async function packPageModel({ files, ...rest }: PageModel): Promise<string> {
  const packed: Record<string, string> = {};
  for (const [name, bytes] of Object.entries(files)) {
    packed[name] = await packBytes(bytes);
  }
  return JSON.stringify({ ...rest, files: packed }).replace(/</g, "\\u003c");
}

/** Inverse of {@linkcode packPageModel}. */
export async function unpackPageModel(text: string): Promise<PageModel> {
  const { files, ...rest } = JSON.parse(text);
  const unpacked: Record<string, Uint8Array<ArrayBuffer>> = {};
  for (const [name, packed] of Object.entries<string>(files)) {
    unpacked[name] = await unpackBytes(packed);
  }
  return { ...rest, files: unpacked };
}
