/**
 * Lists every npm package that the lock files name, with its licence: `deno task licences`.
 * @module
 */
import { join } from "node:path";
import { flagsFor } from "./task.ts";
import { packageFolder } from "../lib/cli/permissions.ts";

/** Licences of every npm package in the lock files, as text: most frequent licence first. */
export async function licencesText(): Promise<string> {
  const locks = ["../deno.lock", "kernels/deno.lock"].map((path) => new URL(path, import.meta.url));
  const keys = new Set<string>();
  for (const lock of locks) {
    for (const key of Object.keys(JSON.parse(await Deno.readTextFile(lock)).npm)) keys.add(key);
  }
  const byLicence = new Map<string, string[]>();
  for (const key of [...keys].sort()) {
    const [, name, version] = /^(.+?)@([^_]+)/.exec(key.replace(/^@/, "\0"))!;
    const fullName = name!.replace("\0", "@");
    const licence = await licenceOf(fullName, version!);
    byLicence.set(licence, [...byLicence.get(licence) ?? [], `${fullName}@${version}`]);
  }
  const groups = [...byLicence].sort((a, b) => b[1].length - a[1].length).map((
    [licence, packages],
  ) => `${licence} (${packages.length})\n  ${packages.join(", ")}`);
  return [...groups, `${keys.size} packages`, ""].join("\n");
}

async function licenceOf(name: string, version: string): Promise<string> {
  const registries = packageFolder();
  for await (const { name: registry } of Deno.readDir(registries)) {
    try {
      const text = await Deno.readTextFile(
        join(registries, registry, name, version, "package.json"),
      );
      const { license, licenses } = JSON.parse(text);
      return typeof license === "string"
        ? license
        : license?.type ?? licenses?.[0]?.type ?? "none named";
    } catch {
      // of another registry, or not fetched
    }
  }
  return "not fetched: types and optional parts that nothing here loads";
}

if (import.meta.main) {
  flagsFor({
    name: "licences",
    summary: "Lists every npm package that the lock files name, with its licence.",
    example: "deno task licences",
  }, {});
  console.log((await licencesText()).trimEnd());
}
