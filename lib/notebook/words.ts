import { generateTable } from "../phases/settings/generate_table.ts";
import { preprocessTable } from "../phases/settings/preprocess.ts";
import { trainTable } from "../phases/settings/train.ts";
import { transcribeTable } from "../phases/settings/transcribe.ts";
import { nextStep } from "../show/next_step.ts";

/** Names of on/off settings. */
const SWITCHES = new Set(
  [preprocessTable, trainTable, generateTable].flatMap((table) =>
    Object.entries(table).filter(([, { type }]) => type === "switch").map(([name]) => name)
  ),
);

/** Setting of `transcribe` that its command line gives without a flag; that of others is `midi`. */
const RECORDINGS = Object.entries(transcribeTable).find(([, { positional }]) => positional)![0];

/** Value of a flag as code: a number, or a quoted text. */
function valueOf(word: string): string | number {
  return /^-?\d+(\.\d+)?$/.test(word) ? Number(word) : word;
}

/** Name of a setting, from its flag: `stepsPerBeat` from `--steps-per-beat`. */
function settingOf(flag: string): string {
  return flag.replace(/^--/, "").replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Command line of a task as code. */
function codeOf(task: string, words: readonly string[]): string {
  const settings: Record<string, string | number | boolean> = {};
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!, next = words[at + 1];
    if (!word.startsWith("--")) settings[task === "transcribe" ? RECORDINGS : "_"] = word;
    else if (next === undefined || next.startsWith("--")) settings[settingOf(word)] = true;
    else {
      settings[settingOf(word)] = valueOf(next);
      at++;
    }
  }
  return nextStep(task, settings, {}, true);
}

/**
 * Translates tasks and flags in a text to code for a cell: `--resume` becomes `resume: true`, and
 * `deno task train --name x` becomes `await train({ name: "x" })`.
 */
export function inCode(text: string): string {
  return text
    .replace(
      /"deno task ([a-z]+)((?: [^\s"]+)*)"/g,
      (_, task: string, rest: string) =>
        codeOf(task, rest.split(" ").filter((word) => word !== "")),
    )
    .replace(
      /("?)--([a-z]+(?:-[a-z]+)*)(?:[ =](\d[\d.-]*\d|\d|"[^"\s]+"|[^\s",;:)]+(?="))?)?("?)/g,
      (whole, open: string, flag: string, value: string | undefined, close: string) => {
        const name = settingOf(flag);
        const code = value !== undefined
          ? `${name}: ${JSON.stringify(valueOf(value.replace(/^"(.*)"$/, "$1")))}`
          : SWITCHES.has(name)
          ? `${name}: true`
          : name;
        const isQuoted = open !== "" && close !== "";
        const end = value === undefined && whole.endsWith(" ") ? " " : "";
        return isQuoted ? code : `${open}${code}${end}${close}`;
      },
    );
}

/** Most causes followed: they may form a loop. */
const DEEPEST = 5;

/**
 * Message of an error with its causes, for display in a cell: the kernel drops causes.
 * @param error any thrown value
 */
export function messageInCell(error: unknown): string {
  const messages: string[] = [];
  for (let at = error, depth = 0; at instanceof Error && depth < DEEPEST; at = at.cause, depth++) {
    const { message } = at;
    if (!messages.some((said) => said.includes(message))) messages.push(message);
  }
  return inCode(messages.length === 0 ? String(error) : messages.join(": "));
}
