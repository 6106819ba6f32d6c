import { join } from "node:path";

/** Path with a leading `~` replaced by the home folder. */
export function atHome(path: string): string {
  if (!/^~($|[\\/])/.test(path)) return path;
  const home = environment("HOME") ?? environment("USERPROFILE");
  return home === undefined ? path : join(home, path.slice(1));
}

/** Environment variable; undefined if it is unset or may not be read. */
export function environment(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch {
    return undefined; // nobody gave leave to read it
  }
}
