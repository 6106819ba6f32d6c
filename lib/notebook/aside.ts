import { join } from "node:path";
import { exists, sameContent } from "../store/files.ts";
import { findMidiFiles } from "../store/midi_files.ts";
import { inCell, note } from "./cell.ts";
import { starterMidi } from "./starter.ts";

/** Which music is parted, and what the parts are called. */
export interface KeepAsideSettings {
  /** Folder of MIDI files; only read. */
  readonly midi: string;
  /** The parts are copied to `data/midi/NAME-learned` and `data/midi/NAME-unseen`. */
  readonly name: string;
  /** Every so manieth file is kept aside, from 2. Default 5. */
  readonly every?: number;
  /** Folder of corpora and music. Default `data`. */
  readonly data?: string;
}

/** Where the parts lie. */
export interface KeptAside {
  /** Folder of the files to learn from. */
  readonly learned: string;
  /** Folder of the files that were kept aside. */
  readonly unseen: string;
}

/**
 * Parts a folder of MIDI files in two, by copies: what a model may learn from, and what it is judged
 * by. What stands there already stays; files that belong to another parting are a reason to stop.
 * @throws {Error} if there are too few files, or the folders hold something else
 */
export async function keepAside(settings: KeepAsideSettings): Promise<KeptAside> {
  return await inCell({
    work: () => part(settings),
    shows: ({ learned, unseen, text }) => [note(`${text}: ${learned} and ${unseen}`)],
  });
}

async function part(
  { midi, name, every = 5, data = "data" }: KeepAsideSettings,
): Promise<KeptAside & { readonly text: string }> {
  await starterMidi(midi, { data });
  const { folder, names } = await findMidiFiles(midi);
  if (!(every >= 2) || names.length < every) {
    throw new Error(
      `Cannot keep every ${every}th of the ${names.length} files in ${midi} aside: too few`,
    );
  }
  const folders = {
    learned: join(data, "midi", `${name}-learned`),
    unseen: join(data, "midi", `${name}-unseen`),
  };
  const parts = { learned: new Map<string, string>(), unseen: new Map<string, string>() };
  names.forEach((file, index) =>
    parts[index % every === every - 1 ? "unseen" : "learned"]
      .set(file.replaceAll("/", " "), join(folder, file))
  );
  for (const which of ["learned", "unseen"] as const) {
    await copyAll(parts[which], folders[which]);
  }
  return {
    ...folders,
    text: `${parts.learned.size} files to learn from, ${parts.unseen.size} kept aside`,
  };
}

async function copyAll(files: ReadonlyMap<string, string>, to: string): Promise<void> {
  const there = await exists(to) ? (await findMidiFiles(to)).names : [];
  const foreign = there.find((name) => !files.has(name));
  if (foreign !== undefined) {
    throw new Error(
      `Cannot keep music aside in ${to}: it holds other music, such as ${foreign}; choose another name`,
    );
  }
  await Deno.mkdir(to, { recursive: true });
  for (const [name, from] of files) {
    const copy = join(to, name);
    if (!await exists(copy)) await Deno.copyFile(from, copy);
    else if (!await sameContent(copy, await Deno.readFile(from))) {
      throw new Error(`Cannot keep music aside: ${copy} is another file; choose another name`);
    }
  }
}
