/** Programs in one file each, by `deno compile`. */
import { join } from "node:path";
import config from "../../deno.json" with { type: "json" };
import { PROGRAM, programFolder } from "../../lib/program.ts";

/** Platforms that Deno compiles for. */
const TARGETS: readonly string[] = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
];

/** Packages that are imported by a computed name, which `deno compile` cannot detect. */
const BY_NAME: readonly string[] = Object.entries(config.scopes["./"]).filter(([name]) =>
  name.startsWith("@audio-samples/") ||
  ["stb-vorbis", "spessasynth_core", "wasm-media-encoders", "verovio"].includes(name)
).map(([, specifier]) => specifier);

/**
 * Arguments of `deno compile` for one platform.
 * @param output path of the program to be made
 */
export function compileArguments(target: string, output: string): string[] {
  const included = [
    "lib",
    "models/base",
    "models/basic-pitch",
    "data/starter",
    "notebooks",
    "deno.json",
  ];
  return [
    ...["compile", "--no-prompt", "-P=phase", "--exclude-unused-npm"],
    ...included.flatMap((path) => ["--include", path]),
    ...BY_NAME.flatMap((specifier) => ["--include", specifier]),
    ...["--target", target, "--output", output, "lib/cli/main.ts"],
  ];
}

/**
 * Compiles the program for every platform whose base can be downloaded, and says which cannot.
 * @returns names of the files made in `folder`
 */
export async function compiledFiles(folder: string): Promise<string[]> {
  const made: string[] = [];
  for (const target of TARGETS) {
    const name = `${PROGRAM}-${target}${target.includes("windows") ? ".exe" : ""}`;
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: compileArguments(target, join(folder, name)),
      cwd: programFolder(),
      env: { DENO_NO_UPDATE_CHECK: "1" },
    }).output();
    if (success) made.push(name);
    else {
      const text = new TextDecoder().decode(stderr).trim();
      const needsBase = /denort/.test(text);
      console.error(
        needsBase
          ? `Not compiled for ${target}: Deno's base program for it cannot be downloaded here`
          : `Not compiled for ${target}: ${text.split("\n").at(-1)}`,
      );
      if (!needsBase) Deno.exit(1);
    }
  }
  return made;
}
