// Whoever reads a model while a run saves it finds one generation of it as a whole, or another.
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { openModel } from "../../lib/model/bundle.ts";
import { evaluate } from "../../lib/phases/evaluate.ts";
import { generate } from "../../lib/phases/generate.ts";
import { preprocess } from "../../lib/phases/preprocess.ts";
import { train } from "../../lib/phases/train.ts";
import { writeArtifact } from "../../lib/store/artifact.ts";
import type { Manifest } from "../../lib/store/manifest.ts";
import { inFolder } from "../store/support.ts";
import { somePieces } from "../starter/some.ts";

/** All of an artifact, to be written elsewhere. */
async function bundleIn(folder: string) {
  const manifest = (await openModel(folder)).manifest;
  const files: Record<string, Uint8Array> = {};
  for (const name of Object.keys(manifest.files)) {
    files[name] = await Deno.readFile(join(folder, `${manifest.generation}`, name));
  }
  const { checksum: _, ...unsealed } = manifest as typeof manifest & { checksum?: string };
  return { manifest: unsealed, files };
}

/**
 * Does it while `save` happens just before the n-th read of a file in `folder`.
 * @returns whether there were so many reads
 */
async function savedAtRead(
  n: number,
  folder: string,
  save: () => Promise<unknown>,
  action: () => Promise<unknown>,
): Promise<boolean> {
  const { readFile, readTextFile } = Deno;
  let reads = 0, saving = false;
  const watched = <T>(read: (path: string | URL, options?: Deno.ReadFileOptions) => Promise<T>) =>
    (async (path: string | URL, options?: Deno.ReadFileOptions) => {
      if (!saving && `${path}`.startsWith(folder) && ++reads === n) {
        saving = true;
        await save();
        saving = false;
      }
      return await read(path, options);
    }) as typeof read;
  Object.assign(Deno, { readFile: watched(readFile), readTextFile: watched(readTextFile) });
  try {
    await action();
  } finally {
    Object.assign(Deno, { readFile, readTextFile });
  }
  return reads >= n;
}

Deno.test({
  name:
    "A save at any read leaves evaluate and generate with one model as a whole, not with parts of two",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    inFolder(async (root) => {
      const folder = join(root, "models", "m");
      const folders = { data: join(root, "data"), models: join(root, "models") };
      const roots = { ...folders, threads: 1 };
      const [one, two, unseen] = await somePieces(join(root, "midi"), 3);
      const bundles: Awaited<ReturnType<typeof bundleIn>>[] = [];
      for (const [index, midi] of [one, two!].entries()) {
        const corpus = `c${index}`;
        await preprocess({ ...folders, midi, name: corpus });
        const how = { model: "combination", epochs: 1, batchSize: 512 } as const;
        await train({ ...roots, ...how, corpus, name: corpus });
        bundles.push(await bundleIn(join(root, "models", corpus)));
      }
      const save = (index: number) => {
        const { manifest, files } = bundles[index]!;
        return writeArtifact<Manifest>(folder, manifest, files);
      };
      const evaluated = async () => {
        const { file: _, ...report } = await evaluate({ ...roots, model: "m", midi: unseen! });
        return JSON.stringify(report);
      };
      const generated = async () => {
        const made = await generate({ ...roots, model: "m", frames: 8, overwrite: true });
        return JSON.stringify(made.pieces[0]!.piece.frames);
      };
      for (const made of [evaluated, generated]) {
        const whole: string[] = [];
        for (const index of [0, 1]) {
          await save(index);
          whole.push(await made());
        }
        assert(whole[0] !== whole[1]);
        let n = 1;
        for (;; n++) {
          await save(0);
          let found = "";
          const met = await savedAtRead(n, folder, () => save(1), async () => found = await made());
          assertEquals([n, whole.includes(found)], [n, true]);
          if (!met) break;
        }
        assert(n > 8, `${n} reads`);
      }
    }),
});
