import { atHome } from "../store/home.ts";

/** Settings that are paths, or objects containing paths. */
const PATHS = [
  ...["midi", "generated", "soundFont", "out", "recipe", "primerMidi", "form"],
  ...["melody", "accompaniment", "fill", "vary", "between", "data", "models", "pageFile"],
];

/**
 * Settings of a cell with expanded paths: `~` is the user's home.
 * @throws {Error} if a path was written with single backslashes, which are no longer part of it
 */
export function personsPaths<T extends object>(settings: T): T {
  const named = Object.entries(settings).map(([name, value]) => {
    if (!PATHS.includes(name)) return [name, value];
    if (typeof value === "string") return [name, personsPath(value)];
    if (Array.isArray(value)) {
      return [
        name,
        value.map((one) => typeof one === "string" ? personsPath(one) : one),
      ];
    }
    return [name, typeof value?.midi === "string" ? personsPaths(value) : value];
  });
  return Object.fromEntries(named) as T;
}

function personsPath(path: string): string {
  // In code, `C:\music\new` becomes C:music, a line break and ew.
  // deno-lint-ignore no-control-regex -- these are what the backslash made of the letter after it
  if (/^[A-Za-z]:(?![\\/])|[\u0000-\u001f]/.test(path)) {
    throw new Error(
      `Cannot use the path ${JSON.stringify(path)}: a backslash in code is written as two, or as ` +
        'a slash: write "C:/Users/me/Music" or "C:\\\\Users\\\\me\\\\Music"',
    );
  }
  return atHome(path);
}
