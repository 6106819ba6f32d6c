import { linesOf } from "../tools/lines.ts";

/** A program that answers each line with one line of JSON, kept running so that peers can alternate. */
export interface Partner {
  /** Sends a command and waits for the answer. @throws when the program ends instead */
  ask(command: string): Promise<Record<string, number>>;
  /** Closes the program's input, so that it ends. */
  close(): Promise<void>;
}

/**
 * Starts a program for a dialogue over its standard input and output; its standard error is kept
 * for error messages.
 */
export function startPartner(command: string, args: readonly string[]): Partner {
  const child = new Deno.Command(command, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const answers = linesOf(child.stdout);
  const complaints = new Response(child.stderr).text();
  return {
    async ask(command) {
      let answer: IteratorResult<string> | undefined;
      try {
        await writer.write(new TextEncoder().encode(command + "\n"));
        do answer = await answers.next(); while (!answer.done && !answer.value.startsWith("{"));
      } catch { /* it has ended, see below */ }
      if (!answer || answer.done) throw new Error(reasonIn(await complaints));
      return JSON.parse(answer.value);
    },
    async close() {
      await writer.close().catch(() => {});
      await child.status;
      await answers.return(undefined);
      await complaints;
    },
  };
}

/**
 * The line of an error output with the reason: the last one, or the one before Deno's stack trace.
 */
function reasonIn(complaints: string): string {
  const lines = complaints.trim().split("\n");
  return lines.find((line) => line.startsWith("error: ")) ?? lines.at(-1)!;
}
