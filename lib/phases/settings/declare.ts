import { nearestHint } from "../../nearest.ts";
import { parseBarRange } from "../../tokens/bar_range.ts";

/**
 * Declaration of a setting, made once in its phase's table. The phase validates its settings with
 * the table, the command line takes its flags and their help from it, and `docs/options.md` is
 * generated from it.
 * @typeParam T its type
 */
export interface Setting<T> {
  /**
   * Type: bars are one or two numbers, `5-8`, with beats `5.3-6.2`; a list is of texts; a pair is
   * two paths; a switch is on or off.
   */
  readonly type: "text" | "path" | "number" | "integer" | "bars" | "list" | "pair" | "switch";
  /** Placeholder of its value: `DIR`. None for a switch. */
  readonly value?: string;
  /** One-line description. */
  readonly help: string;
  /** Default value. */
  readonly default?: T;
  /** Default in words, where it depends on other settings. */
  readonly usually?: string;
  /** Whether it must be given. */
  readonly required?: boolean;
  /** Whether it is given without a flag. */
  readonly positional?: boolean;
  /** Flag name where that differs from the setting's own: `soundfont`. */
  readonly flag?: string;
  /** The only allowed values; of a list, each of its texts. */
  readonly choices?: readonly (T extends readonly (infer Each)[] ? Each : T)[];
  /** Words allowed in place of a number. */
  readonly words?: readonly string[];
  /** Least allowed number, inclusive. */
  readonly least?: number;
  /** Exclusive lower bound. */
  readonly above?: number;
  /** Greatest allowed number, inclusive. */
  readonly most?: number;
}

/** Optional fields of a setting. */
type More<T> = Omit<Setting<T>, "type" | "value" | "help">;

const ofType =
  (type: Setting<unknown>["type"]) =>
  <T>(value: string, help: string, more: More<T> = {}): Setting<T> => ({
    type,
    value,
    help,
    ...more,
  });

/**
 * Constructors for settings of each type, from a placeholder, a description and optional fields.
 */
export const text = ofType("text"),
  path = ofType("path"),
  number = ofType("number"),
  whole = ofType("integer"),
  bars = ofType("bars"),
  list = ofType("list"),
  pair = ofType("pair");

/** A setting with a fixed set of texts as values. */
export function chosen<T>(help: string, more: More<T> & Pick<Setting<T>, "choices">): Setting<T> {
  return { type: "text", help, ...more };
}

/** A setting that is on or off. */
export function onOff(help: string, more: More<boolean> = {}): Setting<boolean> {
  return { type: "switch", help, ...more };
}

/** All settings of a phase. */
export type Table<S> = { readonly [Name in keyof S]-?: Setting<NonNullable<S[Name]>> };

/**
 * Validates settings against their table.
 * @param attempt purpose of the settings, as a verb: `train`
 * @param ofPrograms names of further settings, available in code only
 * @throws {TypeError} if one is unknown (with the nearest known name), missing or of another type
 * @throws {RangeError} if one is out of its range
 */
export function checkSettings<S extends object>(
  attempt: string,
  table: Table<S>,
  settings: { readonly [Name in keyof S]?: unknown },
  ofPrograms: readonly string[] = [],
): void {
  checkNames(attempt, Object.keys(settings), [...Object.keys(table), ...ofPrograms]);
  for (const name of Object.keys(table) as (keyof S & string)[]) {
    const setting: Setting<unknown> = table[name], value = settings[name];
    const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    if (value === undefined && setting.required) {
      throw new TypeError(`Cannot ${attempt} without ${words}`);
    }
    if (value === undefined || isAllowed(setting, value)) continue;
    const shown = typeof value === "string" ? `"${value}"` : String(value);
    const problem = `Cannot ${attempt} with ${words} ${shown}: needed ${neededFor(setting)}`;
    throw typeof value === "number" ? new RangeError(problem) : new TypeError(problem);
  }
}

/**
 * Checks that every name is known.
 * @throws {TypeError} if one is not, with the nearest known name
 */
export function checkNames(
  attempt: string,
  names: readonly string[],
  known: readonly string[],
): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const hint = nearestHint(unknown, known);
  throw new TypeError(`Cannot ${attempt}: unknown setting "${unknown}"${hint}`);
}

/** Settings without undefined values, which would otherwise override defaults when spread. */
export function givenOf<T extends object>(settings: T): T {
  return Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined),
  ) as T;
}

/** Whether a value is allowed for a setting. */
export function isAllowed(setting: Setting<unknown>, value: unknown): boolean {
  const { type, choices, words, least, above, most } = setting;
  const isChosen = (one: unknown) => !choices || (choices as readonly unknown[]).includes(one);
  switch (type) {
    case "switch":
      return typeof value === "boolean";
    case "text":
    case "path":
      return typeof value === "string" && isChosen(value);
    case "list":
      return Array.isArray(value) && value.every((one) => typeof one === "string" && isChosen(one));
    case "pair":
      return Array.isArray(value) && value.length === 2 &&
        value.every((one) => typeof one === "string" && one !== "");
  }
  if (typeof value === "string") {
    return type === "bars" ? parseBarRange(value) !== undefined : words?.includes(value) ?? false;
  }
  return typeof value === "number" &&
    (type === "number" ? Number.isFinite(value) : Number.isSafeInteger(value)) &&
    value >= (least ?? -Infinity) && value > (above ?? -Infinity) && value <= (most ?? Infinity);
}

/** Allowed values of a setting, in words: `a whole number from 1 to 96`. */
export function neededFor(setting: Setting<unknown>): string {
  const { type, choices, words = [] } = setting;
  if (choices) return `${type === "list" ? "some" : "one"} of ${choices.join(", ")}`;
  if (type === "switch") return "true or false";
  if (type === "pair") return "two paths";
  if (type === "text" || type === "path" || type === "list") return "a text";
  const number = `a ${type === "number" ? "" : "whole "}number${rangeOf(setting)}`;
  const range = type === "bars" ? ["a range such as 5-8 or, with beats, 5.3-6.2"] : [];
  return [...words, number, ...range].join(" or ");
}

/** Description of a setting, with its range where that has two ends: `Steps in a beat, 1 to 96`. */
export function helpOf(setting: Setting<unknown>): string {
  const range = setting.most === undefined ? "" : rangeOf(setting).replace(/^ from/, "");
  return setting.help + (range ? `,${range}` : "");
}

function rangeOf({ least, above, most }: Setting<unknown>): string {
  const shown = (limit: number) => limit.toLocaleString("en-US");
  if (above !== undefined) {
    return ` above ${shown(above)}${most === undefined ? "" : `, at most ${shown(most)}`}`;
  }
  return (least === undefined ? "" : ` from ${shown(least)}`) +
    (most === undefined ? "" : ` to ${shown(most)}`);
}
