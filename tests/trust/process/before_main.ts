// Loaded before a task's own launcher, which it does not change: puts another module into the worker
// that the launcher narrows, and tries what the thread that reads the flags may still do.
import { attempt, possible } from "./attempts.ts";

const [own, elsewhere] = JSON.parse(Deno.env.get("INIT_CWD")!) as [string, string];
const Real = globalThis.Worker;
globalThis.Worker = class extends Real {
  constructor(_: string | URL, options?: WorkerOptions) {
    super(new URL("./in_worker.ts", import.meta.url), options);
  }

  override postMessage(message: unknown): void {
    if ((message as { kind?: string }).kind === "start") {
      console.error(`main: ${JSON.stringify(possible(attempt(own, elsewhere)))}`);
    }
    super.postMessage({ own, elsewhere });
  }
} as typeof Worker;
