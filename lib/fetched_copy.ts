import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import files from "./fetched_copy.json" with { type: "json" };

/** SHA-256 of each file by its path, as `deno task fetched-copy` lists them. */
const list: Readonly<Record<string, string>> = files;

/** Most files that are fetched at the same time. */
const CONNECTIONS = 8;

/**
 * Copies the files that the program reads while it runs (networks, kernels, starter music) from
 * where it was imported to a cache folder of the user, from which later runs read them without a
 * network.
 * @param root URL of the program, ending in `/`
 * @param name of the package
 * @param version of the program; every version has a folder of its own
 * @returns URL of the folder with the copies
 * @throws {Error} if a file cannot be fetched, is not the listed one, or cannot be written
 */
export async function fetchedCopy(root: URL, name: string, version: string): Promise<URL> {
  const folder = join(cacheFolder(), name.replace(/^@.*\//, ""), version);
  const waiting = Object.entries(list);
  const fetching = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await fetchFile(new URL(next[0], root), join(folder, next[0]), next[1]);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: CONNECTIONS }, fetching));
  for (const each of ended) if (each.status === "rejected") throw each.reason;
  return new URL(`${pathToFileURL(folder)}/`);
}

/** The user's folder for files that can be fetched again. */
function cacheFolder(): string {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = Deno.env.toObject();
  if (Deno.build.os === "windows" && LOCALAPPDATA) return LOCALAPPDATA;
  if (Deno.build.os === "darwin") return join(homedir(), "Library", "Caches");
  return XDG_CACHE_HOME || join(homedir(), ".cache");
}

async function fetchFile(url: URL, path: string, hash: string): Promise<void> {
  try {
    if (sha256(await Deno.readFile(path)) === hash) return;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const bytes = await download(url);
  if (sha256(bytes) !== hash) {
    throw new Error(
      `Cannot use ${url}: it is not the file that this version of the program was released with; ` +
        "import the program again with --reload",
    );
  }
  await Deno.mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  await Deno.writeFile(temporary, bytes);
  await Deno.rename(temporary, path);
}

async function download(url: URL): Promise<Uint8Array> {
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `Cannot fetch a file of the program, ${url}: ${problem}; try again with a network connection`,
      { cause },
    );
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
