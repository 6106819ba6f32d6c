/**
 * The tasks' way in: `deno run lib/cli/main.ts TASK [flags]`.
 * @module
 */
import { helpText, parseFlags } from "./command.ts";
import { commands } from "./commands.ts";

const [task = "", ...args] = Deno.args;
const command = commands.find(({ name }) => name === task);
try {
  if (!command) {
    throw new TypeError(
      `Unknown task "${task}"; the tasks are ${commands.map(({ name }) => name).join(", ")}`,
    );
  }
  if (args.includes("--help") || args.includes("-h")) console.log(helpText(command));
  else await command.run(parseFlags(command, args));
} catch (error) {
  console.error(`Error: ${error instanceof Error ? error.message : String(error)}`);
  Deno.exit(1);
}
