import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { baseFolder } from "../../lib/model/base.ts";
import { loadModel } from "../../lib/model/load.ts";
import { pageModelOf } from "../../lib/page/bundle.ts";
import { loadPagePlayer, type PageModel, type PagePlayer } from "../../lib/page/model.ts";
import type { PlayedNote } from "../../lib/midi/music.ts";
import { generate } from "../../lib/phases/generate.ts";
import { modelHash } from "../../lib/phases/generate/pieces.ts";
import { Random } from "../../lib/random.ts";

/** The bundled model, as a page holds it. */
export async function basePageModel(): Promise<PageModel> {
  const folder = join(baseFolder(), "beats-4");
  const loaded = await loadModel(folder, { threads: 1 });
  loaded.model.dispose();
  return await pageModelOf({ name: "base", hash: modelHash(loaded) }, loaded);
}

let player: Promise<PagePlayer> | undefined;

/** The same, ready to play. */
export function basePlayer(): Promise<PagePlayer> {
  return player ??= basePageModel().then((model) => loadPagePlayer(model));
}

/** A phrase: beat, length in beats, pitch. */
export type Beats = readonly (readonly [at: number, length: number, pitch: number])[];

/** Eight quarter notes of C major, as two bars. */
export const CALL: Beats = [
  ...[[0, 1, 60], [1, 1, 64], [2, 1, 67], [3, 0.5, 69], [3.5, 0.5, 67]] as const,
  ...[[4, 1, 65], [5, 1, 64], [6, 2, 62], [0, 4, 48], [4, 4, 43]] as const,
];

/** A phrase as somebody plays it at a tempo. */
export function played(
  phrase: Beats,
  beatsPerMinute: number,
  { from = 10, jitter = 0, seed = 1 } = {},
): PlayedNote[] {
  const random = new Random(seed), beat = 60 / beatsPerMinute;
  return phrase.map(([at, length, pitch]) => {
    const late = jitter * Math.sqrt(3) * (2 * random.next() - 1);
    const start = from + at * beat + late;
    return { pitch, start, end: start + 0.92 * length * beat, velocity: 80 };
  });
}

/** Follows a recipe as the page keeps it, outside the page: it must make the same bytes. */
export async function makesAgain(recipe: Uint8Array, midi: Uint8Array): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/kept.json`, said: string[] = [];
    await Deno.writeFile(path, recipe);
    const { pieces } = await generate({ recipe: path, data: folder }, {
      onMessage: (line) => said.push(line),
    });
    assertEquals(await Deno.readFile(pieces[0]!.midi), midi);
    assertEquals(said, []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
