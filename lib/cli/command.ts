import { parseArgs } from "@std/cli/parse-args";
import { nearestHint } from "../nearest.ts";
import { helpOf, isAllowed, neededFor, type Setting } from "../phases/settings/declare.ts";
import type { Run } from "../phases/run.ts";

/** Flag of a task; a switch that is on by default is written `--no-…`. */
export interface Flag extends Setting<unknown> {
  /** Name without dashes: `steps-per-beat`. */
  readonly name: string;
}

/** Flag as it is typed, with its value: `--steps-per-beat N`. */
export function headOf(flag: Flag): string {
  const value = flag.value ?? flag.choices?.join("|");
  return `--${flag.default === true ? "no-" : ""}${flag.name}${value ? ` ${value}` : ""}`;
}

/** Default of a flag as text: `4`, `required`, or empty. */
export function standardOf(flag: Flag): string {
  if (flag.required) return "required";
  return flag.usually ?? (typeof flag.default === "boolean" ? "" : `${flag.default ?? ""}`);
}

/** Permissions of a task besides reading the program itself. */
export interface Needs {
  /** Files and folders. */
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** Local addresses that it listens on. Default: none. */
  readonly net?: readonly string[];
}

/** Task of the command line: its flags, and the phase that it calls. */
export interface Command {
  /** Name: `preprocess`. */
  readonly name: string;
  /** Description in one line. */
  readonly summary: string;
  /** Positional argument: `FILE.mid`. */
  readonly positional?: {
    readonly name: string;
    readonly help: string;
    readonly required?: boolean;
  };
  readonly flags: readonly Flag[];
  /** Flags of earlier versions, with their present names. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Example call. */
  readonly example: string;
  /** Files and folders that it reads and writes, besides the program itself. */
  readonly needs: (values: Values) => Needs;
  /** Whether a stopped run saves something first and must be waited for. */
  readonly saves?: boolean;
  /** Runs the phase; the result is printed. */
  readonly run: (values: Values, run: CommandRun) => Promise<unknown>;
}

/** Progress, cancellation and questions of a task's phase. */
export interface CommandRun extends Run {
  /** Asks a question at the terminal; true for yes. */
  readonly confirm: (question: string) => Promise<boolean>;
}

/** Values by flag name, with the positional one as `_`. Flags that were not given are absent. */
export type Values = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/**
 * Parses the flags in `args`.
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
  const parsed = parseArgs(withPairs(withNegativeNumbers(args, flags), flags), {
    string: ["_", ...flags.filter((flag) => flag.type !== "switch").map((flag) => flag.name)],
    boolean: flags.filter((flag) => flag.type === "switch").map((flag) => flag.name),
    negatable: flags.filter((flag) => flag.default === true).map((flag) => flag.name),
    unknown: (argument) => {
      if (!argument.startsWith("-") || argument === "-") return true;
      const name = argument.split("=")[0]!;
      const now = renamed[name.replace(/^--/, "")];
      if (now !== undefined) fail(`${name} is now called --${now}`);
      fail(`Unknown flag ${name}${nearestHint(name, names, (flag) => flag)}`);
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

/** Rewrites `--temperature -1` as `--temperature=-1`, so that the number is not taken for a flag. */
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

/** Separator of two values of one flag, which no path contains. */
const PAIRED = "\0";

/** Joins the two values of `--between A B`, so that the second is not taken for another argument. */
function withPairs(args: readonly string[], flags: readonly Flag[]): string[] {
  const pairs = flags.filter(({ type }) => type === "pair").map(({ name }) => `--${name}`);
  const joined: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const [own, ...both] = args.slice(at, at + 3);
    const isPair = pairs.includes(own!) && both.length === 2 &&
      both.every((value) => !value.startsWith("--"));
    joined.push(isPair ? `${own}=${both.join(PAIRED)}` : own!);
    if (isPair) at += 2;
  }
  return joined;
}

function valueOf(flag: Flag, value: unknown, fail: (problem: string) => never): Values[string] {
  if (flag.type === "switch") return value === true;
  const text = String(value ?? "");
  if (text === "") fail(`needs a value: ${headOf(flag).split(" ")[1]}`);
  const isText = flag.type === "text" || flag.type === "path" || flag.words?.includes(text) ||
    (flag.type === "bars" && text.includes(".")); // a beat of a bar, not a fraction of one
  const given = flag.type === "list" || flag.type === "pair"
    ? text.split(flag.type === "pair" ? PAIRED : ",")
    : isText || Number.isNaN(Number(text))
    ? text
    : Number(text);
  if (!isAllowed(flag, given)) fail(`needs ${neededFor(flag)}, not "${text}"`);
  return given;
}

/** Text of `--help`. */
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
