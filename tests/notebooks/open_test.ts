import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, join } from "node:path";
import { hasKernel, output, settleKernel, shielded, shieldKernel } from "../../lib/cli/kernel.ts";
import { addressOf, newestServer } from "../../lib/cli/notebook_address.ts";
import { copyNotebooks, jupyterArguments, notebooksIn, PROJECT } from "../../lib/cli/notebook.ts";
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
    const { first, made } = await copyNotebooks(join(PROJECT, "notebooks"), to);
    assertEquals(first, "0-tour.ipynb");
    assertEquals(made.length, (await notebooksIn(to)).length);
    await Deno.writeTextFile(join(to, first), "changed");
    await Deno.remove(join(to, "2-train.ipynb"));
    const again = await copyNotebooks(join(PROJECT, "notebooks"), to);
    assertEquals(again.made, [join(to, "2-train.ipynb")]); // only these are trusted
    assertEquals(await Deno.readTextFile(join(to, first)), "changed");
    assert((await Deno.stat(join(to, "2-train.ipynb"))).isFile);
  }));

Deno.test("A kernel whose program lies in a cache gets a copy of it that stays", () =>
  inFolder(async (folder) => {
    const kernel = join(folder, "kernels", "deno"), cache = join(folder, "_npx", "1");
    for (const path of [kernel, cache]) await Deno.mkdir(path, { recursive: true });
    const program = join(cache, "deno"), spec = join(kernel, "kernel.json");
    await Deno.writeTextFile(program, "a program");
    await Deno.writeTextFile(spec, JSON.stringify({ argv: [program, "jupyter"] }));
    await settleKernel([join(folder, "nowhere"), folder]);
    const [own, ...rest] = JSON.parse(await Deno.readTextFile(spec)).argv;
    assertEquals([dirname(own), rest], [kernel, ["jupyter"]]);
    assertEquals(await Deno.readTextFile(own), "a program");
    await Deno.writeTextFile(spec, JSON.stringify({ argv: ["/usr/bin/deno", "jupyter"] }));
    await settleKernel([folder]);
    assertEquals(JSON.parse(await Deno.readTextFile(spec)).argv[0], "/usr/bin/deno");
  }));

Deno.test("The notebook's own address is known from the record of the server that just started", () =>
  inFolder(async (folder) => {
    const since = Date.now();
    assertEquals(await newestServer(folder, since), undefined);
    const record = { url: "http://127.0.0.1:8889/", token: "t&k", pid: 5, port: 8889 };
    await Deno.writeTextFile(join(folder, "jpserver-5.json"), JSON.stringify(record));
    await Deno.writeTextFile(join(folder, "jpserver-5-open.html"), "");
    assertEquals((await newestServer(folder, since))?.pid, 5);
    assertEquals(await newestServer(folder, since + 60_000), undefined);
    assertEquals(
      addressOf(record, "lab", join("my-notebooks", "0 tour.ipynb")),
      "http://127.0.0.1:8889/lab/tree/my-notebooks/0%20tour.ipynb?token=t%26k",
    );
    assertEquals(
      addressOf({ url: record.url, token: "" }, "notebook", "a.ipynb"),
      "http://127.0.0.1:8889/notebooks/a.ipynb",
    );
  }));

Deno.test({
  name: "The stop button does not end a kernel that is being loaded, and is heard afterwards",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir(), kernel = join(folder, "user", "kernels", "deno");
    await Deno.mkdir(kernel, { recursive: true });
    const code = "console.log('loading'); await new Promise((go) => setTimeout(go, 1000)); " +
      "Deno.addSignalListener('SIGINT', () => Deno.exit(7)); console.log('loaded'); " +
      "setTimeout(() => {}, 1e6);";
    const spec = { argv: [Deno.execPath(), "eval", code], display_name: "Deno" };
    await Deno.writeTextFile(join(kernel, "kernel.json"), JSON.stringify(spec));
    const own = join(folder, "own");
    assert((await shieldKernel([join(folder, "user")], own)).startsWith(own));
    const path = join(own, "kernels", "deno", "kernel.json");
    const { argv: [program, ...args] } = JSON.parse(await Deno.readTextFile(path));
    assertEquals([program, ...args], shielded(spec.argv));
    const child = new Deno.Command(program, { args, stdout: "piped" }).spawn();
    let said = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      said += text;
      child.kill("SIGINT"); // while it loads, and once it listens
    }
    assertEquals([said, (await child.status).code], ["loading\nloaded\n", 7]);
    await Deno.remove(folder, { recursive: true });
  },
});
