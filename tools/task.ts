/** Flags and help of the developers' tasks. */
import { type Command, type Flag, helpText, parseFlags } from "../lib/cli/command.ts";
import { givenOf, type Setting, type Table, whole } from "../lib/phases/settings/declare.ts";

/**
 * Parses a task's flags: values by name, with defaults; flags with neither are absent. Ends the
 * program after printing help if it is requested, and with exit code 1 and a message if a flag is
 * wrong.
 * @typeParam F what the flags give: with `?` those that are neither required nor have a default
 */
export function flagsFor<F extends object>(
  task: Pick<Command, "name" | "summary" | "example">,
  table: Table<F>,
): F {
  const settings = Object.entries<Setting<unknown>>(table);
  const command = {
    ...task,
    flags: settings.map(([name, setting]): Flag => ({ ...setting, name })),
  };
  if (Deno.args.includes("--help")) {
    console.log(helpText(command));
    Deno.exit(0);
  }
  try {
    const values = parseFlags(command, Deno.args);
    return givenOf(Object.fromEntries(
      settings.map(([name, setting]) => [name, values[name] ?? setting.default]),
    )) as F;
  } catch (error) {
    console.error(`Error: ${error instanceof Error ? error.message : String(error)}`);
    Deno.exit(1);
  }
}

/** Flag for the number of threads. */
export const THREADS: Setting<number> = whole("N", "Number of threads", {
  least: 1,
  most: 8,
  usually: "all cores",
});
