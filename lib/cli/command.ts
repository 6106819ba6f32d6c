import { parseArgs } from "@std/cli/parse-args";
import { closest, distance } from "fastest-levenshtein";
import { helpOf, isAllowed, neededFor, type Setting } from "../phases/settings/declare.ts";
import type { Run } from "../phases/run.ts";

/** One flag of a task: `--no-…` where it is on unless told. */
export interface Flag extends Setting<unknown> {
  /** Its name without dashes: `steps-per-beat`. */
  readonly name: string;
}

/** A flag as a person writes it, with its value: `--steps-per-beat N`. */
export function headOf(flag: Flag): string {
  const value = flag.value ?? flag.choices?.join("|");
  return `--${flag.default === true ? "no-" : ""}${flag.name}${value ? ` ${value}` : ""}`;
}

/** What a flag is unless it is given, as people are told: `4`, `required`, or nothing. */
export function standardOf(flag: Flag): string {
  if (flag.required) return "required";
  return flag.usually ?? (typeof flag.default === "boolean" ? "" : `${flag.default ?? ""}`);
}

/** A task of the command line: how it is called, and what it calls. */
export interface Command {
  /** `preprocess`. */
  readonly name: string;
  /** What it does, in a line. */
  readonly summary: string;
  /** What stands without a flag: `FILE.mid`. */
  readonly positional?: {
    readonly name: string;
    readonly help: string;
    readonly required?: boolean;
  };
  readonly flags: readonly Flag[];
  /** Flags of earlier versions, and what they are called now. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** An example call with what it does. */
  readonly example: string;
  /** Files and folders that it reads and writes, beside the program itself. */
  readonly needs: (values: Values) => { readonly read: string[]; readonly write: string[] };
  /** Whether a run that is stopped has something to save first, and so is waited for. */
  readonly saves?: boolean;
  /** Calls the phase; what it gives is printed. */
  readonly run: (values: Values, run: CommandRun) => Promise<unknown>;
}

/** How a task's phase reports, is stopped, and asks. */
export interface CommandRun extends Run {
  /** Asks the person at the terminal; true for yes. */
  readonly confirm: (question: string) => Promise<boolean>;
}

/** Values by flag name; `_` is the positional one. Flags that were not given are not there. */
export type Values = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/**
 * The values of the flags in `args`.
 * @throws {TypeError} if a flag is unknown (with the nearest known one), lacks its value, is given
 *   twice, or has a value of the wrong type; or if a required one is missing
 */
export function parseFlags(
  command: Omit<Command, "needs" | "run">,
  args: readonly string[],
): Values {
  const { name: task, flags, positional, renamed = {} } = command;
  const fail = (problem: string): never => {
    throw new TypeError(`${problem} (see "deno task ${task} --help")`);
  };
  const shown = (flag: Flag) => headOf(flag).split(" ")[0]!;
  const names = [...flags.map(shown), "--help"];
  const given = (flag: Flag) =>
    args.filter((arg) => [shown(flag), `--${flag.name}`].includes(arg.split("=")[0]!)).length;
  for (const flag of flags) {
    if (given(flag) > 1) fail(`${shown(flag)} is given twice`);
    if (args.includes(`--${flag.name}=`)) {
      fail(`${shown(flag)} needs a value: ${headOf(flag).split(" ")[1]}`);
    }
  }
  const parsed = parseArgs(withNegativeNumbers(args, flags), {
    string: ["_", ...flags.filter((flag) => flag.type !== "switch").map((flag) => flag.name)],
    boolean: flags.filter((flag) => flag.type === "switch").map((flag) => flag.name),
    negatable: flags.filter((flag) => flag.default === true).map((flag) => flag.name),
    unknown: (argument) => {
      if (!argument.startsWith("-") || argument === "-") return true;
      const name = argument.split("=")[0]!;
      const now = renamed[name.replace(/^--/, "")];
      if (now !== undefined) fail(`${name} is now called --${now}`);
      const nearest = closest(name, names);
      const hint = distance(name, nearest) <= 3 ? `; did you mean ${nearest}?` : "";
      fail(`Unknown flag ${name}${hint}`);
    },
  });
  const values: Record<string, Values[string]> = {};
  for (const flag of flags) {
    const value = parsed[flag.name];
    if (!given(flag)) {
      if (flag.required) fail(`${headOf(flag)} is missing`);
      continue;
    }
    values[flag.name] = valueOf(flag, value, (problem) => fail(`${shown(flag)} ${problem}`));
  }
  const rest = parsed._.map(String);
  if (rest.length > (positional ? 1 : 0)) {
    fail(`Do not know what to do with "${rest.at(positional ? 1 : 0)}"`);
  }
  if (rest[0] !== undefined) values._ = rest[0];
  else if (positional?.required) fail(`${positional.name} is missing`);
  return values;
}

/** `--temperature -1` as `--temperature=-1`: what looks like a flag is a number there. */
function withNegativeNumbers(args: readonly string[], flags: readonly Flag[]): string[] {
  const takesNumber = new Set(
    flags.filter(({ type }) => ["number", "integer", "bars"].includes(type)).map(({ name }) =>
      `--${name}`
    ),
  );
  return args.flatMap((arg, at) => {
    const isNumber = /^-[.\d]/.test(arg);
    if (isNumber && takesNumber.has(args[at - 1] ?? "")) return [];
    const next = args[at + 1] ?? "";
    return takesNumber.has(arg) && /^-[.\d]/.test(next) ? [`${arg}=${next}`] : [arg];
  });
}

function valueOf(flag: Flag, value: unknown, fail: (problem: string) => never): Values[string] {
  if (flag.type === "switch") return value === true;
  const text = String(value ?? "");
  if (text === "") fail(`needs a value: ${headOf(flag).split(" ")[1]}`);
  const isText = flag.type === "text" || flag.type === "path" || flag.words?.includes(text) ||
    (flag.type === "bars" && text.includes(".")); // a beat of a bar, not a fraction of one
  const given = flag.type === "list"
    ? text.split(",")
    : isText || Number.isNaN(Number(text))
    ? text
    : Number(text);
  if (!isAllowed(flag, given)) fail(`needs ${neededFor(flag)}, not "${text}"`);
  return given;
}

/** The text of `--help`. */
export function helpText(
  { name, summary, positional, flags, example }: Omit<Command, "needs" | "run">,
): string {
  const rows = flags.map((flag): [string, string] => {
    const standard = standardOf(flag);
    return [headOf(flag), `${helpOf(flag)}${standard && ` [${standard}]`}`];
  });
  if (positional) rows.unshift([positional.name, positional.help]);
  rows.push(["--help", "Shows this"]);
  const width = Math.max(...rows.map(([head]) => head.length));
  return [
    `deno task ${name}${positional ? ` ${positional.name}` : ""} [flags]`,
    "",
    summary,
    "",
    ...rows.map(([head, help]) => `  ${head.padEnd(width)}  ${help}`),
    "",
    `Example: ${example}`,
  ].join("\n");
}
