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
  readonly collect?: readonly string[];
  /** Called for every argument that is no known flag; return false to leave it out. */
  readonly unknown?: (argument: string, key?: string, value?: unknown) => unknown;
}

/** Command-line arguments by flag name, and what stands between them under `_`. */
export function parseArgs(args: string[], options: ParseOptions = {}): Record<string, unknown> & {
  _: (string | number)[];
} {
  const { unknown, collect: _collect, ...rest } = options;
  return minimist(args, {
    ...(rest as minimist.Opts),
    unknown: unknown && ((argument: string) => {
      const [, key, , value] = /^--?([^=]+)(=(.*))?$/s.exec(argument) ?? [];
      return unknown(argument, key, value) !== false;
    }),
  });
}
