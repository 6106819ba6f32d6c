import { BUNDLE, PASSAGE_FILES } from "../model/bundle_files.ts";
import type { LoadedModel } from "../model/load.ts";
import type { PageModel } from "./model.ts";
import { ownFile } from "../program.ts";

/** Most bytes of plans in a page: those of a large corpus are thinned out. */
const MOST_PLANS = 1_500_000;

/** Extracts the parts of a model's bundle needed in a page. */
export async function pageModelOf(
  name: PageModel["model"],
  { manifest, files, bytes }: Pick<LoadedModel, "manifest" | "files" | "bytes">,
): Promise<PageModel> {
  const own = (name: string) => new Uint8Array(files.get(name) ?? []);
  const kernel = (name: string) => Deno.readFile(ownFile(`lib/model/pitchwise/kernels/${name}`));
  const passages = [...files.keys()].filter((name) => PASSAGE_FILES.test(name));
  return {
    model: name,
    style: manifest.style,
    network: manifest.network,
    weights: manifest.weights,
    files: {
      weights: new Uint8Array(await bytes(BUNDLE.weights)),
      relaxed: await kernel("kernels.wasm"),
      plain: await kernel("kernels-simd.wasm"),
      plans: thinned(own(BUNDLE.plans), MOST_PLANS),
      discriminator: own(BUNDLE.discriminator),
      ...Object.fromEntries(passages.map((name, at) => [`passages${at}`, own(name)])),
    },
  };
}

/** Evenly spaced lines of a text, up to a number of bytes; at least one line. */
function thinned(text: Uint8Array<ArrayBuffer>, most: number): Uint8Array<ArrayBuffer> {
  if (text.length <= most) return text;
  const lines = new TextDecoder().decode(text).split("\n").filter((line) => line !== "");
  const every = Math.ceil(text.length / most);
  const kept = lines.filter((_, index) => index % every === 0);
  return new TextEncoder().encode(kept.map((line) => `${line}\n`).join(""));
}
