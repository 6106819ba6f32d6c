/** Runs Deno with these arguments; what it says, and how it ends. */
export async function runDeno(args: readonly string[], options: Deno.CommandOptions = {}) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdin: "null",
    ...options,
  }).output();
  const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out!, errors: errors! };
}

/** The arguments by which a task is run as `deno.json` does it. */
export const TASK: readonly string[] = ["run", "--no-prompt", "-P=phase", "lib/cli/main.ts"];
