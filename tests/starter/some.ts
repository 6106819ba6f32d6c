import { join } from "node:path";
import { starterFolder } from "../../lib/starter/build.ts";

/** Puts the first pieces of the starter music into a folder, at least one; their paths there. */
export async function somePieces(folder: string, count: number): Promise<[string, ...string[]]> {
  await Deno.mkdir(folder, { recursive: true });
  const names = [...Deno.readDirSync(starterFolder)].map(({ name }) => name)
    .filter((name) => name.endsWith(".mid")).sort().slice(0, count);
  for (const name of names) await Deno.copyFile(join(starterFolder, name), join(folder, name));
  return names.map((name) => join(folder, name)) as [string, ...string[]];
}
