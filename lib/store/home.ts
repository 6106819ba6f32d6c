import { join } from "node:path";

/** `~` and `~/music` as paths in the person's home; all others as they are. */
export function atHome(path: string): string {
  if (!/^~($|[\\/])/.test(path)) return path;
  const home = environment("HOME") ?? environment("USERPROFILE");
  return home === undefined ? path : join(home, path.slice(1));
}

/** A variable of the environment, if there is one and it may be read. */
export function environment(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch {
    return undefined; // nobody gave leave to read it
  }
}
