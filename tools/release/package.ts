/** The npm package: TypeScript as it is, Deno as its only dependency, and a small starter for Node. */
import { dirname, join } from "node:path";
import config from "../../deno.json" with { type: "json" };
import { PROGRAM, programFolder, VERSION } from "../../lib/program.ts";

/** Version of Deno that the package depends on. */
export const DENO_VERSION = "2.9.6";

/** Parts of the project in the package. */
const CONTENT = [
  ...["deno.json", "deno.lock", "mod.ts", "LICENSE", "README.md", "CHANGELOG.md"],
  ...["lib", "links", "docs", "notebooks", "data/starter", "models/base", "models/basic-pitch"],
];

/** A task as the package's starter calls it: arguments of `deno run`. */
interface PackagedTask {
  readonly description: string;
  readonly run: readonly string[];
}

/**
 * Tasks that the package offers: those whose program lies in `lib/cli`.
 * @param tasks the tasks of `deno.json`
 */
export function packagedTasks(
  tasks: Readonly<Record<string, { readonly description: string; readonly command: string }>>,
): Record<string, PackagedTask> {
  return Object.fromEntries(
    Object.entries(tasks).flatMap(([name, { description, command }]) => {
      const [, run] = /\bdeno run (.*lib\/cli\/.*)$/.exec(command) ?? [];
      if (run === undefined) return [];
      const words = run.split(/\s+/).filter((word) =>
        word !== "--no-prompt" && !word.startsWith("--lock")
      );
      return [[name, { description, run: words }]];
    }),
  );
}

/** Content of the package's `package.json`. */
export function packageJson(): object {
  return {
    name: PROGRAM,
    version: VERSION,
    description: "New piano music in the manner of your own favourites, from your own laptop",
    license: config.license,
    type: "commonjs",
    bin: { [PROGRAM]: "bin.cjs" },
    engines: { node: ">=18" },
    dependencies: { deno: DENO_VERSION },
    tasks: packagedTasks(config.tasks),
  };
}

/**
 * Copies everything that the package holds into a folder.
 * @param folder an empty folder
 */
export async function stagePackage(folder: string): Promise<void> {
  for (const path of CONTENT) await copy(join(programFolder(), path), join(folder, path));
  await Deno.copyFile(join(programFolder(), "tools/release/bin.cjs"), join(folder, "bin.cjs"));
  await Deno.writeTextFile(
    join(folder, "package.json"),
    JSON.stringify(packageJson(), null, 2) + "\n",
  );
}

/** Copies a file, or a folder without its hidden files, which are caches of editors and of Jupyter. */
export async function copy(from: string, to: string): Promise<void> {
  const { isDirectory } = await Deno.stat(from);
  await Deno.mkdir(isDirectory ? to : dirname(to), { recursive: true });
  if (!isDirectory) return await Deno.copyFile(from, to);
  for await (const { name } of Deno.readDir(from)) {
    if (name.startsWith(".")) continue;
    await copy(join(from, name), join(to, name));
  }
}
