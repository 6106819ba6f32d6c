import project from "../deno.json" with { type: "json" };

const versions: Readonly<Record<string, string>> = project.scopes["./"];

/**
 * Specifier of an npm package at the version pinned by this project, such as `npm:vega@6.4.0`. It
 * works from anywhere, whatever import map the importing program has.
 * @param path of a module or file within the package, such as `/wasm`
 */
export function packageSpecifier(name: string, path = ""): string {
  return `${versions[name]}${path}`;
}

/**
 * Imports an npm package when it is first needed. Deno downloads all packages in literal imports
 * before a program starts; those imported here are downloaded only by users who need them.
 * @param purpose what cannot be done without it, for the error: `make sound`
 * @param path of a module within the package, such as `/wasm`
 * @throws {Error} if it is not in Deno's cache and cannot be downloaded
 */
export function loadPackage<T>(purpose: string, name: string, path = ""): Promise<T> {
  return importing(purpose, [name], packageSpecifier(name, path));
}

/**
 * Imports a module of this project that itself imports npm packages, when it is first needed.
 * @param url of the module; not a literal `import()`, for the packages would be downloaded at once
 * @param names the packages, for the error
 * @throws {Error} if they are not in Deno's cache and cannot be downloaded
 */
export function loadWithPackages<T>(
  purpose: string,
  names: readonly string[],
  url: URL,
): Promise<T> {
  return importing(purpose, names, url.href);
}

async function importing<T>(
  purpose: string,
  names: readonly string[],
  specifier: string,
): Promise<T> {
  try {
    return await import(specifier);
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    // Not at the top: scripts of pages, which import nothing, hold this module.
    const { installation } = await import("./program.ts");
    throw new Error(`Cannot ${purpose}: ${whyMissing(names, installation())}`, { cause });
  }
}

/**
 * Reason why packages are missing, and what to do.
 * @param kind of installation: the npm package gives nobody a `deno` to call
 */
export function whyMissing(
  names: readonly string[],
  kind: "clone" | "package" | "compiled",
): string {
  const [packages, are, them] = names.length > 1
    ? ["packages", "are", "them"]
    : ["package", "is", "it"];
  const specifiers = names.map((name) => packageSpecifier(name)).join(" ");
  const otherwise = `, or fetch ${them} beforehand with "deno cache ${specifiers}"`;
  return `the ${packages} ${names.join(" and ")} ${are} not in Deno's cache and could not be ` +
    `downloaded; run this once with a network connection${kind === "clone" ? otherwise : ""}`;
}
