import { basename } from "node:path";
import { output } from "../../lib/cli/kernel.ts";
import { PROJECT } from "../../lib/cli/notebook.ts";

/** A notebook as it is handed on: what somebody does in the working copy is no concern of the tests. */
export async function shipped(path: string): Promise<string> {
  const inGit = await output("git", ["show", `:notebooks/${basename(path)}`], { cwd: PROJECT });
  return inGit?.success ? inGit.stdout : await Deno.readTextFile(path);
}
