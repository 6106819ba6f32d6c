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

/**
 * Does it with an environment variable that only this thread sees: other test files run at the same
 * time in the same process.
 */
export function withVariable<T>(name: string, value: string, action: () => T): T {
  const { get, has, toObject } = Deno.env;
  Object.assign(Deno.env, {
    get: (key: string) => key === name ? value : get(key),
    has: (key: string) => key === name || has(key),
    toObject: () => ({ ...toObject(), [name]: value }),
  });
  const back = () => void Object.assign(Deno.env, { get, has, toObject });
  let result: T | undefined;
  try {
    result = action();
    return result instanceof Promise ? result.finally(back) as T : result;
  } finally {
    if (!(result instanceof Promise)) back();
  }
}

/** Does it as somebody whose home is `home`: who runs the tests may have none. */
export function atHomeIn<T>(home: string, action: () => T): T {
  return withVariable("HOME", home, action);
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
