import { resolve } from "node:path";
import type { Command, Values } from "./command.ts";
import { packageFolder, programFolder } from "./packages.ts";

/**
 * What the worker of a task may do: read the program, its packages and what the flags name; write
 * what the flags name. No network, no environment, no other program, no native code.
 */
export function permissionsOf(command: Command, values: Values): Deno.PermissionOptionsObject {
  const { read, write } = command.needs(values);
  return {
    read: [programFolder(), packageFolder(), ...read, ...write].map((path) => resolve(path)),
    write: write.map((path) => resolve(path)),
    net: false,
    env: false,
    run: false,
    ffi: false,
    sys: false,
    import: [],
  };
}
