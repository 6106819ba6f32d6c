/**
 * Worker in which a task's phase runs, with the permissions that main.ts gave it.
 * @module
 */
import { withOwnCommands } from "../program.ts";
import { progressDisplay } from "../show/progress.ts";
import { visibleLines } from "../show/text.ts";
import type { CommandRun, Values } from "./command.ts";
import { commands } from "./commands.ts";

/** Message to the worker. */
export type ToWorker =
  | {
    readonly kind: "start";
    readonly task: string;
    readonly values: Values;
    /** Beginning of a command line that runs a task. */
    readonly ownCommand: string;
  }
  | { readonly kind: "stop" }
  | { readonly kind: "answer"; readonly yes: boolean };

/** Message from the worker. */
export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "question"; readonly text: string }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "done"; readonly summary: string };

const port = self as unknown as {
  onmessage: (event: MessageEvent<ToWorker>) => void;
  postMessage: (message: FromWorker) => void;
};
const controller = new AbortController();
let answer: (yes: boolean) => void = () => {};

port.onmessage = ({ data }) => {
  if (data.kind === "stop") controller.abort(new Error("stopped by Ctrl-C"));
  else if (data.kind === "answer") answer(data.yes);
  else start(data.task, data.values, data.ownCommand);
};
port.postMessage({ kind: "ready" });

async function start(task: string, values: Values, ownCommand: string): Promise<void> {
  const progress = progressDisplay();
  const run: CommandRun = {
    onProgress: progress,
    onMessage: (line) => {
      progress.done();
      console.error(withOwnCommands(visibleLines(line), ownCommand));
    },
    signal: controller.signal,
    confirm: (text) => {
      const answered = new Promise<boolean>((resolve) => answer = resolve);
      port.postMessage({ kind: "question", text: visibleLines(text) });
      return answered;
    },
  };
  try {
    const command = commands.find(({ name }) => name === task)!;
    const summary = String(await command.run(values, run));
    progress.done();
    port.postMessage({ kind: "done", summary });
  } catch (error) {
    progress.done();
    const message = error instanceof Error ? error.message : String(error);
    port.postMessage({ kind: "failed", message: visibleLines(message) });
  }
}
