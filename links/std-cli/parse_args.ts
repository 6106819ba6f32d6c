/**
 * A stand-in for `jsr:@std/cli/parse-args`, with the options that the tasks here use, over npm's
 * `minimist`, whose option names JSR's package shares. See `links/std-assert` for why.
 * @module
 */
// @ts-types="@types/minimist"
import minimist from "minimist";

/** The options of {@linkcode parseArgs} that are used here. */
export interface ParseOptions {
  readonly string?: readonly string[];
  readonly boolean?: readonly string[];
  readonly alias?: Readonly<Record<string, string>>;
  /** Flags that `--no-` may stand before. */
  readonly negatable?: readonly string[];
  /** Called for every argument that is no known flag; return false to leave it out. */
  readonly unknown?: (argument: string, key?: string, value?: unknown) => unknown;
}

/** Command-line arguments by flag name, and what stands between them under `_`. */
export function parseArgs(
  args: string[],
  { unknown, negatable = [], string, boolean, alias }: ParseOptions = {},
): Record<string, unknown> & { _: (string | number)[] } {
  const keep = (argument: string) => {
    const [, key, , value] = /^--?([^=]+)(=(.*))?$/s.exec(argument) ?? [];
    return unknown?.(argument, key, value) !== false;
  };
  // minimist takes --no- before any flag, JSR's package only before those listed.
  const plain: Record<string, true> = {};
  const known = args.filter((argument) => {
    const negated = /^--no-(.+)$/.exec(argument)?.[1];
    if (negated === undefined || negatable.includes(negated)) return true;
    if (keep(argument)) plain[`no-${negated}`] = true;
    return false;
  });
  const parsed = minimist(known, {
    string: string && [...string],
    boolean: boolean && [...boolean],
    alias: alias && { ...alias },
    unknown: unknown && keep,
  });
  // minimist collects the values of a doubled flag, JSR's package takes the last.
  for (const [key, value] of Object.entries(parsed)) {
    if (key !== "_" && Array.isArray(value)) parsed[key] = value.at(-1);
  }
  return Object.assign(parsed, plain);
}
