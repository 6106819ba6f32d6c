import { inNotebook } from "./jupyter.ts";

/** Settings of a phase as the user would pass them. */
type Given = Readonly<Record<string, string | number | boolean>>;

/**
 * Command for the next phase: a shell command, or in a notebook a line of code.
 * @param phase `generate`
 * @param settings by name; `_` is the positional argument, in a notebook its MIDI file
 * @param roots folders to pass to the next phase; defaults are omitted
 */
export function nextStep(
  phase: string,
  settings: Given,
  roots: { readonly data?: string; readonly models?: string } = {},
  notebook: boolean = inNotebook(),
): string {
  const folders = Object.entries({ data: roots.data, models: roots.models })
    .filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== entry[0]);
  const all = [...Object.entries(settings), ...folders];
  if (notebook) {
    const given = all.map(([name, value]) =>
      `${name === "_" ? "midi" : name}: ${JSON.stringify(value)}`
    );
    return given.length === 0 ? `await ${phase}(…)` : `await ${phase}({ ${given.join(", ")} })`;
  }
  const words = all.flatMap(([name, value]) => [
    ...(name === "_" ? [] : [`--${flagName(name)}`]),
    ...(value === true ? [] : [quoted(`${value}`)]),
  ]);
  return ["deno task", phase, ...words].join(" ");
}

/** Flag name of a setting: `steps-per-beat`. */
export function flagName(setting: string): string {
  return setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Shell-quoted word: in quotes if it contains spaces or special characters. */
function quoted(word: string): string {
  if (/^[\p{L}\p{N}_@%+=:,./-]+$/u.test(word)) return word;
  return Deno.build.os === "windows" ? `"${word}"` : `'${word.replaceAll("'", `'\\''`)}'`;
}
