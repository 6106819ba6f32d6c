import { helpOf } from "../phases/settings/declare.ts";
import { type Command, headOf, standardOf } from "./command.ts";

/** Flags that every phase takes; they are described once, at the top of the page. */
const SHARED = ["data", "models"];

/**
 * Reference of every flag of every task, as Markdown.
 * @returns one section per command, each with a table of flag, effect and default
 */
export function optionsPage(commands: readonly Command[]): string {
  return [
    "# Options",
    "",
    "Written by `deno task options` from the settings of each phase; edit those, not this page.",
    "",
    "Every task also takes `--data DIR` (default `data`) and `--models DIR` (default `models`) where",
    "it reads or writes there, and `--help`. An unknown flag is refused, and the nearest known one is",
    "named.",
    ...commands.flatMap(sectionOf),
    "",
  ].join("\n");
}

function sectionOf({ name, summary, positional, flags, example }: Command): string[] {
  const rows = flags.filter((flag) => !SHARED.includes(flag.name)).map((flag) =>
    row([`\`${headOf(flag)}\``, helpOf(flag), standardOf(flag)])
  );
  if (positional) {
    rows.unshift(
      row([`\`${positional.name}\``, positional.help, positional.required ? "required" : ""]),
    );
  }
  return [
    "",
    `## ${name}`,
    "",
    `${summary} Example: \`${example}\``,
    ...(rows.length === 0
      ? []
      : ["", row(["flag", "effect", "default"]), "| --- | --- | --- |", ...rows]),
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
