/** What the tasks of developers have in common with those of users: flags that are checked, and help. */
import { type Command, type Flag, helpText, parseFlags } from "../lib/cli/command.ts";
import { givenOf, type Setting, type Table, whole } from "../lib/phases/settings/declare.ts";

/**
 * The values of a task's flags, by their names, or their defaults; those that have neither are not
 * there. Ends the program where help is asked for, and where a flag is wrong: then with what is wrong
 * with it, and exit code 1.
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

/** Threads to compute with, where a task asks for them. */
export const THREADS: Setting<number> = whole("N", "Threads to compute with", {
  least: 1,
  most: 8,
  usually: "all cores",
});
