/**
 * Entry point of all tasks: `deno run lib/cli/main.ts TASK [flags]`. Parses the flags, and runs the
 * phase in a worker that may read and write only the files that the flags name.
 * @module
 */
import { type Command, helpText, parseFlags, type Values } from "./command.ts";
import { commands } from "./commands.ts";
import { permissionsOf } from "./permissions.ts";
import { type Turns, turns } from "../show/turns.ts";
import { taskCommand, withOwnCommands } from "../program.ts";
import { environment } from "../store/home.ts";
import { enterWorkingDirectory, personsPaths, placesText } from "./working_directory.ts";
import type { FromWorker, ToWorker } from "./worker.ts";

/** Exit code of a run ended by Ctrl-C, as in shells. */
const INTERRUPTED = 130;

/** Milliseconds that a task with nothing to save gets to stop before it is ended. */
const GRACE = 800;

/**
 * Signals this close together, in milliseconds on an idle machine, count as one press of Ctrl-C:
 * the terminal sends it to every process, and `deno task` forwards its own.
 */
const ONE_PRESS = 500;

const [task = "", ...args] = Deno.args;
const ownCommand = taskCommand(environment("TASK_COMMAND"));
const printed = (text: string) => withOwnCommands(text, ownCommand);
try {
  const command = commands.find(({ name }) => name === task);
  if (!command) {
    const names = commands.map(({ name }) => name).join(", ");
    throw new TypeError(`Unknown task "${task}"; the tasks are ${names}`);
  }
  if (args.includes("--help") || args.includes("-h")) {
    console.log(printed(helpText(command)));
  } else {
    enterWorkingDirectory();
    const values = personsPaths(command, parseFlags(command, args));
    const places = placesText(values);
    if (places !== undefined) console.error(places);
    Deno.exit(await runInWorker(command, values));
  }
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(printed(`Error: ${message}`));
  Deno.exit(1);
}

/** Runs a task with the least permissions that suffice. @returns the exit code */
function runInWorker(command: Command, values: Values): Promise<number> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    type: "module",
    name: command.name,
    deno: { permissions: permissionsOf(command, values) },
  });
  Deno.permissions.revokeSync({ name: "write" }); // from here on only the worker writes
  Deno.permissions.revokeSync({ name: "net" });
  const send = (message: ToWorker) => worker.postMessage(message);
  let press: Turns | undefined;
  const interrupt = () => {
    if (press === undefined) {
      press = turns(ONE_PRESS);
      send({ kind: "stop" });
      if (!command.saves) {
        setTimeout(() => {
          console.error("Error: stopped by Ctrl-C");
          Deno.exit(INTERRUPTED);
        }, GRACE);
      }
    } else if (press.over) Deno.exit(INTERRUPTED); // twice: at once
  };
  Deno.addSignalListener("SIGINT", interrupt);
  if (Deno.build.os !== "windows") {
    for (const signal of ["SIGTERM", "SIGHUP"] as const) Deno.addSignalListener(signal, interrupt);
  }
  return new Promise((done) => {
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      switch (data.kind) {
        case "ready": // all is loaded, so that this thread needs nothing any more
          Deno.permissions.revokeSync({ name: "read" });
          Deno.permissions.revokeSync({ name: "env" });
          return send({ kind: "start", task: command.name, values, ownCommand });
        case "question":
          return send({ kind: "answer", yes: confirm(data.text) });
        case "failed":
          console.error(printed(`Error: ${data.message}`));
          return done(press !== undefined ? INTERRUPTED : 1);
        case "done":
          console.log(printed(data.summary));
          return done(press !== undefined ? INTERRUPTED : 0);
      }
    };
    worker.onerror = (event) => {
      event.preventDefault();
      console.error(`Error: ${event.message}`);
      done(1);
    };
  });
}
