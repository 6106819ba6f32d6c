/** Tries what no task needs; what came of it, by name: whether it could be done. */
export function attempt(own: string, elsewhere: string): Record<string, boolean> {
  const done = (action: () => unknown): boolean => {
    try {
      action();
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) return false;
      return true; // it was allowed, and failed by itself
    }
  };
  const program = new URL("../../../lib/random.ts", import.meta.url);
  return {
    "write what the flags name": done(() => Deno.writeTextFileSync(`${own}/mine`, "")),
    "read the program": done(() => Deno.readTextFileSync(program)),
    "read elsewhere": done(() => Deno.readTextFileSync(`${elsewhere}/secret`)),
    "list elsewhere": done(() => [...Deno.readDirSync(elsewhere)]),
    "write elsewhere": done(() => Deno.writeTextFileSync(`${elsewhere}/written`, "")),
    "remove elsewhere": done(() => Deno.removeSync(`${elsewhere}/nothing`)),
    "write the program": done(() => Deno.openSync(program, { write: true })),
    "link": done(() => Deno.symlinkSync(elsewhere, `${own}/link`)),
    "listen to the network": done(() => Deno.listen({ port: 0 }).close()),
    "read the environment": done(() => Deno.env.get("HOME")),
    "run a program": done(() => new Deno.Command("true").outputSync()),
    "load native code": done(() => Deno.dlopen(`${own}/none.so`, {})),
    "ask about the system": done(() => Deno.hostname()),
    "take more rights": done(() =>
      new Worker("data:text/javascript,", {
        type: "module",
        deno: { permissions: { read: true, write: true } },
      } as WorkerOptions).terminate()
    ),
  };
}

/** The names of what could be done. */
export function possible(found: Record<string, boolean>): string[] {
  return Object.keys(found).filter((name) => found[name]);
}
