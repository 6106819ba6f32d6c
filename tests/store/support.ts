import { join } from "node:path";
import { sha256 } from "../../lib/store/files.ts";

/** Gives a test an empty folder of its own. */
export async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Does it as somebody whose home is `home`: who runs the tests may have none. */
export function atHomeIn<T>(home: string, action: () => T): T {
  const before = Deno.env.get("HOME");
  Deno.env.set("HOME", home);
  try {
    return action();
  } finally {
    if (before === undefined) Deno.env.delete("HOME");
    else Deno.env.set("HOME", before);
  }
}

/** What stands in a folder, hidden files too, sorted. */
export function namesOf(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** Everything in a folder: a file with its content, a link with where it leads. */
export function everythingIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isSymlink) return [`${path} -> ${Deno.readLinkSync(path)}`];
    return entry.isDirectory ? everythingIn(path) : [`${path}: ${sha256(Deno.readFileSync(path))}`];
  }).sort();
}
