import type { Setting, Table } from "../phases/settings/declare.ts";
import type { Roots } from "../phases/settings/shared.ts";
import { flagName } from "../show/next_step.ts";
import type { Command, CommandRun, Flag, Values } from "./command.ts";

/** Setting with its name in the phase and its flag's name, `_` for the positional one. */
type Named = readonly [name: string, flag: string, setting: Setting<unknown>];

function named(table: Readonly<Record<string, Setting<unknown>>>): Named[] {
  return Object.entries(table).map(([name, setting]) => [
    name,
    setting.positional ? "_" : setting.flag ?? flagName(name),
    setting,
  ]);
}

function flagsOf(settings: readonly Named[]): Flag[] {
  return settings.filter(([, flag]) => flag !== "_")
    .map(([, name, setting]) => ({ ...setting as Setting<string>, name }));
}

/** Task whose flags are derived from its phase's table of settings. */
export function taskOf<S extends object>(
  { table, extra = [], needs, run, ...rest }:
    & Pick<Command, "name" | "summary" | "example" | "renamed" | "saves">
    & {
      readonly table: Table<S>;
      /** Flags that are not settings of the phase. */
      readonly extra?: readonly Flag[];
      readonly needs: (settings: S) => ReturnType<Command["needs"]>;
      readonly run: (settings: S, run: CommandRun, values: Values) => Promise<unknown>;
    },
): Command {
  const settings = named(table);
  // The values were checked against the same table.
  const settingsFrom = (values: Values) =>
    Object.fromEntries(
      settings.map(([name, flag]) => [name, values[flag]]).filter(([, value]) =>
        value !== undefined
      ),
    ) as S;
  const alone = settings.find(([, flag]) => flag === "_")?.[2];
  return {
    ...rest,
    ...(alone
      ? { positional: { name: alone.value!, help: alone.help, required: alone.required } }
      : {}),
    flags: [...flagsOf(settings), ...extra],
    needs: (values) => needs(settingsFrom(values)),
    run: (values, by) => run(settingsFrom(values), by, values),
  };
}

/** Folders for data and models, with their defaults. */
export function rootsOf({ data = "data", models = "models" }: Roots): Required<Roots> {
  return { data, models };
}

/** The paths that are defined. */
export function given(...paths: readonly (string | undefined)[]): string[] {
  return paths.filter((path) => path !== undefined);
}
