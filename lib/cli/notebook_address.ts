import { join } from "node:path";
import { output } from "./kernel.ts";

/** Interval and number of looks for the server's own record of its address. */
const LOOK_MILLISECONDS = 500, LOOKS = 120;

/** A running server's record, as Jupyter writes it. */
interface ServerRecord {
  readonly url: string;
  readonly token?: string;
  readonly pid: number;
}

/** Prints a notebook's address once the server of this process's Jupyter has started. */
export async function sayAddress(way: "lab" | "notebook", notebook: string): Promise<void> {
  const folder = (await output("jupyter", ["--runtime-dir"]))?.stdout.trim();
  const since = Date.now();
  for (let look = 0; folder && look < LOOKS; look++) {
    await new Promise((resolve) => {
      Deno.unrefTimer(setTimeout(resolve, LOOK_MILLISECONDS) as unknown as number);
    });
    const server = await newestServer(folder, since);
    if (!server) continue;
    console.error(`\nOpen this notebook in a browser:\n  ${addressOf(server, way, notebook)}\n`);
    return;
  }
}

/**
 * Record of the most recently started server; undefined if it started before a given time in
 * milliseconds.
 */
export async function newestServer(
  folder: string,
  since: number,
): Promise<ServerRecord | undefined> {
  let newest: { readonly server: ServerRecord; readonly time: number } | undefined;
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (!/^(?:jp|nb)server-\d+\.json$/.test(name)) continue;
      const path = join(folder, name), time = (await Deno.stat(path)).mtime?.getTime() ?? 0;
      if (time < since - LOOK_MILLISECONDS || time < (newest?.time ?? 0)) continue;
      newest = { server: JSON.parse(await Deno.readTextFile(path)), time };
    }
  } catch {
    return undefined; // not there yet, or being written
  }
  return newest?.server;
}

/** Address at which a server shows a notebook. @param notebook path from the server's root */
export function addressOf(
  { url, token }: Pick<ServerRecord, "url" | "token">,
  way: "lab" | "notebook",
  notebook: string,
): string {
  const path = notebook.split(/[\\/]/).map(encodeURIComponent).join("/");
  const address = new URL(`${way === "lab" ? "lab/tree" : "notebooks"}/${path}`, url);
  if (token) address.searchParams.set("token", token);
  return address.href;
}
