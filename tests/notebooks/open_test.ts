import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import {
  copyNotebooks,
  hasKernel,
  jupyterArguments,
  output,
  PROJECT,
} from "../../lib/cli/notebook.ts";
import { inFolder } from "../store/support.ts";

Deno.test("deno task notebook --help says how it works and starts nothing", async () => {
  const result = await output(Deno.execPath(), ["task", "notebook", "--help"], { cwd: PROJECT });
  assertEquals(result?.success, true, result?.stderr);
  assertStringIncludes(result!.stdout, "--no-browser");
});

Deno.test("Jupyter's root is the project, and a person's flags reach Jupyter", () => {
  const args = jupyterArguments("notebook", "my-notebooks/a.ipynb", ["--port", "9999"]);
  assertEquals(args, [
    "notebook",
    `--notebook-dir=${PROJECT}`,
    "--port",
    "9999",
    "my-notebooks/a.ipynb",
  ]);
});

Deno.test("A kernel that is there is found without asking Jupyter, one whose program is gone is not", async () => {
  const folder = await Deno.makeTempDir();
  const kernel = join(folder, "kernels", "deno");
  await Deno.mkdir(kernel, { recursive: true });
  assert(!await hasKernel([folder, join(folder, "nowhere")]));
  const write = (program: string) =>
    Deno.writeTextFile(join(kernel, "kernel.json"), JSON.stringify({ argv: [program] }));
  await write(join(folder, "gone"));
  assert(!await hasKernel([folder]));
  await write(Deno.execPath());
  assert(await hasKernel([join(folder, "nowhere"), folder]));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("People work on copies, which are made once and never replaced", () =>
  inFolder(async (folder) => {
    const to = join(folder, "mine");
    const first = await copyNotebooks(join(PROJECT, "notebooks"), to);
    assertEquals(first, "0-tour.ipynb");
    await Deno.writeTextFile(join(to, first), "changed");
    await Deno.remove(join(to, "2-train.ipynb"));
    await copyNotebooks(join(PROJECT, "notebooks"), to);
    assertEquals(await Deno.readTextFile(join(to, first)), "changed");
    assert((await Deno.stat(join(to, "2-train.ipynb"))).isFile);
  }));
