/** Programs in one file each, by `deno compile`. */
import { basename, join } from "node:path";
import config from "../../deno.json" with { type: "json" };
import { linked, SCRIPTS } from "../../lib/page/link.ts";
import { ownFile, PROGRAM, programFolder } from "../../lib/program.ts";
import { filesToFetch } from "./fetched_copy.ts";
import { copy } from "./package.ts";

/** Platforms that Deno compiles for. */
const TARGETS: readonly string[] = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
];

/** Modules whose scripts a compiled program puts into pages. */
const PAGES = ["app.ts", "boot.ts", "worker.ts", "cards.ts"];

/**
 * Packages that are imported by a computed name, which `deno compile` cannot detect. Left out are
 * those of the original network (half a gigabyte) and of plots, which only notebooks draw.
 */
const BY_NAME: readonly string[] = Object.entries(config.scopes["./"]).filter(([name]) =>
  /^@(audio-samples|wasm-audio-decoders)\//.test(name) ||
  ["mpg123-decoder", "stb-vorbis", "spessasynth_core", "wasm-media-encoders", "verovio"]
    .includes(name)
).map(([, specifier]) => specifier);

/** Path of the script of a page's module. */
function scriptFile(page: string): string {
  return `${SCRIPTS}${basename(page, ".ts")}.js`;
}

/**
 * Arguments of `deno compile` for one platform.
 * @param output path of the program to be made
 * @param assets as from {@linkcode stageProgram}
 */
export function compileArguments(
  target: string,
  output: string,
  assets: readonly string[],
): string[] {
  return [
    ...["compile", "--no-prompt", "--no-check", "-P=phase", "--exclude-unused-npm"],
    ...[...assets, ...BY_NAME].flatMap((part) => ["--include", part]),
    ...["--target", target, "--output", output, "lib/cli/main.ts"],
  ];
}

/**
 * Copies the project's modules, and all that a compiled program reads, into a folder.
 * @param folder an empty folder
 * @returns the files besides the modules that `deno compile` finds: those that the program reads
 *   while it runs
 */
export async function stageProgram(folder: string): Promise<string[]> {
  const assets = Object.keys(await filesToFetch());
  for (const path of ["deno.json", "deno.lock", "lib", "links", ...assets]) {
    await copy(join(programFolder(), path), join(folder, path));
  }
  await Deno.mkdir(join(folder, SCRIPTS));
  for (const page of PAGES) {
    const script = await linked(ownFile(`lib/page/${page}`));
    await Deno.writeTextFile(join(folder, scriptFile(page)), script);
  }
  return [...assets, ...PAGES.map(scriptFile)];
}

/**
 * Compiles the program for every platform whose base can be had, and says in a line which lack it. A
 * base named by `DENORT_BIN` is taken to be that of this platform.
 * @returns names of the files made in `folder`
 */
export async function compiledFiles(folder: string): Promise<string[]> {
  const staged = await Deno.makeTempDir(), made: string[] = [], missing: string[] = [];
  const targets = Deno.env.get("DENORT_BIN") ? [Deno.build.target] : TARGETS;
  try {
    const assets = await stageProgram(staged);
    for (const target of targets) {
      const name = `${PROGRAM}-${target}${target.includes("windows") ? ".exe" : ""}`;
      const args = compileArguments(target, join(folder, name), assets);
      if (await compiles(args, staged)) made.push(name);
      else missing.push(target);
    }
  } finally {
    await Deno.remove(staged, { recursive: true });
  }
  if (missing.length > 0) {
    console.error(
      `Not compiled, as Deno's base program (denort) cannot be downloaded here: ${
        missing.join(", ")
      }; run this task where it can, or name this platform's in DENORT_BIN`,
    );
  }
  return made;
}

/**
 * Compiles a program.
 * @returns whether there was a base to compile it with
 * @throws {Error} with the compiler's reason if it fails otherwise
 */
async function compiles(args: string[], cwd: string): Promise<boolean> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { DENO_NO_UPDATE_CHECK: "1" },
  }).output();
  const text = success ? "" : new TextDecoder().decode(stderr).trim();
  if (!success && !/denort/.test(text)) throw new Error(`Cannot compile the program: ${text}`);
  return success;
}
