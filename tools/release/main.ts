/**
 * Builds what is published of a version: `deno task release`.
 * @module
 */
import { join } from "node:path";
import { flagsFor } from "../task.ts";
import { path } from "../../lib/phases/settings/declare.ts";
import { PROGRAM, VERSION } from "../../lib/program.ts";
import { sha256 } from "../../lib/store/files.ts";
import { licencesText } from "../licences.ts";
import { compiledFiles } from "./compiled.ts";
import { stagePackage } from "./package.ts";

const { out } = flagsFor<{ out: string }>({
  name: "release",
  summary: "Builds the npm package and the compiled programs of this version, with checksums.",
  example: "deno task release --out dist",
}, {
  out: path("DIR", "Folder of the results; files of the same name are replaced", {
    default: "dist",
  }),
});

await Deno.mkdir(out, { recursive: true });
const folder = await Deno.realPath(out);
const made = [await packed(folder), ...await compiledFiles(folder)];
await Deno.writeTextFile(join(folder, "LICENCES.txt"), await licencesText());
const sums = await Promise.all(
  [...made, "LICENCES.txt"].sort().map(async (name) =>
    `${sha256(await Deno.readFile(join(folder, name)))}  ${name}`
  ),
);
await Deno.writeTextFile(join(folder, "SHA256SUMS"), sums.join("\n") + "\n");
console.log([`${PROGRAM} ${VERSION} in ${folder}`, ...sums].join("\n"));

/** Packs the npm package; npm gives equal files equal bytes. @returns name of the tarball */
async function packed(to: string): Promise<string> {
  const staged = await Deno.makeTempDir();
  try {
    await stagePackage(staged);
    const { success, stdout, stderr } = await new Deno.Command("npm", {
      args: ["pack", "--json", "--ignore-scripts", "--pack-destination", to],
      cwd: staged,
    }).output();
    if (!success) {
      throw new Error(`Cannot pack the npm package: ${new TextDecoder().decode(stderr).trim()}`);
    }
    const answer = JSON.parse(new TextDecoder().decode(stdout));
    return (Array.isArray(answer) ? answer[0] : Object.values(answer)[0]).filename;
  } finally {
    await Deno.remove(staged, { recursive: true });
  }
}
