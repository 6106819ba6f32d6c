import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ownFile } from "../program.ts";
import { exists, sameContent } from "../store/files.ts";
import { findMidiFiles } from "../store/midi_files.ts";
import { writeFileWhole } from "../store/write.ts";

/** Absolute path of the starter music's folder. */
export const starterFolder: string = fileURLToPath(ownFile("data/starter"));

/**
 * Copies the starter music's MIDI files to a folder for a person's own, in the order of their
 * names.
 * @param settings.out destination folder, created if necessary
 * @returns paths of the copies
 * @throws {Error} if a file of that name holds other music; it is left unchanged
 */
export async function buildStarter(
  { out }: { readonly out: string },
): Promise<{ readonly files: readonly string[] }> {
  await Deno.mkdir(out, { recursive: true });
  const files: string[] = [];
  for (const name of (await findMidiFiles(starterFolder)).names) {
    const file = join(out, name);
    const bytes = await Deno.readFile(join(starterFolder, name));
    if (!await exists(file)) await writeFileWhole(file, bytes);
    else if (!await sameContent(file, bytes)) {
      throw new Error(
        `Cannot put the starter music there: ${file} holds other music; it stays as it is: move it away`,
      );
    }
    files.push(file);
  }
  return { files };
}
