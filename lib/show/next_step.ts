import { inNotebook } from "./jupyter.ts";

/** Settings of a phase as a person would give them. */
type Given = Readonly<Record<string, string | number | boolean>>;

/**
 * What a person types to go on: a command of the shell, or in a notebook a line of code.
 * @param phase `generate`
 * @param settings by name; `_` is what stands without a flag, in a notebook its MIDI file
 * @param roots folders that the next phase needs to be told; those that are the usual ones are not
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

/** A setting's name as a flag has it: `steps-per-beat`. */
export function flagName(setting: string): string {
  return setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A word as a shell takes it: in quotes where it has spaces or what else shells read. */
function quoted(word: string): string {
  if (/^[\p{L}\p{N}_@%+=:,./-]+$/u.test(word)) return word;
  return Deno.build.os === "windows" ? `"${word}"` : `'${word.replaceAll("'", `'\\''`)}'`;
}
