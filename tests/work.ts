import { Session } from "node:inspector";

/** What the inspector says of a script: how often each stretch of it was entered. */
interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[];
  }[];
}

const session = new Session();

function ask<T>(method: string, params: object = {}): Promise<T> {
  return new Promise((resolve, reject) =>
    session.post(method, params, (error, result) => error ? reject(error) : resolve(result as T))
  );
}

// Begins before the tests: functions that have run without it are counted more coarsely.
session.connect();
await ask("Profiler.enable");
await ask("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

/**
 * How much work something is, whatever machine does it and whatever else that machine does: how often
 * functions, branches and bodies of loops are entered. What the language's own functions do is not
 * counted, but for what they call.
 * @param where only scripts whose address has this in it count
 */
export async function workOf(action: () => unknown, where = "/lib/"): Promise<number> {
  await ask("Profiler.takePreciseCoverage"); // counts from here on
  await action();
  const { result } = await ask<Coverage>("Profiler.takePreciseCoverage");
  let work = 0;
  for (const { url, functions } of result) {
    if (!url.includes(where)) continue;
    for (const { ranges } of functions) for (const { count } of ranges) work += count;
  }
  return work;
}
