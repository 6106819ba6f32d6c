import { stripTypeScriptTypes } from "node:module";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { installation, ownFile } from "../program.ts";

const IMPORT = /^import\s+(?:(\{[^}]*\})|\*\s+as\s+(\w+))\s+from\s+"([^"]+)";?/gm;
const JSON_IMPORT = /^import\s+(\w+)\s+from\s+"(\.{1,2}\/[^"]+\.json)"\s+with\s+\{[^}]*\};?/gm;
const BARE_IMPORT = /^import\s+"([^"]+)";?/gm;
const EXPORTED_FROM = /^export\s+(\{[^}]*\})\s+from\s+"([^"]+)";?/gm;
const EXPORTED = /^export\s+((?:async\s+)?function\*?|class|const|let)\s+(\w+)/gm;
const EXPORT_LIST = /^export\s+(\{[^}]*\});?/gm;

/** Folder of the scripts in a compiled program, which has no compiler to strip types. */
export const SCRIPTS = "lib/page/scripts/";

/**
 * A module and all its imports as one classic script, for a page that cannot fetch files and for its
 * worker; a compiled program contains these scripts.
 * @throws {Error} as {@linkcode linked}
 */
export function scriptOf(entry: URL): Promise<string> {
  if (installation() !== "compiled") return linked(entry);
  return Deno.readTextFile(ownFile(`${SCRIPTS}${basename(entry.pathname, ".ts")}.js`));
}

/** A script's text, escaped for HTML. */
export function inScript(code: string): string {
  return code.replace(/<\/(script)/gi, "<\\/$1").replace(/<!--/g, "<\\!--");
}

/**
 * Bundles a module and all its imports into one classic script. Deno strips the types; imports have
 * no cycles, so each module becomes a function called once, after its dependencies.
 * @throws {Error} if a module imports a package or a name that is not exported, or uses an
 *   unsupported form of import or export
 */
export async function linked(entry: URL): Promise<string> {
  const numbers = new Map<string, number>(), scripts: string[] = [], exports: string[][] = [];
  await link(entry);
  return `"use strict";\n(() => {\n${scripts.join("\n")}\n})();\n`;

  /** Links a module after its imports. @returns its number */
  async function link(url: URL): Promise<number> {
    const known = numbers.get(url.href);
    if (known !== undefined) return known;
    let code = codeOf(await sourceOf(url));
    for (const [line, name, to] of code.matchAll(JSON_IMPORT)) {
      const value = JSON.parse(await sourceOf(new URL(to!, url)));
      code = code.replace(line, () => `const ${name} = ${JSON.stringify(value)};`);
    }
    const imported = new Map<string, number>();
    for (const pattern of [IMPORT, BARE_IMPORT, EXPORTED_FROM]) {
      for (const match of code.matchAll(pattern)) {
        const to = match.at(-1)!;
        if (!to.startsWith(".")) throw new Error(`Cannot link ${pathOf(url)}: it imports "${to}"`);
        imported.set(to, await link(new URL(to, url)));
      }
    }
    for (const [, braces, to] of namedImports(code)) {
      const known = exports[imported.get(to!)!]!;
      const missing = namesIn(braces!).find(([name]) => !known.includes(name));
      if (missing) throw new Error(`Cannot link ${pathOf(url)}: ${to} exports no ${missing[0]}`);
    }
    const number = numbers.size, { script, exported } = moduleOf(code, imported, number, url);
    numbers.set(url.href, number);
    scripts.push(script);
    exports.push(exported);
    return number;
  }
}

/** A module's code without types, documentation comments and empty lines. */
function codeOf(text: string): string {
  return stripTypeScriptTypes(text)
    .replace(/^\s*\/\*\*[\s\S]*?\*\/\s*$/gm, "")
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{2,}/g, "\n");
}

function moduleOf(
  code: string,
  imported: ReadonlyMap<string, number>,
  number: number,
  url: URL,
): { readonly script: string; readonly exported: string[] } {
  const exported: string[] = [];
  const body = code
    .replace(IMPORT, (_, braces, star, to) => {
      const from = `m${imported.get(to)}`;
      if (star) return `const ${star} = ${from};`;
      const names = namesIn(braces).map(([name, own]) => own ? `${name}: ${own}` : name);
      return names.length > 0 ? `const { ${names.join(", ")} } = ${from};` : "";
    })
    .replace(BARE_IMPORT, "")
    .replace(EXPORTED_FROM, (_, braces, to) => {
      for (const [name, other] of namesIn(braces)) {
        exported.push(`${other ?? name}: m${imported.get(to)}.${name}`);
      }
      return "";
    })
    .replace(EXPORTED, (_, kind, name, at, all) => {
      exported.push(name, ...(/^(const|let)$/.test(kind) ? othersDeclared(all.slice(at)) : []));
      return `${kind} ${name}`;
    })
    .replace(EXPORT_LIST, (_, braces) => {
      for (const [name, other] of namesIn(braces)) {
        exported.push(other ? `${other}: ${name}` : name);
      }
      return "";
    });
  const left = /^(?:import|export)\b(?!\().*/m.exec(body);
  if (left) throw new Error(`Cannot link ${pathOf(url)}: ${left[0]}`);
  return {
    script: `const m${number} = (() => {\n${body.trim()}\nreturn { ${
      exported.join(", ")
    } };\n})();`,
    exported: exported.map((one) => one.replace(/:.*$/, "")),
  };
}

/** Imports of names from a module, and names exported from it: the braces, and the module. */
function namedImports(code: string): RegExpExecArray[] {
  const imports = [...code.matchAll(IMPORT)].filter(([, braces]) => braces);
  return [
    ...imports.map((match) => Object.assign(match, { 2: match[3] })),
    ...code.matchAll(EXPORTED_FROM),
  ];
}

/** Names that a declaration declares after its first one: `b` of `const a = f(1, 2), b = 3;`. */
function othersDeclared(code: string): string[] {
  const names: string[] = [];
  let depth = 0, quote = "";
  for (let at = 0; at < code.length; at++) {
    const char = code[at]!;
    if (quote) {
      if (char === "\\") at++;
      else if (char === quote) quote = "";
    } else if (/["'`]/.test(char)) quote = char;
    else if (/[([{]/.test(char)) depth++;
    else if (/[)\]}]/.test(char)) depth--;
    else if (char === ";" && depth === 0) break;
    else if (char === "," && depth === 0) {
      const [, name] = /^,\s*(\w+)\s*=/.exec(code.slice(at, at + 200)) ?? [];
      if (name) names.push(name);
    }
  }
  return names;
}

/** The names in braces, each with its name on the other side, if different. */
function namesIn(braces: string): [name: string, other?: string][] {
  return braces.slice(1, -1).split(",").map((one) => one.trim()).filter((one) => one !== "")
    .map((one) => one.split(/\s+as\s+/) as [string, string?]);
}

function pathOf(url: URL): string {
  return url.protocol === "file:" ? fileURLToPath(url) : url.href;
}

/** Text of a module, from disk or from where the program was imported. */
async function sourceOf(url: URL): Promise<string> {
  if (url.protocol === "file:") return await Deno.readTextFile(url);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`Cannot link ${url}: the server answered ${response.status}`);
  return await response.text();
}
