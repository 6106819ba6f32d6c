import { basename, dirname, join } from "node:path";
import { exists, sha256 } from "../../lib/store/files.ts";

/** Table of the music: one line per piece with its verdict, licence and SHA-256. */
export async function listMusic(
  learned: readonly string[],
  heldOut: readonly string[],
): Promise<string> {
  const licences = new Map<string, string>();
  for (const folder of new Set([...learned, ...heldOut].map((file) => dirname(file)))) {
    const list = join(folder, "LICENCES.tsv");
    if (!await exists(list)) continue;
    for (const line of (await Deno.readTextFile(list)).trimEnd().split("\n").slice(1)) {
      const [file, source, licence, composer, title] = line.split("\t");
      licences.set(join(folder, file!), [licence, composer, title, source].join("\t"));
    }
  }
  const line = async (file: string, use: string) =>
    [
      use,
      basename(file),
      licences.get(file) ?? "Public Domain, set down by this project\t\t\tdata/starter",
      sha256(await Deno.readFile(file)),
    ].join("\t");
  const lines = [
    ...await Promise.all(learned.map((file) => line(file, "learned"))),
    ...await Promise.all(heldOut.map((file) => line(file, "held out"))),
  ];
  return ["use\tfile\tlicence\tcomposer\ttitle\tsource\tsha256", ...lines].join("\n") + "\n";
}
