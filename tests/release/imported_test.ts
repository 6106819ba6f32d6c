import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { output } from "../../lib/cli/kernel.ts";
import { packageFolder } from "../../lib/cli/permissions.ts";
import { fetchedCopy } from "../../lib/fetched_copy.ts";
import { ownFile, VERSION } from "../../lib/program.ts";
import { exists } from "../../lib/store/files.ts";
import { filesToFetch } from "../../tools/release/fetched_copy.ts";
import { somePieces } from "../starter/some.ts";
import { inFolder, withVariable } from "../store/support.ts";

import listed from "../../lib/fetched_copy.json" with { type: "json" };

/** The project as a web server would offer it, and what was asked for. */
function serve(damaged?: string) {
  const asked: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const path = new URL(request.url).pathname.slice(1);
    asked.push(path);
    if (path === damaged) return new Response("something else");
    const type = path.endsWith(".ts") ? "application/typescript" : "application/json";
    try {
      return new Response(await Deno.readFile(ownFile(path)), {
        headers: { "content-type": type },
      });
    } catch {
      return new Response(null, { status: 404 });
    }
  });
  return { asked, url: new URL(`http://127.0.0.1:${server.addr.port}/`), server };
}

Deno.test("the list names the files that the program reads, as they are", async () => {
  assertEquals(listed, await filesToFetch(), 'list them anew with "deno task fetched-copy"');
});

Deno.test({
  name:
    "a program imported over the network does all it does from a clone, later without a network",
  fn: () =>
    inFolder(async (folder) => {
      const { asked, url, server } = serve();
      const here = join(folder, "somewhere else"), cache = join(folder, "deno");
      await somePieces(join(here, "midi"), 2);
      await Deno.mkdir(cache);
      await Deno.symlink(packageFolder(), join(cache, "npm"));
      const program = `import { duet, generate, preprocess } from "${url}mod.ts";
        await preprocess({ midi: "midi", name: "mine" });
        const { pieces } = await generate({ model: "base", bars: 2, seed: 1, name: "new", candidates: 1 });
        console.log("made", pieces.length);
        if (Deno.args[0] === "page") console.log("page", (await duet({ model: "base" })).bytes > 1e6);`;
      await Deno.writeTextFile(join(here, "all.ts"), program);
      const env = { DENO_DIR: cache, XDG_CACHE_HOME: join(folder, "cache"), NO_COLOR: "1" };
      const run = (...args: string[]) =>
        output(Deno.execPath(), ["run", "-A", "all.ts", ...args], { cwd: here, env });
      const first = await run("page");
      assert(first?.success, first?.stderr);
      assertStringIncludes(first!.stdout, "made 1\npage true");
      assert(await exists(join(here, "data", "corpora", "mine", "manifest.json")));
      assert(await exists(join(folder, "cache", "yamg", VERSION, "models/base/MUSIC.tsv")));
      assert(asked.includes("models/base/beats-4/manifest.json"));
      await server.shutdown();
      const offline = await run();
      assert(offline?.success, offline?.stderr);
      assertStringIncludes(offline!.stdout, "made 1");
    }),
});

Deno.test("files of another version are refused, and nothing is left of them", () =>
  inFolder(async (folder) => {
    const damaged = "lib/model/pitchwise/kernels/kernels.wasm";
    const { url, server } = serve(damaged);
    try {
      await withVariable("XDG_CACHE_HOME", folder, () =>
        assertRejects(
          () => fetchedCopy(url, "@yamg/yamg", VERSION),
          Error,
          `${damaged}: it is not the file that this version`,
        ));
    } finally {
      await server.shutdown();
    }
    assert(!await exists(join(folder, "yamg", VERSION, damaged)));
  }));
